"""Reading slots and who stands in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import db
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.models import Booking, Slot
from app.workflow import COMPETING, Status


@dataclass(frozen=True)
class Place:
    """A slot with the presentation in it, if there is one."""

    slot: Slot
    booking: Booking | None

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that is presented here."""
        return self.booking.proposal if self.booking else None


def table(edition: Edition) -> list[Place]:
    """Return every slot of the edition in order, with the presentation in it."""
    slots = db.session.scalars(_slots(edition).order_by(Slot.starts_at))
    by_slot = {booking.slot_id: booking for booking in bookings(edition)}
    return [Place(slot, by_slot.get(slot.id)) for slot in slots]


def bookings(edition: Edition) -> list[Booking]:
    """Return the places of those who compete, in the order of the day."""
    return list(db.session.scalars(_competing(edition)))


def booking_of(proposal: Proposal) -> Booking | None:
    """Return where and when the proposal is presented."""
    return db.session.scalar(
        select(Booking)
        .where(Booking.proposal_id == proposal.id, Booking.given_up_at.is_(None))
        .options(joinedload(Booking.slot))
    )


def active_in(slot: Slot) -> Booking | None:
    """Return the booking that holds the slot, whatever became of its proposal."""
    return db.session.scalar(
        select(Booking)
        .where(Booking.slot_id == slot.id, Booking.given_up_at.is_(None))
        .options(joinedload(Booking.proposal))
    )


def last_revision(proposal: Proposal) -> int:
    """Return how often the proposal's place has changed so far, -1 if it never had one."""
    revision = db.session.scalar(
        select(func.max(Booking.revision)).where(Booking.proposal_id == proposal.id)
    )
    return -1 if revision is None else revision


def unplaced(edition: Edition) -> list[Proposal]:
    """Return the finalists without a slot."""
    placed = select(Booking.proposal_id).where(Booking.given_up_at.is_(None))
    return list(
        db.session.scalars(
            select(Proposal)
            .where(
                Proposal.edition_id == edition.id,
                Proposal.status == Status.FINALIST,
                Proposal.id.not_in(placed),
            )
            .options(joinedload(Proposal.agency))
            .order_by(Proposal.number)
        )
    )


def slots_by_start(edition: Edition) -> dict[datetime, Slot]:
    """Return the edition's slots by when they start."""
    return {slot.starts_at: slot for slot in db.session.scalars(_slots(edition))}


def slot_with(slot_id: int, edition: Edition) -> Slot | None:
    """Return the edition's slot with this id."""
    return db.session.scalar(_slots(edition).where(Slot.id == slot_id))


def _slots(edition: Edition) -> Select[Slot]:
    return select(Slot).where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))


def _competing(edition: Edition) -> Select[Booking]:
    return (
        select(Booking)
        .join(Booking.slot)
        .join(Booking.proposal)
        .where(
            Slot.edition_id == edition.id,
            Booking.given_up_at.is_(None),
            Proposal.status.in_(COMPETING),
        )
        .options(
            contains_eager(Booking.slot),
            contains_eager(Booking.proposal).joinedload(Proposal.agency),
        )
        .order_by(Slot.starts_at)
    )
