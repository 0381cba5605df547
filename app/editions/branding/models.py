"""The table of what an organisation looks like in public."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Branding(Base):
    """How an organisation shows itself: what is empty is shown in Ajang's own way.

    `emblem` is a square PNG for pictures of pages, `small_emblem` one for their head; `colour` is
    that of the head, as “#rrggbb”, on which white can be read.
    """

    __tablename__ = "branding"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    emblem: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    small_emblem: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    emblem_sha256: Mapped[str] = mapped_column(String(64), default="")
    colour: Mapped[str] = mapped_column(String(7), default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    privacy: Mapped[str] = mapped_column(Text, default="")
    privacy_en: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    accessibility_en: Mapped[str] = mapped_column(Text, default="")
