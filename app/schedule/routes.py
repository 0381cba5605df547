"""The page of slots, where authors pick and the organiser places proposals."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, member, organiser, organiser_or_innovator
from app.proposals.models import Proposal
from app.schedule.arranging import arrangements
from app.schedule.draft import bookings, queries
from app.schedule.draft.models import Slot
from app.schedule.draft.permissions import can_pick, can_place
from app.schedule.picking import picks
from app.schedule.picking.table import (
    NoSuchProposal,
    changed,
    chosen,
    refused,
    table_page,
    too_late,
)
from app.web.access import requires
from app.web.looking import looks_first
from app.workflow import Overtaken

blueprint = Blueprint("schedule", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/slots")
@requires(member)
def slots(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the slots: what is presented in each, and which are free to pick."""
    return table_page(user, edition)


@blueprint.post("/slots")
@requires(organiser)
def make_slots(user: User, edition: Edition) -> ResponseReturnValue:
    """Make the slots that the settings describe, once the bookings it frees are confirmed."""
    if bookings.touched(edition) and "confirmed" not in request.form:
        return table_page(user, edition, 422)
    count = arrangements.make_slots(edition, by=user.acting, now=clock.now())
    flash(
        ngettext(
            "There is now %(count)s slot.", "There are now %(count)s slots.", count, count=count
        )
    )
    return redirect(url_for("schedule.slots", edition=edition.slug))


@blueprint.post("/slots/<int:slot>/booking")
@requires(organiser_or_innovator)
@looks_first(too_late)
def book(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Put a proposal into the slot: its author picks, the organiser places."""
    book_as = arrangements.place_finalist if can_place(user) else picks.pick_slot
    try:
        proposal = chosen(user, edition)
        book_as(proposal, slot, by=user.acting, now=clock.now())
    except (Overtaken, NoSuchProposal) as refusal:
        return refused(user, edition, refusal, slot)
    return changed(
        user, edition, gettext("“%(title)s” now has a slot.", title=proposal.title), slot
    )


@blueprint.post("/proposals/<int:proposal>/slot/removal")
@requires(organiser_or_innovator)
def give_up(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Give the slot back, or take the proposal out of it."""
    booking = queries.booking_of(proposal)
    if can_place(user):
        arrangements.remove_finalist(proposal, by=user.acting, now=clock.now())
    elif can_pick(user, proposal):
        picks.give_up_slot(proposal, by=user.acting, now=clock.now())
    else:
        abort(403)
    slot = booking.slot if booking else None
    return changed(user, edition, gettext("The slot has been given up."), slot)
