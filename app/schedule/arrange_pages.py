"""The grid of days and rooms on which the organiser arranges, and the list of warnings."""

from datetime import date, datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.database import undo_and_read
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.permissions import User, organiser, role
from app.proposals.models import Proposal
from app.proposals.queries import visible_proposal
from app.schedule import actions, queries
from app.schedule.concerns import benches, concerns, people_in
from app.schedule.grid import grid_of
from app.schedule.permissions import can_place
from app.schedule.picture import timetable_of
from app.schedule.publishing import pending
from app.schedule.routes import blueprint
from app.schedule.slots import pages_of
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import form_id, whole
from app.web.pages import day_asked, page, page_or_partial, wants_partial
from app.workflow import COMPETING, NotAllowedNow

overseer = role(Role.ORGANISER, Role.OBSERVER)


@blueprint.get("/arrangement")
@requires(organiser)
def arrangement(user: User, edition: Edition) -> ResponseReturnValue:
    """Show a day as a grid of times and rooms, with what is being moved in hand."""
    asked = visible_proposal(user, edition, whole(request.args.get("moving")))
    in_hand = asked if asked and asked.status in COMPETING else None
    return _grid(edition, in_hand=in_hand)


@blueprint.post("/arrangement")
@requires(organiser)
def move(user: User, edition: Edition) -> ResponseReturnValue:
    """Move a presentation to a slot or out of all; in a taken slot both change places."""
    proposal = visible_proposal(user, edition, form_id("proposal")) or abort(404)
    slot_id, now = form_id("slot"), clock.now()
    slot = queries.slot_with(slot_id, edition) if slot_id else None
    if slot_id and slot is None:
        abort(404)
    day = _day_of(slot.starts_at, edition) if slot else day_asked()
    try:
        if slot is None:
            actions.remove(proposal, by=user.acting, now=now)
        elif other := queries.standing_in(slot):
            actions.swap(proposal, other, by=user.acting, now=now)
        else:
            actions.place(proposal, slot, by=user.acting, now=now)
    except NotAllowedNow as refusal:
        undo_and_read()
        return _grid(edition, 409, message=explain(refusal), day=day, moved=proposal.id)
    text = gettext("“%(title)s” has been moved.", title=proposal.title)
    return _moved(edition, text, day, moved=proposal.id)


@blueprint.post("/arrangement/undo")
@requires(organiser)
def undo(user: User, edition: Edition) -> ResponseReturnValue:
    """Take the newest step of arranging back."""
    try:
        step = actions.undo(edition, form_id("step"), by=user.acting, now=clock.now())
    except NotAllowedNow as refusal:
        undo_and_read()
        return _grid(edition, 409, message=explain(refusal), day=day_asked())
    text = gettext("Undone: %(count)s presentations.", count=len(step.moves))
    return _moved(edition, text, day_asked(), moved=int(next(iter(step.moves))))


@blueprint.get("/schedule/warnings")
@requires(overseer)
def warnings(user: User, edition: Edition) -> ResponseReturnValue:
    """Show everything that is wrong with the draft, or could be better."""
    timetable = timetable_of(edition)
    found = concerns(timetable)
    return page(
        "schedule/warnings.html",
        edition=edition,
        concerns=[each for each in found if not each.kind.is_note],
        may_arrange=can_place(user),
        notes=[each for each in found if each.kind.is_note],
        names=queries.names(edition, people_in(found)),
        grave=sum(each.kind.is_grave for each in found),
    )


def _moved(edition: Edition, message: str, day: date | None, *, moved: int) -> ResponseReturnValue:
    if wants_partial():
        return _grid(edition, message=message, day=day, moved=moved)
    flash(message)
    return redirect(url_for("schedule.arrangement", edition=edition.slug, day=day))


def _grid(
    edition: Edition,
    status: int = 200,
    *,
    message: str = "",
    day: date | None = None,
    in_hand: Proposal | None = None,
    moved: int | None = None,
) -> ResponseReturnValue:
    timetable = timetable_of(edition)
    days = sorted(timetable.sittings_on)
    shown = _shown(days, day or day_asked() or _day_of(clock.now(), edition))
    found = concerns(timetable)
    in_hand_id = in_hand.id if in_hand else None
    return page_or_partial(
        "schedule/arrangement.html",
        status,
        edition=edition,
        grid=grid_of(timetable, shown, found, edition.rooms, in_hand=in_hand_id),
        pages=pages_of(days, most=1),
        shown=[shown] if shown else [],
        names=queries.names(edition, people_in(found)),
        benches=benches(timetable),
        in_hand=in_hand,
        moved=moved,
        last=actions.undoable(edition),
        changes=len(pending(edition, timetable)),
        is_failure=status != 200,  # noqa: PLR2004 -- HTTP's OK
        message=message,
    )


def _shown(days: list[date], asked: date) -> date | None:
    return asked if asked in days else next(iter(days), None)


def _day_of(moment: datetime, edition: Edition) -> date:
    return moment.astimezone(edition.zone).date()
