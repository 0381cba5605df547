"""Slots and their bookings. No slot twice, no proposal twice: the partial unique indexes say so."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Moment
from app.proposals.models import Proposal

ACTIVE = text("given_up_at IS NULL")


class Slot(Base):
    """A stretch of a presentation day in which one proposal is presented.

    One that the settings no longer make is marked as removed, for its past bookings stay.
    """

    __tablename__ = "slot"
    __table_args__ = (
        Index(
            "uq_slot_start",
            "edition_id",
            "starts_at",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class Booking(Base):
    """A proposal's place in a slot; given up, it stays as history.

    `revision` counts the changes of the proposal's place: the SEQUENCE of its calendar entry.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index(
            "uq_booking_slot", "slot_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
        ),
        Index(
            "uq_booking_proposal",
            "proposal_id",
            unique=True,
            sqlite_where=ACTIVE,
            postgresql_where=ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    booked_at: Mapped[datetime] = mapped_column(Moment)
    given_up_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)

    slot: Mapped[Slot] = relationship()
    proposal: Mapped[Proposal] = relationship()
