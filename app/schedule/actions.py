"""What changes the draft of the schedule. That no slot is booked twice rests on the indexes alone.

The organiser's changes go through `arrange`: the draft moves from one whole state to the next, and
the step can be undone. Nobody is told before the schedule is published.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule import holds, queries, turns
from app.schedule.models import Arrangement, Booking, Slot
from app.schedule.picking import prospect
from app.schedule.slots import Times, slot_times
from app.workflow import COMPETING, N_, Conflict, NotAllowedNow

Moves = Mapping[int, int | None]
"""Where each of these proposals (by id) is to stand: the id of a slot, or nowhere."""


class SlotTaken(Conflict):
    """Somebody else has the slot; the fresh table tells which are still free."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody was faster: that slot is taken. Please pick another one."))


def wanted_slots(edition: Edition) -> set[tuple[int | None, Times]]:
    """Return the slots that the settings describe, as room and times."""
    times = slot_times(edition.days, edition.breaks, edition.slot_minutes, edition.zone)
    return {(room.id, each) for room in edition.rooms for each in times}


def touched(edition: Edition) -> list[Booking]:
    """Return the bookings whose slot the settings no longer describe: what making slots frees."""
    starts = {(room_id, start) for room_id, (start, _) in wanted_slots(edition)}
    return [each for each in queries.bookings(edition) if _start(each.slot) not in starts]


def make_slots(edition: Edition, *, by: Person, now: datetime) -> int:
    """Make the slots that the settings describe; return how many there are.

    A slot that begins as before keeps what is booked in it. One that no longer fits goes, and what
    is booked in it stands nowhere until it is placed anew.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: the slots stand."))
    homeless = dict.fromkeys(each.proposal_id for each in touched(edition))
    wanted = {(room_id, start): end for room_id, (start, end) in wanted_slots(edition)}
    for slot in queries.slots(edition):
        end = wanted.pop(_start(slot), None)
        if end is None:
            slot.removed_at = now
        else:
            slot.ends_at = end
    db.session.flush()
    holds.forget_removed(edition)
    arrange(edition, homeless, by=by, now=now)
    db.session.add_all(
        Slot(edition_id=edition.id, room_id=room_id, starts_at=start, ends_at=end)
        for (room_id, start), end in sorted(wanted.items(), key=lambda each: each[0][1])
    )
    db.session.flush()
    count = len(queries.slots(edition))
    record(edition.id, "slots.make", by=by, now=now, slots=count)
    return count


def pick(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Book a free slot for one's own finalist, or change to it, until picking closes.

    Whether it is taken is asked first, so that those who come too late are refused at once.
    """
    _check_picking(proposal.edition, now=now)
    steps = _apply(proposal.edition, {proposal.id: slot.id}, by=by, now=now)
    _check_offered(proposal, slot, now=now)
    if steps:
        start = str(slot.starts_at)
        record(proposal.edition_id, "slot.pick", by=by, now=now, subject=proposal.code, start=start)
    holds.leave(proposal, slot)
    holds.let_go(proposal, now=now)


def place(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Place or move any finalist, as the organiser."""
    check_not_closed(proposal.edition)
    _check_competes(proposal)
    arrange(proposal.edition, {proposal.id: slot.id}, by=by, now=now)


def swap(first: Proposal, second: Proposal, *, by: Person, now: datetime) -> None:
    """Let two finalists change places, as the organiser; one of them may stand nowhere."""
    check_not_closed(first.edition)
    _check_competes(first)
    _check_competes(second)
    places = queries.bookings_of([first, second])
    slots = {key: booking.slot_id for key, booking in places.items()}
    moves = {first.id: slots.get(second.id), second.id: slots.get(first.id)}
    arrange(first.edition, moves, by=by, now=now)


def exchange(first: Proposal, second: Proposal, *, by: Person, now: datetime) -> None:
    """Let two finalists change places, as both wish."""
    places = queries.bookings_of([first, second])
    moves = {first.id: places[second.id].slot_id, second.id: places[first.id].slot_id}
    _apply(first.edition, moves, by=by, now=now)
    record(first.edition_id, "slot.swap", by=by, now=now, subject=f"{first.code} {second.code}")


def hold(proposal: Proposal, slot: Slot, *, now: datetime) -> None:
    """Keep a free slot for one's own finalist while it is confirmed; refuse what `pick` would."""
    _check_offered(proposal, slot, now=now)
    if queries.standing_in(slot) is not None:
        raise SlotTaken
    holds.hold(proposal, slot, now=now)


def wait(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Enter the queue for a slot that is taken, while picking is open."""
    _check_picking(proposal.edition, now=now)
    _check_competes(proposal)
    turns.check_turn(proposal, now=now)
    holds.wait(proposal, slot, by=by, now=now)


def give_up(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Give the proposal's slot back, until picking closes."""
    _check_picking(proposal.edition, now=now)
    _check_placed(proposal)
    _apply(proposal.edition, {proposal.id: None}, by=by, now=now)
    record(proposal.edition_id, "slot.give_up", by=by, now=now, subject=proposal.code)


def remove(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Take a finalist out of its slot, as the organiser."""
    check_not_closed(proposal.edition)
    _check_placed(proposal)
    arrange(proposal.edition, {proposal.id: None}, by=by, now=now)


def undo(edition: Edition, step_id: int, *, by: Person, now: datetime) -> Arrangement:
    """Take back the newest step of arranging, which is the one that was looked at.

    Raise `NotAllowedNow` where it is another one by now, `SlotTaken` where a slot has been booked
    meanwhile.
    """
    check_not_closed(edition)
    step = undoable(edition)
    if step is None or step.id != step_id:
        raise NotAllowedNow(N_("There is nothing to undo, or something else was moved meanwhile."))
    moves = {int(proposal): before for proposal, (before, _) in step.moves.items()}
    _apply(edition, moves, by=by, now=now)
    step.undone_at = now
    record(edition.id, "schedule.undo", by=by, now=now, step=step.id)
    return step


def undoable(edition: Edition) -> Arrangement | None:
    """Return the newest step of arranging, unless what it moved has moved again since.

    Nor can a step be undone that began in slots which the settings no longer make.
    """
    step = queries.last_arrangement(edition)
    if step is None:
        return None
    now = queries.slot_ids_of([int(proposal) for proposal in step.moves])
    stands = all(now.get(int(proposal)) == after for proposal, (_, after) in step.moves.items())
    before = {slot_id for slot_id, _ in step.moves.values() if slot_id is not None}
    has_place = queries.live_count(edition, before) == len(before)
    return step if stands and has_place else None


def arrange(edition: Edition, moves: Moves, *, by: Person, now: datetime) -> None:
    """Move proposals to slots, all at once or none; what stands there already stays as it is.

    Raise `SlotTaken` where a slot belongs to a proposal that doesn't move.
    """
    steps = _apply(edition, moves, by=by, now=now)
    if steps:
        db.session.add(Arrangement(edition_id=edition.id, by_id=by.id, at=now, moves=steps))
        record(edition.id, "schedule.arrange", by=by, now=now, moves=steps)


def check_not_closed(edition: Edition) -> None:
    """Raise `NotAllowedNow` once the result is confirmed."""
    if edition.closed_at is not None:
        raise NotAllowedNow(N_("The result is confirmed: the schedule stands."))


def _apply(
    edition: Edition, moves: Moves, *, by: Person, now: datetime
) -> dict[str, list[int | None]]:
    """Move them; return each real move as slot before and after, by the proposal's id."""
    active = {each.proposal_id: each for each in _active(edition, moves)}
    before = {key: active[key].slot_id if key in active else None for key in moves}
    steps = {
        str(key): [before[key], slot_id] for key, slot_id in moves.items() if before[key] != slot_id
    }
    wanted = {key: slot_id for key, slot_id in moves.items() if str(key) in steps}
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
    holds.offer_freed(edition, left - set(wanted.values()), now=now)
    return steps


def _check_slots(edition: Edition, wanted: Iterable[int | None]) -> None:
    """Raise `NotAllowedNow` where a slot is none that the settings make any more."""
    asked = {slot_id for slot_id in wanted if slot_id is not None}
    if queries.live_count(edition, asked) != len(asked):
        raise NotAllowedNow(N_("One of these slots exists no more. Choose again."))


def _active(edition: Edition, moves: Moves) -> list[Booking]:
    statement = (
        select(Booking)
        .join(Booking.proposal)
        .where(Proposal.edition_id == edition.id, Booking.given_up_at.is_(None))
    )
    if len(moves) == 1:
        statement = statement.where(Booking.proposal_id.in_(moves))
    return [each for each in db.session.scalars(statement) if each.proposal_id in moves]


def _free_from_the_departed(edition: Edition, *, now: datetime) -> set[int]:
    """Free the slots of proposals that were withdrawn or disqualified after they were booked.

    Return the slots.
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
            .where(Booking.id.in_([each.id for each in rows]))
            .values(given_up_at=now)
            .execution_options(synchronize_session=False)
        )
    return {each.slot_id for each in rows}


def _check_offered(proposal: Proposal, slot: Slot, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless the slot is one that the proposal may pick now."""
    _check_picking(proposal.edition, now=now)
    _check_competes(proposal)
    turns.check_turn(proposal, now=now)
    holds.check_not_held(proposal, slot, now=now)
    obstacle = prospect(proposal.edition, proposal, slot.id).obstacle
    if obstacle:
        raise NotAllowedNow(N_("This slot can't be picked: %(obstacle)s."), obstacle=obstacle)


def _check_competes(proposal: Proposal) -> None:
    if proposal.status not in COMPETING:
        raise NotAllowedNow(N_("Only a finalist is presented."))


def _check_placed(proposal: Proposal) -> None:
    if queries.booking_of(proposal) is None:
        raise NotAllowedNow(N_("This proposal has no slot."))


def _start(slot: Slot) -> tuple[int | None, datetime]:
    return slot.room_id, slot.starts_at


def _check_picking(edition: Edition, *, now: datetime) -> None:
    if edition.picking is Picking.WISHES or not edition.is_open(Stage.PICKING, now=now):
        raise NotAllowedNow(N_("Picking of slots is not open."))
