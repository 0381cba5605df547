"""Pages of the presentation days: check-in, no-shows, delays, and what is printed for them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.database import keep_and_read, undo_and_read
from app.editions.kinds import SheetSize
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from, is_barred
from app.programme.breaks import ShownBreak, with_breaks
from app.programme.extracts import Extract, extract_with, extracts_of
from app.programme.models import Appearance
from app.programme.queries import appearance_of, appearances, last_version, published_places
from app.proposals.models import Proposal
from app.proposals.permissions import can_write
from app.proposals.queries import visible_proposal
from app.schedule.day import actions as acts
from app.schedule.day import delays
from app.schedule.day.forms import DelayForm
from app.schedule.draft import queries
from app.schedule.draft.permissions import can_place
from app.screening.queries import reserve_list
from app.web.access import requires
from app.web.codes import qr_code
from app.web.errors import refuse
from app.web.fields import form_id, form_text
from app.web.language import clock as time_of_day
from app.web.language import day as day_name
from app.web.language import language, local, moment, said
from app.web.links import link_to
from app.web.pages import (
    day_asked,
    download,
    page,
    page_or_partial,
    room_asked,
    wants_partial,
)
from app.web.seen import fingerprint
from app.web.typesetting import typeset
from app.workflow import COMPETING, N_, DomainError, Status


def may_confirm(user: User, proposal: Proposal, **_records: object) -> bool:
    """Return whether the user may have the confirmation, as an author or the organiser."""
    return can_place(user) or can_write(user, proposal)


blueprint = Blueprint("day", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/day")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show a presentation day: who is expected, there, presenting or missing."""
    return _day_page(user, edition, DelayForm(formdata=None, **_now(edition)))


@blueprint.post("/day/delay")
@requires(organiser)
def delay(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the times that a delay would make; what was shown is published, and all are told."""
    form, now = DelayForm().offer(edition), clock.now()
    if not form.validate():
        return _day_page(user, edition, form, 422)
    try:
        facts = form.facts()
        moved = delays.shift_slots(edition, **facts, now=now)
        if request.form.get("shown") != fingerprint(moved):
            undo_and_read()
            return _day_page(user, edition, form, delay=moved)
        version = delays.publish_delay(
            edition,
            moved,
            expected=facts["expected"],
            note=form.note.data or "",
            by=user.acting,
            now=now,
        )
    except DomainError as error:
        return _day_page(user, edition, form, refuse(form, error))
    return _done(edition, gettext("Published as version %(number)s.", number=version.number))


@blueprint.get("/proposals/<int:proposal>/arrival")
@requires(organiser)
def arrival(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show whom to check in; the code on their confirmation leads here."""
    appearance = _appearance(proposal)
    return page("schedule/arrival.html", edition=edition, appearance=appearance)


@blueprint.post("/proposals/<int:proposal>/arrival")
@requires(organiser)
def arrive(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Check the presenters in."""
    acts.note_arrival(_appearance(proposal), edition, by=user.acting, now=clock.now())
    return _noted(
        user, edition, gettext("“%(title)s” has been checked in.", title=proposal.title), proposal
    )


@blueprint.post("/proposals/<int:proposal>/arrival/removal")
@requires(organiser)
def take_back_arrival(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take back a check-in."""
    acts.take_back_arrival(_appearance(proposal), edition, by=user.acting, now=clock.now())
    return _noted(user, edition, gettext("The check-in has been undone."), proposal)


@blueprint.post("/proposals/<int:proposal>/no-show")
@requires(organiser)
def miss(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Note that the presenters did not come."""
    appearance, now = _appearance(proposal), clock.now()
    acts.note_no_show(appearance, edition, by=user.acting, now=now)
    text = (
        gettext("Recorded. Call another presentation into the slot, or continue with the next.")
        if appearance.ends_at > now
        else gettext("Recorded.")
    )
    return _noted(user, edition, text, proposal)


@blueprint.post("/proposals/<int:proposal>/beginning")
@requires(organiser)
def begin(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Say that a presentation has begun before its published start: its sheets open."""
    appearance, reason = _appearance(proposal), form_text("reason")
    acts.begin_presentation(appearance, edition, reason=reason, by=user.acting, now=clock.now())
    return _done(edition, gettext("The presentation has begun: its score sheets are open."))


@blueprint.post("/proposals/<int:proposal>/beginning/removal")
@requires(organiser)
def take_back_beginning(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take back that a presentation has begun early."""
    acts.take_back_beginning(_appearance(proposal), edition, by=user.acting, now=clock.now())
    return _noted(user, edition, gettext("It begins at its published time again."), proposal)


@blueprint.post("/proposals/<int:proposal>/call")
@requires(organiser)
def call(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Call another finalist into the slot of this one, a no-show."""
    called = visible_proposal(user, edition, form_id("called")) or abort(404)
    missing = _appearance(proposal)
    acts.call_finalist(missing, called, edition, by=user.acting, now=clock.now())
    text = gettext("“%(title)s” has been called and notified.", title=called.title)
    if missing.cancelled_at is None:
        values = {"title": proposal.title, "moment": moment(missing.starts_at)}
        text += " " + gettext("“%(title)s” has its slot now: %(moment)s.", **values)
    return _done(edition, text)


@blueprint.get("/proposals/<int:proposal>/confirmation.pdf")
@requires(may_confirm)
def confirmation(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Return the confirmation as a PDF, with the code for the check-in."""
    appearance = _appearance(proposal)
    link = link_to("day.arrival", edition=edition.slug, proposal=proposal.number)
    data = {
        "language": language(),
        "title": f"{gettext('Confirmation of the presentation')} {proposal.code}",
        "heading": gettext("Presentation confirmation"),
        "edition": local(edition),
        "facts": [
            [gettext("Presentation"), f"{proposal.code} {proposal.title}"],
            [local(edition, "unit_word"), proposal.agency.name],
            [gettext("When"), moment(appearance.starts_at)],
            [gettext("Where"), appearance.location],
            [gettext("Presented by"), ", ".join(author.name for author in proposal.authors)],
        ],
        "note": gettext("Show this code when you arrive, so that the committee can check you in."),
        "code": qr_code(link),
    }
    body = typeset("confirmation", data, at=appearance.changed_at)
    return download(body, "application/pdf", f"{edition.slug}-{proposal.code}.pdf")


@blueprint.get("/schedule/run-sheet.pdf")
@requires(organiser)
def run_sheet(user: User, edition: Edition) -> ResponseReturnValue:
    """Return the run sheet of a day as a PDF, on A4 or F4."""
    shown = _shown(_extracts(edition), edition).day
    width, height = request.args.get("paper", SheetSize.A4, type=SheetSize).millimetres
    if shown is None:
        abort(404)
    rows = appearances(edition, Extract((shown,)))
    last = last_version(edition) or abort(404)
    names = queries.people_with({judge for appearance in rows for judge in appearance.judges})
    data = {
        "language": language(),
        "title": f"{gettext('Run sheet')} {shown}",
        "heading": gettext("Run sheet"),
        "edition": local(edition),
        "day": day_name(shown),
        "version": gettext("Version %(number)s", number=last.number),
        "width": width,
        "height": height,
        "columns": [
            gettext("Time"),
            gettext("Presentation"),
            gettext("Judges"),
            gettext("Present"),
            gettext("Begins"),
            gettext("Ends"),
        ],
        "rooms": [
            [name, [_line(entry, names, edition) for entry in with_breaks(own, edition)]]
            for name, own in _by_location(rows)
        ],
    }
    body = typeset("run_sheet", data, at=last.published_at)
    return download(body, "application/pdf", f"{edition.slug}-{shown}.pdf")


def _about_overrun(ends: dt.datetime, day: dt.date) -> str:
    if ends.date() != day:
        return said(
            N_("The last presentation would end after midnight: %(moment)s."),
            {"moment": moment(ends)},
        )
    return said(
        N_("The last presentation would end at %(time)s, after the day's closing time."),
        {"time": time_of_day(ends)},
    )


def _line(entry: Appearance | ShownBreak, names: Any, edition: Edition) -> list[str]:  # noqa: ANN401 -- people by id
    start, end = (
        time_of_day(time.astimezone(edition.zone)) for time in (entry.starts_at, entry.ends_at)
    )
    if isinstance(entry, ShownBreak):
        return [f"{start}–{end}", local(entry.named), ""]
    proposal = entry.proposal
    judges = ", ".join(names[judge].name for judge in entry.judges if judge in names)
    what = f"{proposal.code} {proposal.title}\n{proposal.agency.name}"
    return [f"{start}–{end}", what, judges]


def _by_location(rows: Iterable[Appearance]) -> list[tuple[str, list[Appearance]]]:
    found: dict[str, list[Appearance]] = {}
    for appearance in rows:
        found.setdefault(appearance.location, []).append(appearance)
    return list(found.items())


def _appearance(proposal: Proposal) -> Appearance:
    return appearance_of(proposal) or abort(404)


def _done(edition: Edition, message: str) -> ResponseReturnValue:
    flash(message)
    day, room = day_asked(), room_asked()
    return redirect(url_for("day.index", edition=edition.slug, day=day, room=room))


def _noted(user: User, edition: Edition, message: str, proposal: Proposal) -> ResponseReturnValue:
    """Show the day again with what was noted of the proposal, only its list if HTMX asks."""
    if not wants_partial():
        return _done(edition, message)
    keep_and_read()
    form = DelayForm(formdata=None, **_now(edition))
    return _day_page(user, edition, form, message=message, touched=proposal)


def _extracts(edition: Edition) -> list[Extract]:
    return extracts_of(published_places(edition), joins_days=False)


def _shown(extracts: Sequence[Extract], edition: Edition) -> Extract:
    """Return the day asked for, else today if anything is presented, else the next such day."""
    days = [extract.days[0] for extract in extracts]
    today = clock.now().astimezone(edition.zone).date()
    asked = day_asked()
    if asked not in days:
        asked = next((day for day in days if day >= today), days[-1] if days else None)
    return extract_with(extracts, asked, room_asked())


def _now(edition: Edition) -> dict[str, Any]:
    local_now = clock.now().astimezone(edition.zone)
    return {"start": dt.time(local_now.hour, local_now.minute), "minutes": 15}


def _can_move_up(user: User, edition: Edition) -> bool:
    """Return whether somebody is on the reserve list and the user may move the first up."""
    first = next(iter(reserve_list(edition)), None)
    return first is not None and not is_barred(user, edition, first)


def _day_page(
    user: User,
    edition: Edition,
    form: DelayForm,
    status: int = 200,
    *,
    delay: delays.Delay | None = None,
    message: str = "",
    touched: Proposal | None = None,
) -> ResponseReturnValue:
    extracts = _extracts(edition)
    shown = _shown(extracts, edition)
    form.date.data = form.date.data or shown.day
    last = last_version(edition)
    form.expected.data = str((last.number if last else 0) + 1)
    rows = appearances(edition, shown)
    now = clock.now()
    over = [appearance for appearance in rows if appearance.ends_at <= now]
    return page_or_partial(
        "schedule/day.html",
        status,
        edition=edition,
        extracts=extracts,
        shown=shown,
        over=over if len(over) < len(rows) else [],
        rows=[appearance for appearance in rows if appearance.ends_at > now] or rows,
        next_ones=acts.next_to_begin(rows, edition, now=now),
        has_touched_over=touched in {appearance.proposal for appearance in over},
        message=message,
        callable=[
            appearance
            for appearance in rows
            if appearance.starts_at > now
            and appearance.missed_at is None
            and appearance.proposal.status is Status.FINALIST
        ],
        barred=barred_from(user, edition, COMPETING),
        can_move_up=_can_move_up(user, edition),
        now=now,
        form=form.offer(edition),
        delay=_shown_delay(edition, delay) if delay else None,
    )


def _shown_delay(edition: Edition, delay: delays.Delay) -> dict[str, Any]:
    """Return what the page shows of a delay that isn't published yet."""
    late = delays.day_overrun(edition, delay)
    return {
        "shown": fingerprint(delay),
        "moved": delay.moved,
        "other": len(delay.changes) - len(delay.moved),
        "titles": queries.proposal_titles(edition, [proposal for proposal, *_ in delay.moved]),
        "early": delays.early_start(edition, delay),
        "overrun": _about_overrun(late.astimezone(edition.zone), delay.day) if late else "",
    }
