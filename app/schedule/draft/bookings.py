"""Moving bookings in the draft. Only the indexes keep a slot from being booked twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.database import db
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.models import Booking, Slot
from app.schedule.draft.slots import Times, slot_times
from app.workflow import COMPETING, N_, NotAllowedNow, Overtaken

Moves = Mapping[int, int | None]
"""Where each of these proposals (by id) goes: the id of a slot, or None for nowhere."""

Steps = dict[str, list[int | None]]
"""The slot (id) of each proposal that moved, before and after, by the proposal's id as text."""


class SlotTaken(Overtaken):
    """Somebody else has the slot; the refreshed table shows which are still free."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody was faster: that slot is taken. Please pick another one."))


def wanted_slots(edition: Edition) -> set[tuple[int | None, Times]]:
    """Return the slots that the settings describe, as room and times."""
    times = slot_times(edition.days, edition.breaks, edition.slot_minutes, edition.zone)
    return {(room.id, span) for room in edition.rooms for span in times}


def touched(edition: Edition) -> list[Booking]:
    """Return the bookings whose slot the settings no longer describe; making slots frees them."""
    starts = {(room_id, start) for room_id, (start, _) in wanted_slots(edition)}
    return [
        booking for booking in queries.bookings(edition) if start_of(booking.slot) not in starts
    ]


@dataclass(frozen=True)
class Moved:
    """What a move of bookings did: slot before and after by proposal id, and slots freed."""

    steps: Steps
    freed: frozenset[int]


def move_bookings(edition: Edition, moves: Moves, *, by: Person, now: datetime) -> Moved:
    """Move proposals to slots, all at once or none; one already there makes no step.

    Raise `SlotTaken` if a slot belongs to a proposal that doesn't move, `NotAllowedNow` if it no
    longer exists. The caller offers freed slots to those who wait for them.
    """
    active = {booking.proposal_id: booking for booking in _active_bookings(edition, moves)}
    before = {key: active[key].slot_id if key in active else None for key in moves}
    wanted = {key: slot_id for key, slot_id in moves.items() if before[key] != slot_id}
    _check_slots(edition, wanted.values())
    departed = _free_from_the_departed(edition, now=now)
    try:
        with db.session.begin_nested():
            for key in wanted.keys() & active.keys():
                active[key].given_up_at = now
            db.session.flush()
            db.session.add_all(
                Booking(slot_id=slot_id, proposal_id=key, booked_by_id=by.id, booked_at=now)
                for key, slot_id in wanted.items()
                if slot_id is not None
            )
    except IntegrityError as error:
        raise SlotTaken from error
    left = departed | {slot_id for key in wanted if (slot_id := before[key]) is not None}
    steps = {str(key): [before[key], slot_id] for key, slot_id in wanted.items()}
    return Moved(steps, frozenset(left - set(wanted.values())))


def check_competes(proposal: Proposal) -> None:
    """Raise `NotAllowedNow` unless the proposal competes."""
    if proposal.status not in COMPETING:
        raise NotAllowedNow(N_("Only a finalist is presented."))


def check_placed(proposal: Proposal) -> None:
    """Raise `NotAllowedNow` unless the proposal has a slot."""
    if queries.booking_of(proposal) is None:
        raise NotAllowedNow(N_("This proposal has no slot."))


def start_of(slot: Slot) -> tuple[int | None, datetime]:
    """Return what identifies a slot: its room (id) and when it begins."""
    return slot.room_id, slot.starts_at


def _check_slots(edition: Edition, wanted: Iterable[int | None]) -> None:
    """Raise `NotAllowedNow` if one of the slots no longer exists."""
    asked = {slot_id for slot_id in wanted if slot_id is not None}
    if queries.live_count(edition, asked) != len(asked):
        raise NotAllowedNow(N_("One of these slots exists no more. Choose again."))


def _active_bookings(edition: Edition, moves: Moves) -> list[Booking]:
    statement = (
        select(Booking)
        .join(Booking.proposal)
        .where(Proposal.edition_id == edition.id, Booking.given_up_at.is_(None))
    )
    if len(moves) == 1:
        statement = statement.where(Booking.proposal_id.in_(moves))
    return [booking for booking in db.session.scalars(statement) if booking.proposal_id in moves]


def _free_from_the_departed(edition: Edition, *, now: datetime) -> set[int]:
    """Free the slots of proposals that were withdrawn or disqualified after they were booked.

    Return the slots (ids).
    """
    rows = db.session.execute(
        select(Booking.id, Booking.slot_id)
        .join(Booking.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.not_in(COMPETING),
            Booking.given_up_at.is_(None),
        )
    ).all()
    if rows:
        db.session.execute(
            update(Booking)
            .where(Booking.id.in_([row.id for row in rows]))
            .values(given_up_at=now)
            .execution_options(synchronize_session=False)
        )
    return {row.slot_id for row in rows}
