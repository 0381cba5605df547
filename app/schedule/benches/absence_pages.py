"""Pages where people say when they can't come, and the organiser says it for anybody."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm

from app import clock
from app.accounts.models import Person
from app.database import release
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.permissions import User, organiser_judge_or_innovator
from app.editions.queries import locked_edition
from app.schedule.benches import absences as times
from app.schedule.benches.absence_days import absence_days
from app.schedule.benches.busy import Busy, busy_spans
from app.schedule.benches.forms import AbsenceForm, CalendarForm
from app.schedule.draft.models import Absence
from app.schedule.draft.permissions import can_place
from app.web.access import requires
from app.web.errors import refuse
from app.web.pages import listing, page, page_number
from app.workflow import DomainError

blueprint = Blueprint("absences", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/absences")
@requires(organiser_judge_or_innovator)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the user's own absences, or everybody's to the organiser."""
    return _list(user, edition)


@blueprint.post("/absences")
@requires(organiser_judge_or_innovator)
def add_absence(user: User, edition: Edition) -> ResponseReturnValue:
    """Note a time when somebody can't come."""
    form = AbsenceForm().offer(_people(user, edition))
    if not form.validate():
        return _list(user, edition, form=form, status=422)
    person = next(someone for someone in _people(user, edition) if someone.id == form.person.data)
    try:
        times.mark_absence(edition, person, form.span(edition), by=user.acting, now=clock.now())
    except DomainError as error:
        return _list(user, edition, form=form, status=refuse(form, error))
    for proposal in times.presented_within(edition, person, form.span(edition)):
        flash(
            gettext(
                "“%(title)s” has its slot within this time. It stays there until another is "
                "chosen.",
                title=proposal.title,
            ),
            "warning",
        )
    return _done(edition, gettext("Saved: the schedule will avoid this time."))


@blueprint.post("/absences/calendar")
@requires(organiser_judge_or_innovator)
def import_absences(user: User, edition: Edition) -> ResponseReturnValue:
    """Read the user's own calendar; only busy times on the presentation days are kept."""
    form = CalendarForm()
    days = times.presentation_days(edition)
    if not form.validate() or days is None:
        return _list(user, edition, calendar=form, status=422)
    slug, content = edition.slug, form.calendar.data.read()
    zone, domain = edition.zone, edition.calendar_domain
    release()  # a foreign calendar is read while others write
    try:
        busy = busy_spans(content, begin=days.starts_at, end=days.ends_at, zone=zone, domain=domain)
        locked_edition(slug)
        times.replace_imported(edition, user.acting, busy.spans, by=user.acting, now=clock.now())
    except DomainError as error:
        return _list(user, edition, calendar=form, status=refuse(form, error))
    return _done(edition, _what_was_read(busy))


@blueprint.post("/absences/<int:absence>/removal")
@requires(organiser_judge_or_innovator)
def forget_absence(user: User, edition: Edition, absence: Absence) -> ResponseReturnValue:
    """Remove an absence."""
    times.forget_absence(absence, edition, by=user.acting, now=clock.now())
    return _done(edition, gettext("Removed."))


def _what_was_read(busy: Busy) -> str:
    """Return what was read and what was left out; only the owner gets to see the titles."""
    read: str = ngettext(
        "%(num)s busy time was read.", "%(num)s busy times were read.", len(busy.spans)
    )
    if not busy.left_out:
        return read
    left_out = ngettext(
        "%(num)s entry could not be read and was left out: %(titles)s. Add its time by hand.",
        "%(num)s entries could not be read and were left out: %(titles)s. Add their times by hand.",
        busy.left_out,
        titles=", ".join(busy.names + ["…"] * (busy.left_out > len(busy.names))),
    )
    return f"{read} {left_out}"


def _people(user: User, edition: Edition) -> list[Person]:
    """Return the people whose absences the user may mark."""
    return times.people(edition) if can_place(user) else [user.acting]


def _done(edition: Edition, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("absences.index", edition=edition.slug))


def _list(
    user: User,
    edition: Edition,
    *,
    form: AbsenceForm | None = None,
    calendar: FlaskForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    whose = None if can_place(user) else user.acting
    first = edition.days[0] if edition.days else None
    defaults = (
        {"date": first.date, "starts_at": first.starts_at, "ends_at": first.ends_at}
        if first
        else {}
    )
    judges = times.people(edition, (Role.JUDGE,)) if whose is None else []
    return page(
        "schedule/absences.html",
        status,
        edition=edition,
        days=absence_days(edition, judges, times.absences_of(edition, judges)) if judges else [],
        found=listing(times.absences(edition, whose), page_number()),
        is_for_all=whose is None,
        form=(form or AbsenceForm(formdata=None, data=defaults)).offer(_people(user, edition)),
        calendar=calendar or CalendarForm(formdata=None),
    )
