"""The table of slots, as every page around picking shows it again after a change."""

from datetime import date
from http import HTTPStatus

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.database import keep_and_read, undo_and_read
from app.editions.kinds import Stage
from app.editions.models import Edition
from app.editions.permissions import User
from app.programme.extracts import extract_with, extracts_of
from app.programme.queries import appearances_of
from app.proposals.models import Proposal, number_in
from app.proposals.queries import proposals_of, visible_proposal
from app.schedule.draft import bookings, queries
from app.schedule.draft.dayplans import wanted_slots
from app.schedule.draft.models import Slot
from app.schedule.draft.permissions import can_pick, can_place
from app.schedule.picking import holds, swaps
from app.schedule.picking.prospects import prospects
from app.web.errors import explain, status_of
from app.web.fields import form_text
from app.web.pages import day_asked, listing, page_or_partial, room_asked, wants_partial
from app.workflow import COMPETING, N_, DomainError, Status


class NoSuchProposal(DomainError):
    """The form names no proposal that the user may see."""

    def __init__(self) -> None:
        super().__init__(N_("There is no proposal of this number. Choose one from the list."))


def too_late(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue | None:
    """Refuse a pick of a slot that another finalist already has."""
    if can_place(user) or not edition.is_open(Stage.PICKING, now=clock.now()):
        return None
    if queries.placed_in(slot) in {None, chosen(user, edition)}:
        return None
    return table_page(user, edition, 409, message=explain(bookings.SlotTaken()), slot=slot)


def chosen(user: User, edition: Edition) -> Proposal:
    """Return the proposal that the form names, if the user may book a slot for it."""
    number = number_in(form_text("proposal"))
    proposal = visible_proposal(user, edition, number) if number else None
    if proposal is None:
        raise NoSuchProposal
    if not (can_place(user) or can_pick(user, proposal)):
        abort(403)
    return proposal


def changed(user: User, edition: Edition, message: str, slot: Slot | None) -> ResponseReturnValue:
    """Show the fresh table of the slot's day with a message on what has changed."""
    if wants_partial():
        keep_and_read()
        return table_page(user, edition, message=message, slot=slot)
    flash(message)
    day, room = _day_of(slot, edition), slot.room_id if slot else None
    return redirect(url_for("schedule.slots", edition=edition.slug, day=day, room=room))


def refused(user: User, edition: Edition, refusal: DomainError, slot: Slot) -> ResponseReturnValue:
    """Show the fresh table of the slot's day with the refusal; nothing is changed."""
    undo_and_read()
    return table_page(user, edition, status_of(refusal), message=explain(refusal), slot=slot)


def table_page(
    user: User, edition: Edition, status: int = 200, message: str = "", slot: Slot | None = None
) -> ResponseReturnValue:
    """Show the table of slots, of the slot's day if there is one."""
    now, may_place = clock.now(), can_place(user)
    own = [proposal for proposal in proposals_of(user, edition) if proposal.status in COMPETING]
    extracts = extracts_of(queries.slot_places(edition))
    day, room = (_day_of(slot, edition), slot.room_id) if slot else (day_asked(), room_asked())
    shown = extract_with(extracts, day or now.astimezone(edition.zone).date(), room)
    is_open = edition.is_open(Stage.PICKING, now=now)
    pickable = (
        [proposal for proposal in own if proposal.status is Status.FINALIST] if is_open else []
    )
    places = queries.slot_lines(edition, shown)
    is_offering = not may_place and any(line.booking is None for line in places)
    are_stale = may_place and set(queries.times_of_slots(edition)) != wanted_slots(edition)
    return page_or_partial(
        "schedule/slots.html",
        status,
        edition=edition,
        places=places,
        extracts=extracts,
        shown=shown,
        own=own,
        own_bookings=queries.bookings_of(own),
        own_ends=queries.ends_of(own),
        published=appearances_of(own),
        pickable=pickable,
        prospects=prospects(edition, pickable) if pickable and is_offering else {},
        holds=holds.live_holds(edition, now=now) if is_open else {},
        queues=holds.queues(edition) if is_open else {},
        swaps=swaps.swap_effects(swaps.open_swaps(own), edition) if is_open else [],
        unplaced=listing(queries.unplaced_finalists(edition), 1) if may_place else None,
        may_place=may_place,
        is_open=is_open,
        now=now,
        is_failure=status >= HTTPStatus.BAD_REQUEST,
        message=message,
        about=slot.id if slot and may_place and slot in [line.slot for line in places] else None,
        asked=form_text("proposal", 20),
        are_stale=are_stale,
        touched=bookings.touched(edition) if are_stale else [],
    )


def _day_of(slot: Slot | None, edition: Edition) -> date | None:
    return slot.starts_at.astimezone(edition.zone).date() if slot else None
