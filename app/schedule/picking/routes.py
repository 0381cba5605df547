"""Pages around picking: confirming, queues, changing places, turns and wishes."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.kinds import Picking
from app.editions.models import Edition
from app.editions.permissions import User, member, organiser, organiser_or_innovator
from app.programme.extracts import extract_with, extracts_of
from app.proposals.models import Proposal
from app.proposals.queries import proposals_of
from app.schedule.draft import queries
from app.schedule.draft.models import Slot
from app.schedule.draft.permissions import can_pick
from app.schedule.picking import holds, picks, swaps, turns, wishes
from app.schedule.picking.models import Swap
from app.schedule.picking.permissions import can_answer, can_take_back
from app.schedule.picking.prospects import prospects
from app.schedule.picking.table import changed, chosen, refused, too_late
from app.web.access import requires
from app.web.errors import explain, status_of
from app.web.fields import whole
from app.web.language import moment
from app.web.looking import looks_first
from app.web.pages import day_asked, page, room_asked
from app.web.seen import check_seen
from app.workflow import DomainError, NotAllowedNow

blueprint = Blueprint("picking", __name__, url_prefix="/editions/<edition>")


@blueprint.post("/slots/<int:slot>/hold")
@requires(organiser_or_innovator)
@looks_first(too_late)
def hold(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Keep a free slot while its author confirms."""
    proposal = chosen(user, edition)
    try:
        picks.hold_slot(proposal, slot, now=clock.now())
    except NotAllowedNow as refusal:
        return refused(user, edition, refusal, slot)
    return changed(user, edition, gettext("Held for you for three minutes: confirm it."), slot)


@blueprint.post("/slots/<int:slot>/hold/removal")
@requires(organiser_or_innovator)
def let_go(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Stop keeping the slot."""
    holds.release_hold(chosen(user, edition), now=clock.now())
    return changed(user, edition, gettext("You no longer keep the slot."), slot)


@blueprint.post("/slots/<int:slot>/queue")
@requires(organiser_or_innovator)
def wait(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Enter the queue for a slot that is taken."""
    proposal = chosen(user, edition)
    picks.wait_for_slot(proposal, slot, by=user.acting, now=clock.now())
    text = gettext(
        "You will be told when it becomes free, and it will be held for you for a few hours."
    )
    return changed(user, edition, text, slot)


@blueprint.post("/slots/<int:slot>/queue/removal")
@requires(organiser_or_innovator)
def leave(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Leave the queue."""
    holds.leave_queue(chosen(user, edition), slot)
    return changed(user, edition, gettext("You are no longer waiting for it."), slot)


@blueprint.post("/slots/<int:slot>/swaps")
@requires(organiser_or_innovator)
def ask_swap(user: User, edition: Edition, slot: Slot) -> ResponseReturnValue:
    """Ask the finalist in the slot to change places."""
    proposal, other = chosen(user, edition), queries.placed_in(slot) or abort(404)
    try:
        swaps.ask_swap(proposal, other, by=user.acting, now=clock.now())
    except NotAllowedNow as refusal:
        return refused(user, edition, refusal, slot)
    text = gettext("“%(title)s” has been asked to swap slots.", title=other.title)
    return changed(user, edition, text, slot)


@blueprint.post("/swaps/<int:swap>/acceptance")
@requires(can_answer)
def accept_swap(user: User, edition: Edition, swap: Swap) -> ResponseReturnValue:
    """Agree to change places; both move."""
    swaps.accept_swap(swap, edition, by=user.acting, now=clock.now())
    return changed(user, edition, gettext("You have swapped slots."), None)


@blueprint.post("/swaps/<int:swap>/refusal")
@requires(can_answer)
def decline_swap(user: User, edition: Edition, swap: Swap) -> ResponseReturnValue:
    """Decline to change places."""
    swaps.decline_swap(swap, edition, by=user.acting, now=clock.now())
    return changed(user, edition, gettext("You keep your slot; the others are told."), None)


@blueprint.post("/swaps/<int:swap>/removal")
@requires(can_take_back)
def take_back_swap(user: User, edition: Edition, swap: Swap) -> ResponseReturnValue:
    """Take back the request to change places."""
    swaps.take_back_swap(swap, edition, by=user.acting, now=clock.now())
    return changed(user, edition, gettext("Your request has been withdrawn."), None)


@blueprint.get("/slots/turns")
@requires(member)
def turn_list(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the lot and the order of the turns, and how to recompute it."""
    return page(
        "schedule/turns.html",
        edition=edition,
        lot=turns.draw_of(edition),
        turns=turns.turns(edition),
        now=clock.now(),
        may_draw=organiser(user, edition=edition),
        own={proposal.id for proposal in proposals_of(user, edition)},
    )


@blueprint.post("/slots/turns/seal")
@requires(organiser)
def seal(user: User, edition: Edition) -> ResponseReturnValue:
    """Seal the lot's seed."""
    turns.seal_lot(edition, by=user.acting, now=clock.now())
    flash(gettext("The draw has been sealed: its digest is now public."))
    return redirect(url_for("picking.turn_list", edition=edition.slug))


@blueprint.post("/slots/turns")
@requires(organiser)
def draw(user: User, edition: Edition) -> ResponseReturnValue:
    """Draw the order of the turns."""
    order = turns.draw_turns(edition, by=user.acting, now=clock.now())
    flash(gettext("The order has been drawn: %(code)s is first.", code=order[0]))
    return redirect(url_for("picking.turn_list", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/wishes")
@requires(can_pick)
def own_wishes(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the form for wishes."""
    return _wishes_page(edition, proposal, _saved(edition, proposal))


@blueprint.post("/proposals/<int:proposal>/wishes")
@requires(can_pick)
def wish(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Save the wishes, most wanted first."""
    asked = [whole(value) for value in request.form.getlist("slot")]
    wanted = [slot_id for slot_id in asked if slot_id]
    saved = _saved(edition, proposal)
    try:
        check_seen(*saved, now=_named(edition, saved))
        wishes.set_wishes(proposal, wanted, by=user.acting, now=clock.now())
    except DomainError as error:
        return _wishes_page(edition, proposal, wanted, status_of(error), explain(error))
    flash(gettext("Your preferences have been saved."))
    return redirect(url_for("picking.own_wishes", edition=edition.slug, proposal=proposal.number))


def _saved(edition: Edition, proposal: Proposal) -> tuple[int, ...]:
    """Return the slots (ids) that are wished for, most wanted first."""
    return tuple(queries.wishes(edition).get(proposal.id, ()))


def _named(edition: Edition, wanted: Sequence[int]) -> str:
    """Return the slots of these ids in words."""
    slots = queries.names_of(edition, slots=wanted).slots
    named = [moment(slots[slot_id].starts_at) for slot_id in wanted if slot_id in slots]
    return "; ".join(named) or gettext("none")


def _wishes_page(
    edition: Edition,
    proposal: Proposal,
    wanted: Sequence[int],
    status: int = 200,
    message: str = "",
) -> ResponseReturnValue:
    is_taken = edition.picking is Picking.WISHES
    extracts = extracts_of(queries.slot_places(edition)) if is_taken else []
    shown = extract_with(extracts, day_asked(), room_asked())
    return page(
        "schedule/wishes.html",
        status,
        edition=edition,
        proposal=proposal,
        wanted=queries.names_of(edition, slots=wanted).slots if is_taken else {},
        wished=wanted,
        saved=_saved(edition, proposal),
        extracts=extracts,
        shown=shown,
        places=queries.slot_lines(edition, shown),
        prospects=prospects(edition, [proposal]) if is_taken else {},
        ranks=range(1, wishes.MOST + 1),
        is_taken=is_taken,
        message=message,
    )
