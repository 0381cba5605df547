"""Picking a slot for one's own finalist, keeping it while confirming, giving it up, waiting."""

from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.bookings import (
    Moves,
    SlotTaken,
    Steps,
    check_competes,
    check_placed,
    move_bookings,
    slots_for,
)
from app.schedule.draft.models import Slot
from app.schedule.picking import holds, turns
from app.schedule.picking.prospects import prospect
from app.workflow import N_, NotAllowedNow


def pick_slot(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Book a free slot for one's own finalist, or change to it, until picking closes.

    Whether it is taken is checked first, so that those who come too late are refused at once.
    """
    _check_picking(proposal.edition, now=now)
    if queries.placed_in(slot) not in {None, proposal}:
        raise SlotTaken
    _check_offered(proposal, slot, now=now)
    steps = move_finalists(proposal.edition, {proposal.id: slot.id}, by=by, now=now)
    if steps:
        start = str(slot.starts_at)
        record(proposal.edition_id, "slot.pick", by=by, now=now, subject=proposal.code, start=start)
    holds.leave_queue(proposal, slot)
    holds.release_hold(proposal, now=now)


def exchange_slots(first: Proposal, second: Proposal, *, by: Person, now: datetime) -> None:
    """Let two finalists change places, as both have agreed."""
    places = queries.bookings_of([first, second])
    moves = {first.id: places[second.id].slot_id, second.id: places[first.id].slot_id}
    move_finalists(first.edition, moves, by=by, now=now)
    record(first.edition_id, "slot.swap", by=by, now=now, subject=f"{first.code} {second.code}")


def hold_slot(proposal: Proposal, slot: Slot, *, now: datetime) -> None:
    """Keep a free slot for a finalist while it is confirmed; refuse what `pick_slot` would."""
    _check_offered(proposal, slot, now=now)
    if queries.placed_in(slot) is not None:
        raise SlotTaken
    holds.keep_slot(proposal, slot, now=now)


def wait_for_slot(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Enter the queue for a slot that is taken, while picking is open."""
    _check_picking(proposal.edition, now=now)
    check_competes(proposal)
    turns.check_turn(proposal, now=now)
    holds.enter_queue(proposal, slot, by=by, now=now)


def give_up_slot(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Give the proposal's slot back, until picking closes."""
    _check_picking(proposal.edition, now=now)
    check_placed(proposal)
    move_finalists(proposal.edition, {proposal.id: None}, by=by, now=now)
    record(proposal.edition_id, "slot.give_up", by=by, now=now, subject=proposal.code)


def move_finalists(edition: Edition, moves: Moves, *, by: Person, now: datetime) -> Steps:
    """Move proposals in the draft, and offer what comes free to whoever has waited longest."""
    moved = move_bookings(edition, moves, by=by, now=now)
    holds.offer_freed(edition, moved.freed, now=now)
    return moved.steps


def _check_offered(proposal: Proposal, slot: Slot, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless the slot is one that the proposal may pick now."""
    _check_picking(proposal.edition, now=now)
    check_competes(proposal)
    turns.check_turn(proposal, now=now)
    for taken in slots_for(proposal, slot):
        holds.check_not_held(proposal, taken, now=now)
    obstacle = prospect(proposal.edition, proposal, slot.id).obstacle
    if obstacle:
        raise NotAllowedNow(N_("This slot can't be picked: %(obstacle)s."), obstacle=obstacle)


def _check_picking(edition: Edition, *, now: datetime) -> None:
    if edition.picking is Picking.WISHES or not edition.is_open(Stage.PICKING, now=now):
        raise NotAllowedNow(N_("Slot selection is not open."))
