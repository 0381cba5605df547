"""The outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment

LAST_ATTEMPT = 12
"""After so many failures, some five hours, a letter waits for somebody to send it again."""


class Letter(Base):
    """A mail to one person, from the moment it is decided until it is delivered."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_waiting", "delivered_at", "due_at"),
        Index("ix_letter_recipient", "recipient", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text, default="", server_default="")  # an iMIP message
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    is_private: Mapped[bool] = mapped_column(default=False)  # holds a secret link
    written_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)  # not before; null: at once
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_given_up(self) -> bool:
        """Whether it has failed so often that it is not tried again by itself."""
        return self.attempts >= LAST_ATTEMPT

    @property
    def is_on_its_way(self) -> bool:
        """Whether it will be tried for the first time as soon as the worker comes to it."""
        return not self.delivered_at and not self.attempts and not self.due_at

    @property
    def told_at(self) -> datetime:
        """When what it says could be known: when it was due, or when it was written."""
        return self.due_at or self.written_at
