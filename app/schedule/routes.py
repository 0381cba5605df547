"""Pages for making slots, picking, placing and moving."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition, Role, Stage
from app.editions.permissions import User, organiser, role
from app.proposals.models import Proposal
from app.proposals.queries import proposals_of, visible_proposal
from app.schedule import access, actions, queries  # noqa: F401 -- `access` registers the loader
from app.schedule.models import Slot
from app.schedule.permissions import can_pick, can_place
from app.schedule.slots import slot_times
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import form_id
from app.web.pages import page_or_partial, wants_partial
from app.workflow import COMPETING, Status

blueprint = Blueprint("schedule", __name__, url_prefix="/editions/<edition>")

member = role(*Role)
picker = role(Role.ORGANISER, Role.INNOVATOR)


@blueprint.get("/slots")
@requires(member)
def slots(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the slots: who stands in each, and which are free to pick."""
    return _table(user, edition)


@blueprint.post("/slots")
@requires(organiser)
def make_slots(user: User, edition: Edition) -> ResponseReturnValue:
    """Make the slots that the settings describe."""
    count = actions.make_slots(edition, by=user.acting, now=clock.now())
    flash(gettext("There are %(count)s slots now.", count=count))
    return redirect(url_for("schedule.slots", edition=edition.slug))


@blueprint.post("/slots/<int:slot>/booking")
@requires(picker)
def book(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Put a proposal into the slot: its author picks, the organiser places."""
    proposal = _chosen(user, edition)
    book_as = actions.place if can_place(user) else actions.pick
    try:
        book_as(proposal, slot, by=user.acting, now=clock.now())
    except actions.SlotTaken as taken:
        return _table(user, edition, 409, message=explain(taken))
    if wants_partial():
        message = gettext("“%(title)s” has its slot.", title=proposal.title)
        return _table(user, edition, message=message)
    flash(gettext("“%(title)s” has its slot.", title=proposal.title))
    return redirect(url_for("schedule.slots", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/slot/removal")
@requires(picker)
def give_up(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Give the slot back, or take the proposal out of it."""
    if can_place(user):
        actions.remove(proposal, by=user.acting, now=clock.now())
    elif can_pick(user, proposal):
        actions.give_up(proposal, by=user.acting, now=clock.now())
    else:
        abort(403)
    if wants_partial():
        return _table(user, edition, message=gettext("The slot is free again."))
    flash(gettext("The slot is free again."))
    return redirect(url_for("schedule.slots", edition=edition.slug))


def _chosen(user: User, edition: Edition) -> Proposal:
    """Return the proposal that the form names, if the user may book a slot for it."""
    proposal = visible_proposal(user, edition, form_id("proposal"))
    if proposal is None:
        abort(404)
    if not (can_place(user) or can_pick(user, proposal)):
        abort(403)
    return proposal


def _table(
    user: User, edition: Edition, status: int = 200, message: str = ""
) -> ResponseReturnValue:
    own = [each for each in proposals_of(user, edition) if each.status in COMPETING]
    places = queries.table(edition)
    wanted = slot_times(edition.days, edition.breaks, edition.slot_minutes, edition.zone)
    may_place = can_place(user)
    is_open = edition.is_open(Stage.PICKING, now=clock.now())
    pickable = [each for each in own if each.status is Status.FINALIST] if is_open else []
    return page_or_partial(
        "schedule/slots.html",
        status,
        edition=edition,
        places=places,
        own={each.id for each in own},
        pickable=pickable,
        unplaced=queries.unplaced(edition) if may_place else [],
        may_place=may_place,
        is_open=is_open,
        is_failure=status != 200,  # noqa: PLR2004 -- HTTP's OK
        message=message,
        are_stale=may_place
        and {(place.slot.starts_at, place.slot.ends_at) for place in places} != set(wanted),
    )
