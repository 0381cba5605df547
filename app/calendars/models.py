"""The secret addresses of people's feeds, and the answers by mail that could not be taken."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment
from app.editions.models import Edition

LIVE = text("revoked_at IS NULL")


class Feed(Base):
    """A person's secret feed of one edition. The address holds the token, the row its hash."""

    __tablename__ = "feed"
    __table_args__ = (
        Index(
            "uq_feed_live",
            "edition_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        CheckConstraint("alarm_minutes BETWEEN 1 AND 10080", name="alarm_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    alarm_minutes: Mapped[int | None]  # before each presentation

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship()


class UnreadReply(Base):
    """A mail to the address that invites which is no answer we can take, until somebody saw to it.

    `reason` is the message of the catalogue that says why.
    """

    __tablename__ = "unread_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(Moment)
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(300))
    excerpt: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
