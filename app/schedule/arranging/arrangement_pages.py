"""The grid of days and rooms where the organiser arranges, and the list of warnings."""

from collections import Counter
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app import clock
from app.database import undo_and_read
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_or_observer
from app.programme.extracts import extract_with, extracts_of
from app.programme.queries import comments_on_declining
from app.proposals.models import Proposal
from app.proposals.queries import visible_proposal
from app.schedule.arranging import arrangements
from app.schedule.arranging.publishing import pending_changes
from app.schedule.draft import queries
from app.schedule.draft.dayplans import pauses_on
from app.schedule.draft.grid import grid_of
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.permissions import can_place
from app.schedule.draft.timetable import Timetable
from app.schedule.draft.warnings import WarningKind, people_in, warnings_of
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import form_id, whole
from app.web.language import said
from app.web.pages import day_asked, page_number, page_or_partial, paged, room_asked, wants_partial
from app.workflow import COMPETING, N_, NotAllowedNow

RoomAsked = tuple[date | None, int | None]
"""Which day and room (its id, 0 for none) a grid should show."""

AT_ONCE = 4
"""Rooms on all days together that are seen beside each other; with more, a page shows one day."""

blueprint = Blueprint("arrangement", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/arrangement")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show a day as a grid of times and rooms, with the talk that is being moved."""
    asked = visible_proposal(user, edition, whole(request.args.get("moving")))
    in_hand = asked if asked and asked.status in COMPETING else None
    return _grid(edition, in_hand=in_hand)


@blueprint.post("/arrangement")
@requires(organiser)
def move(user: User, edition: Edition) -> ResponseReturnValue:
    """Move a presentation to a slot or out of its own; with a taken slot both change places."""
    proposal = visible_proposal(user, edition, form_id("proposal")) or abort(404)
    now, slot_id = clock.now(), form_id("slot")
    slot = queries.slot_with(slot_id, edition) if slot_id else None
    if slot_id and slot is None:
        abort(404)
    at = (_day_of(slot.starts_at, edition), slot.room_id) if slot else _asked()
    try:
        if slot is None:
            arrangements.remove_finalist(proposal, by=user.acting, now=now)
            text = _what_moved(proposal, None)
        else:
            other = arrangements.move_finalist(
                proposal, slot, seen=form_id("seen"), by=user.acting, now=now
            )
            text = _what_moved(proposal, other)
    except NotAllowedNow as refusal:
        undo_and_read()
        return _grid(edition, 409, message=explain(refusal), at=at, moved=proposal.id)
    return _moved(edition, text, at, moved=proposal.id)


@blueprint.post("/arrangement/length")
@requires(organiser)
def set_length(user: User, edition: Edition) -> ResponseReturnValue:
    """Say whether a presentation needs two slots in a row."""
    proposal = visible_proposal(user, edition, form_id("proposal")) or abort(404)
    is_long = request.form.get("slots") == "2"
    try:
        arrangements.set_length(proposal, is_long=is_long, by=user.acting, now=clock.now())
    except NotAllowedNow as refusal:
        undo_and_read()
        in_hand = proposal if proposal.status in COMPETING else None
        return _grid(edition, 409, message=explain(refusal), in_hand=in_hand)
    text = (
        N_("“%(title)s” now takes two slots in a row.")
        if is_long
        else N_("“%(title)s” now takes one slot.")
    )
    return _moved(edition, said(text, {"title": proposal.title}), _asked(), moved=proposal.id)


@blueprint.post("/arrangement/undo")
@requires(organiser)
def undo(user: User, edition: Edition) -> ResponseReturnValue:
    """Take back the newest step of arranging."""
    try:
        step = arrangements.undo_step(edition, form_id("step"), by=user.acting, now=clock.now())
    except NotAllowedNow as refusal:
        undo_and_read()
        return _grid(edition, 409, message=explain(refusal))
    text = ngettext(
        "Undone: %(count)s presentation.",
        "Undone: %(count)s presentations.",
        len(step.moves),
        count=len(step.moves),
    )
    return _moved(edition, text, _asked(), moved=int(next(iter(step.moves))))


@blueprint.get("/schedule/warnings")
@requires(organiser_or_observer)
def warnings(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what is wrong with the draft or could be better, of one kind or of all."""
    found = warnings_of(timetable_of(edition))
    kind = next((option for option in WarningKind if option == request.args.get("kind")), None)
    asked = [
        warning for warning in found if warning.kind is kind or not (kind or warning.kind.is_note)
    ]
    shown = paged(asked, page_number())
    talks = {talk for warning in shown.items for talk in warning.talks}
    may_arrange = can_place(user)
    return page_or_partial(
        "schedule/warnings.html",
        edition=edition,
        found=shown,
        kind=kind,
        counts=Counter(warning.kind for warning in found),
        total=sum(not warning.kind.is_note for warning in found),
        grave=sum(warning.kind.is_grave for warning in found),
        may_arrange=may_arrange,
        comments=comments_on_declining(talks) if may_arrange else {},
        names=queries.names_of(
            edition,
            proposals=talks,
            slots={sitting for warning in shown.items for sitting in warning.sittings},
            people=people_in(shown.items),
        ),
    )


def _what_moved(proposal: Proposal, other: Proposal | None) -> str:
    """Return what a move did, also to the presentation that was in the slot."""
    titles = {"title": proposal.title, "other": other.title if other else ""}
    if other is None:
        text = N_("“%(title)s” has been moved.")
    elif queries.booking_of(other) is None:
        text = N_("“%(title)s” now has the slot; “%(other)s” no longer has one.")
    else:
        text = N_("“%(title)s” and “%(other)s” have swapped slots.")
    return said(text, titles)


def _moved(edition: Edition, message: str, at: RoomAsked, *, moved: int) -> ResponseReturnValue:
    if wants_partial():
        return _grid(edition, message=message, at=at, moved=moved)
    flash(message)
    day, room = at
    return redirect(url_for("arrangement.index", edition=edition.slug, day=day, room=room))


def _grid(
    edition: Edition,
    status: int = 200,
    *,
    message: str = "",
    at: RoomAsked | None = None,
    in_hand: Proposal | None = None,
    moved: int | None = None,
) -> ResponseReturnValue:
    timetable = timetable_of(edition)
    places = _places(timetable, edition)
    extracts = extracts_of(places, joins_days=len(set(places)) <= AT_ONCE)
    day, room = at or _asked()
    shown = extract_with(extracts, day or _day_of(clock.now(), edition), room)
    in_hand_id = in_hand.id if in_hand else None
    grid = grid_of(
        timetable,
        shown,
        warnings_of(timetable),
        edition.rooms,
        pauses=pauses_on(edition, shown.days),
        in_hand=in_hand_id,
    )
    return page_or_partial(
        "schedule/arrangement.html",
        status,
        edition=edition,
        grid=grid,
        extracts=extracts,
        shown=shown,
        names=queries.names_of(edition, proposals=grid.talks, people=grid.people),
        benches=timetable.benches,
        in_hand=in_hand,
        has_place=in_hand_id in timetable.placed,
        is_long=in_hand is not None and timetable.talk_of[in_hand.id].is_long,
        moved=moved,
        last=arrangements.undoable_step(edition),
        changes=len(pending_changes(edition, timetable)),
        is_failure=status != 200,  # noqa: PLR2004 -- HTTP's OK
        message=message,
        now=clock.now(),
    )


def _places(timetable: Timetable, edition: Edition) -> list[tuple[date, int | None]]:
    """Return the day and room of every sitting, by days and then rooms."""
    order = {room.id: place for place, room in enumerate(edition.rooms)}
    return [
        (day, sitting.room_id or None)
        for day, sittings in sorted(timetable.sittings_on.items())
        for sitting in sorted(sittings, key=lambda sitting: order.get(sitting.room_id, len(order)))
    ]


def _asked() -> RoomAsked:
    return day_asked(), room_asked()


def _day_of(moment: datetime, edition: Edition) -> date:
    return moment.astimezone(edition.zone).date()
