"""What the organiser changes in the draft: making slots, placing, moving, undoing.

A step takes the draft from one whole state to the next and can be undone. Nobody is told before
the schedule is published.
"""

from collections.abc import Iterable
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.consequences import Rows
from app.editions.models import Edition
from app.editions.parts import MovedBreak
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.bookings import (
    Moves,
    check_competes,
    check_placed,
    start_of,
    touched,
)
from app.schedule.draft.consequences import rooms_lost
from app.schedule.draft.dayplans import DayPlan, wanted_slots
from app.schedule.draft.models import Arrangement, LongPresentation, Slot
from app.schedule.picking import holds
from app.schedule.picking.picks import move_finalists
from app.workflow import N_, NotAllowedNow, Overtaken

TAKEN = N_("%(code)s “%(title)s” has taken this slot in the meantime: nothing was moved.")
FREED = N_("The presentation that was in this slot has left it in the meantime: nothing was moved.")


def make_slots(edition: Edition, *, by: Person, now: datetime) -> int:
    """Make the slots that the settings describe; return how many there are.

    A slot that begins as before keeps its booking. One that no longer fits goes, and what was
    booked in it has no slot until it is placed again.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so the slots can no longer be changed."))
    homeless = dict.fromkeys(booking.proposal_id for booking in touched(edition))
    wanted = {(room_id, start): end for room_id, (start, end) in wanted_slots(edition)}
    for slot in queries.slots(edition):
        end = wanted.pop(start_of(slot), None)
        if end is None:
            slot.removed_at = now
        else:
            slot.ends_at = end
    db.session.flush()
    holds.forget_removed(edition)
    arrange_draft(edition, homeless, by=by, now=now)
    db.session.add_all(
        Slot(edition_id=edition.id, room_id=room_id, starts_at=start, ends_at=end)
        for (room_id, start), end in sorted(wanted.items(), key=lambda slot: slot[0][1])
    )
    db.session.flush()
    count = len(queries.slots(edition))
    record(edition.id, "slots.make", by=by, now=now, slots=count)
    return count


def move_breaks(edition: Edition, plans: Iterable[DayPlan], *, by: Person, now: datetime) -> None:
    """Let breaks begin at other times on some days, and make the slots that these then have."""
    for plan in plans:
        starts = dict(plan.breaks)
        for pause in edition.breaks:
            if pause.id in starts:
                rest = [move for move in pause.moves if move.day != plan.day]
                pause.moves = [*rest, MovedBreak(day=plan.day, starts_at=starts[pause.id])]
                db.session.flush()
        times = {str(key): str(start) for key, start in plan.breaks}
        record(edition.id, "breaks.move", by=by, now=now, day=str(plan.day), breaks=times)
    make_slots(edition, by=by, now=now)


def use_usual_breaks(edition: Edition, *, by: Person, now: datetime) -> None:
    """Let all breaks begin at their usual times again; the slots are made anew by the organiser."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so the slots can no longer be changed."))
    if any(pause.moves for pause in edition.breaks):
        for pause in edition.breaks:
            pause.moves = []
        record(edition.id, "breaks.usual", by=by, now=now)


def remove_slots_of_rooms(edition: Edition, rows: Rows, by: Person, now: datetime) -> None:
    """Remove the slots of the rooms that are not among `rows`; what was booked in them has none.

    Raise `NotAllowedNow` if the result is confirmed, for then the schedule stands.
    """
    lost = {room.id for room in rooms_lost(edition, rows)}
    gone = [slot for slot in queries.slots(edition) if slot.room_id in lost] if lost else []
    if not gone:
        return
    check_unconfirmed(edition, SCHEDULE_STANDS)
    homeless = dict.fromkeys(
        booking.proposal_id for booking in queries.bookings(edition) if booking.slot in gone
    )
    for slot in gone:
        slot.removed_at = now
    db.session.flush()
    holds.forget_removed(edition)
    arrange_draft(edition, homeless, by=by, now=now)
    record(edition.id, "slots.remove", by=by, now=now, slots=len(gone))


def place_finalist(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Place or move any finalist, as the organiser."""
    check_unconfirmed(proposal.edition, SCHEDULE_STANDS)
    check_competes(proposal)
    arrange_draft(proposal.edition, {proposal.id: slot.id}, by=by, now=now)


def move_finalist(
    proposal: Proposal, slot: Slot, *, seen: int, by: Person, now: datetime
) -> Proposal | None:
    """Place a finalist, or let it change places with who is in the slot; return the other one.

    Raise `Overtaken` unless the slot is as the user saw it: with the proposal of the number `seen`
    in it, or free for 0.
    """
    other = queries.placed_in(slot)
    if other is None or other == proposal:  # in its own second slot
        if seen:
            raise Overtaken(FREED)
        place_finalist(proposal, slot, by=by, now=now)
        return None
    if other.number != seen:
        raise Overtaken(TAKEN, code=other.code, title=other.title)
    swap_finalists(proposal, other, by=by, now=now)
    return other


def swap_finalists(first: Proposal, second: Proposal, *, by: Person, now: datetime) -> None:
    """Let two finalists change places, as the organiser; one of them may have no slot."""
    check_unconfirmed(first.edition, SCHEDULE_STANDS)
    check_competes(first)
    check_competes(second)
    places = queries.bookings_of([first, second])
    slots = {key: booking.slot_id for key, booking in places.items()}
    moves = {first.id: slots.get(second.id), second.id: slots.get(first.id)}
    arrange_draft(first.edition, moves, by=by, now=now)


def set_length(proposal: Proposal, *, is_long: bool, by: Person, now: datetime) -> None:
    """Say whether a presentation needs two slots in a row; one with a slot gets or frees the next.

    Raise `NotAllowedNow` if no slot follows its own, or somebody else has that.
    """
    check_unconfirmed(proposal.edition, SCHEDULE_STANDS)
    check_competes(proposal)
    row = db.session.get(LongPresentation, proposal.id)
    if is_long == (row is not None):
        return
    if row is None:
        db.session.add(LongPresentation(proposal_id=proposal.id))
    else:
        db.session.delete(row)
    db.session.flush()
    booking = queries.booking_of(proposal)
    if booking is not None:
        arrange_draft(proposal.edition, {proposal.id: booking.slot_id}, by=by, now=now)
    record(
        proposal.edition_id,
        "schedule.length",
        by=by,
        now=now,
        subject=proposal.code,
        slots=2 if is_long else 1,
    )


def remove_finalist(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Take a finalist out of its slot, as the organiser."""
    check_unconfirmed(proposal.edition, SCHEDULE_STANDS)
    check_placed(proposal)
    arrange_draft(proposal.edition, {proposal.id: None}, by=by, now=now)


def undo_step(edition: Edition, step_id: int, *, by: Person, now: datetime) -> Arrangement:
    """Take back the newest step of arranging, which must be the one that the user saw.

    Raise `NotAllowedNow` if it is another one by now, `SlotTaken` if a slot has been booked
    meanwhile.
    """
    check_unconfirmed(edition, SCHEDULE_STANDS)
    step = undoable_step(edition)
    if step is None or step.id != step_id:
        raise NotAllowedNow(
            N_("There is nothing to undo, or something else has been moved in the meantime.")
        )
    moves = {int(proposal): before for proposal, (before, _) in step.moves.items()}
    move_finalists(edition, moves, by=by, now=now)
    step.undone_at = now
    record(edition.id, "schedule.undo", by=by, now=now, step=step.id)
    return step


def undoable_step(edition: Edition) -> Arrangement | None:
    """Return the newest step of arranging, unless what it moved has moved again since.

    A step that began in slots that the settings no longer make can't be undone either.
    """
    step = queries.last_arrangement(edition)
    if step is None:
        return None
    now = queries.slot_ids_of([int(proposal) for proposal in step.moves])
    stands = all(now.get(int(proposal)) == after for proposal, (_, after) in step.moves.items())
    before = {slot_id for slot_id, _ in step.moves.values() if slot_id is not None}
    has_place = queries.live_count(edition, before) == len(before)
    return step if stands and has_place else None


def arrange_draft(edition: Edition, moves: Moves, *, by: Person, now: datetime) -> None:
    """Move proposals to slots, all at once or none; one already there stays as it is.

    Raise `SlotTaken` if a slot belongs to a proposal that doesn't move.
    """
    steps = move_finalists(edition, moves, by=by, now=now)
    if steps:
        db.session.add(Arrangement(edition_id=edition.id, by_id=by.id, at=now, moves=steps))
        record(edition.id, "schedule.arrange", by=by, now=now, moves=steps)
