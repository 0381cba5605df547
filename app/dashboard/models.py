"""Tables to be imported, until they are applied or dropped; and who was reminded of what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.workflow import N_, Labelled


class Import(Base):
    """A file of one table for one edition; a job computes what it would do."""

    __tablename__ = "import"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    table: Mapped[str] = mapped_column(String(32))
    filename: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)

    sent_by: Mapped[Person] = relationship()


class Matter(Labelled):
    """What a person may be waited for."""

    PLEDGE = "pledge", N_("The integrity pledge")
    DESK = "desk", N_("Desk sheets")
    SLOT = "slot", N_("Picking a slot")
    PRESENTATION = "presentation", N_("Score sheets of finished presentations")
    SECOND_LOOK = "second_look", N_("Score sheets of the second look")
    CONFIRMATION = "confirmation", N_("Confirming the result, as a second person")


class Reminder(Base):
    """When a person was last reminded of a matter of an edition."""

    __tablename__ = "reminder"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    matter: Mapped[Matter] = mapped_column(choice(Matter, name="matter"), primary_key=True)
    reminded_at: Mapped[datetime] = mapped_column(Moment)
