"""The table of requests to replicate an innovation."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment
from app.proposals.models import Proposal


class Replication(Base):
    """Somebody's request to replicate an innovation, and its answer.

    It is passed on once `confirmed_at` is set: who asks has opened a link that was sent to `email`,
    an address that is shown to nobody. The link's token is kept as its hash. `language` is that of
    letters to them, `asked_by_id` tells who they are if they were signed in. Name, address and
    message are emptied when they are no longer needed.
    """

    __tablename__ = "replication"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer_has_time"),
        CheckConstraint(
            "answered_at IS NULL OR confirmed_at IS NOT NULL", name="answered_once_confirmed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    institution: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(5))
    message: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    proposal: Mapped[Proposal] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)

    @property
    def can_be_answered(self) -> bool:
        """Whether it waits for an answer, and is known where that would go."""
        return self.answered_at is None and self.email != ""

    @property
    def letters(self) -> str:
        """How the Message-IDs of letters to the one who asks begin."""
        return f"<replication-{self.id}-"
