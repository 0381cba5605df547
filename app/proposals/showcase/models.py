"""The table of what authors agreed to show."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class Showcase(Base):
    """What of a proposal its authors agreed to show to everyone, and the picture beside it.

    `themes` are its answers to the sections that offer options, such as goals; the `description` is
    its longer texts but the first, which is the summary. Both pictures are
    JPEG files of the same shape: `picture` has the width and height (pixels), `small_picture` is
    for lists. `takes_requests` says whether others may ask to replicate it.
    """

    __tablename__ = "showcase"
    __table_args__ = (
        CheckConstraint("(picture_sha256 <> '') = (width > 0)", name="picture_has_width"),
        CheckConstraint("(picture_sha256 <> '') = (height > 0)", name="picture_has_height"),
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    shows_summary: Mapped[bool]
    shows_video: Mapped[bool]
    shows_themes: Mapped[bool]
    shows_description: Mapped[bool] = mapped_column(server_default=false())
    takes_requests: Mapped[bool] = mapped_column(server_default=true())
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime] = mapped_column(Moment)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    small_picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    picture_sha256: Mapped[str] = mapped_column(String(64), default="")
    picture_text: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
