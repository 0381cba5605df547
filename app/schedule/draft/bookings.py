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
from app.schedule.draft import lengths, queries
from app.schedule.draft.dayplans import wanted_slots
from app.schedule.draft.models import Booking, Slot
from app.workflow import COMPETING, N_, NotAllowedNow, Overtaken, Status

Moves = Mapping[int, int | None]
"""Where each of these proposals (by id) goes: the id of a slot, or None for nowhere."""

Steps = dict[str, list[int | None]]
"""The slot (id) of each proposal that moved, before and after, by the proposal's id as text."""


NO_NEXT = N_("This presentation needs two slots in a row, and there is none right after that one.")
NEXT_TAKEN = N_("A presentation needs two slots in a row, and one of them is taken.")


class SlotTaken(Overtaken):
    """Somebody else has the slot; the refreshed table shows which are still free."""

    def __init__(self) -> None:
        super().__init__(N_("That slot has just been taken. Please pick another one."))


def touched(edition: Edition) -> list[Booking]:
    """Return the bookings whose slot the settings no longer describe; making slots frees them.

    Of two slots in a row the second has to begin when the first will end.
    """
    ends = {(room_id, start): end for room_id, (start, end) in wanted_slots(edition)}
    found = queries.bookings(edition)
    begins = {booking.proposal_id: booking.slot for booking in found if not booking.continues}
    lost = {
        booking.proposal_id: booking
        for booking in reversed(found)
        if start_of(booking.slot) not in ends
        or (
            booking.continues
            and ends.get(start_of(begins[booking.proposal_id])) != booking.slot.starts_at
        )
    }
    return list(reversed(lost.values()))


@dataclass(frozen=True)
class Moved:
    """What a move of bookings did: slot before and after by proposal id, and slots freed."""

    steps: Steps
    freed: frozenset[int]


def move_bookings(edition: Edition, moves: Moves, *, by: Person, now: datetime) -> Moved:
    """Move proposals to slots, all at once or none; one already there makes no step.

    A long presentation takes the slot that follows too. Raise `SlotTaken` if a slot belongs to a
    proposal that doesn't move, `NotAllowedNow` if it no longer exists. The caller offers freed
    slots to those who wait for them.
    """
    active = _active_bookings(edition, moves)
    before = {key: [booking.slot_id for booking in active.get(key, ())] for key in moves}
    wanted = {key: slots for key, slots in _wanted(edition, moves).items() if slots != before[key]}
    _check_held(wanted)
    _check_slots(edition, [slot_id for slots in wanted.values() for slot_id in slots])
    departed = _free_from_the_departed(edition, now=now)
    try:
        with db.session.begin_nested():
            for key in wanted:
                for booking in active.get(key, ()):
                    booking.given_up_at = now
            db.session.flush()
            made = {"booked_by_id": by.id, "booked_at": now}
            db.session.add_all(
                Booking(slot_id=slot_id, proposal_id=key, continues=place > 0, **made)
                for key, slots in wanted.items()
                for place, slot_id in enumerate(slots)
            )
    except IntegrityError as error:
        if any(len(slots) > 1 for slots in wanted.values()):
            raise NotAllowedNow(NEXT_TAKEN) from error
        raise SlotTaken from error
    left = departed.union(*(before[key] for key in wanted))
    taken = {slot_id for slots in wanted.values() for slot_id in slots}
    steps = {str(key): [_first(before[key]), _first(slots)] for key, slots in wanted.items()}
    return Moved(
        {key: step for key, step in steps.items() if step[0] != step[1]}, frozenset(left - taken)
    )


def slots_for(proposal: Proposal, slot: Slot) -> list[Slot]:
    """Return the slots that the proposal would take if it began in this one."""
    ids = _slots_for(proposal.edition, {proposal.id: slot.id})[proposal.id]
    return [db.session.get_one(Slot, slot_id) for slot_id in ids if slot_id is not None]


def too_short(edition: Edition, moves: Moves) -> set[int]:
    """Return the proposals (ids) that need two slots, where no other follows the one they get."""
    return {key for key, slots in _slots_for(edition, moves).items() if None in slots}


def check_competes(proposal: Proposal) -> None:
    """Raise `NotAllowedNow` unless the proposal competes."""
    if proposal.status not in COMPETING:
        raise NotAllowedNow(N_("Only finalists present."))


def check_placed(proposal: Proposal) -> None:
    """Raise `NotAllowedNow` unless the proposal has a slot."""
    if queries.booking_of(proposal) is None:
        raise NotAllowedNow(N_("This proposal has no slot."))


def start_of(slot: Slot) -> tuple[int | None, datetime]:
    """Return what identifies a slot: its room (id) and when it begins."""
    return slot.room_id, slot.starts_at


def _check_held(moving: Iterable[int]) -> None:
    """Raise `NotAllowedNow` if one of these proposals (ids) has been presented where it is."""
    held = select(Proposal).where(Proposal.id.in_(moving), Proposal.status == Status.PRESENTED)
    found = db.session.scalar(held.order_by(Proposal.number).limit(1))
    if found is not None:
        raise NotAllowedNow(
            N_("“%(title)s” has been presented and scored: it stays where that was."),
            title=found.title,
        )


def _check_slots(edition: Edition, wanted: Iterable[int]) -> None:
    """Raise `NotAllowedNow` if one of the slots no longer exists."""
    asked = set(wanted)
    if queries.live_count(edition, asked) != len(asked):
        raise NotAllowedNow(N_("One of these slots no longer exists. Choose again."))


def _wanted(edition: Edition, moves: Moves) -> dict[int, list[int]]:
    """Return the slots (ids) that each proposal (id) gets: one, two in a row, or none."""
    found = _slots_for(edition, moves)
    if any(None in slots for slots in found.values()):
        raise NotAllowedNow(NO_NEXT)
    return {key: [slot for slot in slots if slot is not None] for key, slots in found.items()}


def _slots_for(edition: Edition, moves: Moves) -> dict[int, list[int | None]]:
    """Return the slots (ids) that each proposal (id) needs; None where none follows."""
    long = lengths.long_ones(moves.keys())
    begins = {slot_id for key, slot_id in moves.items() if key in long and slot_id is not None}
    after = lengths.following_slots(edition, begins) if begins else {}
    rest = {key: [after.get(moves[key] or 0)] for key in long}
    return {
        key: [] if slot_id is None else [slot_id, *rest.get(key, ())]
        for key, slot_id in moves.items()
    }


def _active_bookings(edition: Edition, moves: Moves) -> dict[int, list[Booking]]:
    """Return the bookings that these proposals have, by their id, in the order of time."""
    statement = (
        select(Booking)
        .join(Booking.proposal)
        .where(Proposal.edition_id == edition.id, Booking.given_up_at.is_(None))
        .order_by(Booking.continues)
    )
    if len(moves) == 1:
        statement = statement.where(Booking.proposal_id.in_(moves))
    found: dict[int, list[Booking]] = {}
    for booking in db.session.scalars(statement):
        if booking.proposal_id in moves:
            found.setdefault(booking.proposal_id, []).append(booking)
    return found


def _first(slots: list[int]) -> int | None:
    return slots[0] if slots else None


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
