"""Reading slots and who stands in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.database import db
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.models import Booking, Slot
from app.schedule.slots import Times
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


def times(edition: Edition) -> list[Times]:
    """Return start and end of every slot, in order."""
    rows = db.session.execute(
        select(Slot.starts_at, Slot.ends_at)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))
        .order_by(Slot.starts_at)
    )
    return [(row.starts_at, row.ends_at) for row in rows]


def days_of(edition: Edition) -> list[date]:
    """Return the day of every slot in the edition's zone, in order."""
    return [start.astimezone(edition.zone).date() for start, _ in times(edition)]


def table(edition: Edition, days: Sequence[date] | None = None) -> list[Place]:
    """Return the slots of successive days, or of all, with the presentation in each, in order."""
    within = _within(days, edition)
    slots = db.session.scalars(_slots(edition).where(within).order_by(Slot.starts_at))
    by_slot = {row.slot_id: row for row in db.session.scalars(_competing(edition).where(within))}
    return [Place(slot, by_slot.get(slot.id)) for slot in slots]


def bookings(edition: Edition) -> list[Booking]:
    """Return the places of those who compete, in the order of the day."""
    return list(db.session.scalars(_competing(edition)))


def bookings_of(proposals: Collection[Proposal]) -> dict[int, Booking]:
    """Return where and when these proposals are presented, by their id."""
    found = db.session.scalars(
        select(Booking)
        .where(
            Booking.proposal_id.in_([each.id for each in proposals]), Booking.given_up_at.is_(None)
        )
        .options(joinedload(Booking.slot))
    )
    return {each.proposal_id: each for each in found}


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


def unplaced(edition: Edition) -> Select[Proposal]:
    """Select the finalists without a slot."""
    placed = select(Booking.proposal_id).where(Booking.given_up_at.is_(None))
    return (
        select(Proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status == Status.FINALIST,
            Proposal.id.not_in(placed),
        )
        .order_by(Proposal.number)
    )


def unplaced_count(edition: Edition) -> int:
    """Count the finalists without a slot."""
    statement = unplaced(edition).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(statement) or 0


def slots_by_start(edition: Edition) -> dict[datetime, Slot]:
    """Return the edition's slots by when they start."""
    return {slot.starts_at: slot for slot in db.session.scalars(_slots(edition))}


def slot_with(slot_id: int, edition: Edition) -> Slot | None:
    """Return the edition's slot with this id."""
    return db.session.scalar(_slots(edition).where(Slot.id == slot_id))


def _within(days: Sequence[date] | None, edition: Edition) -> ColumnElement[bool]:
    if days is None:
        return true()
    if not days:
        return false()
    midnights = (
        datetime.combine(day, time(), tzinfo=edition.zone)
        for day in (days[0], days[-1] + timedelta(days=1))
    )
    begin, end = (each.astimezone(UTC) for each in midnights)
    return (Slot.starts_at >= begin) & (Slot.starts_at < end)


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
