"""Pages for sheets, progress, declared conflicts and the ranking."""

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.database import db
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.editions.permissions import User, organiser, role
from app.proposals.models import Proposal
from app.schedule.appearances import appearances_of
from app.scoring import access, actions, following, queries  # noqa: F401 -- `access` registers the loaders
from app.scoring.forms import SheetForm, filled_sheet, sheet_form
from app.scoring.permissions import can_open_scoring, can_reopen, can_see_ranking
from app.screening import sheets
from app.screening.forms import DeclarationForm
from app.screening.models import ConflictKind, Sheet
from app.screening.permissions import check_pledge, evaluator
from app.screening.queries import progress as progress_of
from app.screening.recusals import barred_for, conflicts_between
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import form_id, form_text, version_of
from app.web.pages import listing, page, page_number, page_or_partial, wants_partial
from app.workflow import COMPETING

blueprint = Blueprint("scoring", __name__, url_prefix="/editions/<edition>")

scorer = role(Role.JUDGE, Role.SCREENER)
insider = role(Role.ORGANISER, Role.JUDGE, Role.OBSERVER)


@blueprint.get("/sheets/<kind>")
@requires(scorer)
def own_sheets(user: User, edition: Edition, kind: SheetKind) -> ResponseReturnValue:
    """List the user's own sheets, those to be written first."""
    found = listing(queries.own_sheets(user.acting, edition, kind), page_number())
    return page_or_partial(
        "scoring/sheets.html",
        edition=edition,
        kind=kind,
        sheets=found,
        appearances=appearances_of([each.proposal for each in found.items]),
        deadline=actions.deadline(kind, edition),
    )


@blueprint.get("/proposals/<int:proposal>/sheets/<sheet>")
@requires(scorer)
def sheet(user: User, edition: Edition, proposal: Proposal, sheet: Sheet) -> ResponseReturnValue:
    """Show the user's own sheet, once they have signed the integrity pledge."""
    if not user.has_pledged:
        return redirect(url_for("screening.pledge", edition=edition.slug))
    return _sheet_page(edition, sheet, filled_sheet(sheet, edition.criteria_of(sheet.kind)))


@blueprint.post("/proposals/<int:proposal>/sheets/<sheet>")
@requires(scorer)
def save(user: User, edition: Edition, proposal: Proposal, sheet: Sheet) -> ResponseReturnValue:
    """Save the sheet: HTMX by itself while one writes, or the button."""
    criteria = edition.criteria_of(sheet.kind)
    form = sheet_form(criteria)()
    if not form.validate():
        if wants_partial():
            return page("scoring/_state.html", 422, form=form, sheet=sheet)
        return _sheet_page(edition, sheet, form, 422)
    now = clock.now()
    check_pledge(user)
    actions.check_open(sheet.kind, edition, now=now)
    try:
        sheets.write(sheet, form.marks(criteria), criteria, version=version_of(form), now=now)
    except sheets.OvertakenSheet as overtaken:
        return _overtaken(edition, sheet, form, explain(overtaken))
    if wants_partial():
        return page("scoring/_state.html", form=form, sheet=sheet)
    flash(gettext("Saved."))
    return redirect(_url(proposal, sheet.kind))


@blueprint.post("/proposals/<int:proposal>/sheets/<sheet>/lock")
@requires(scorer)
def lock(user: User, edition: Edition, proposal: Proposal, sheet: Sheet) -> ResponseReturnValue:
    """Save what the form holds, then submit the sheet: it is locked from now on."""
    if request.headers.get("HX-Request"):
        abort(400)  # a lock is never anything that happens by itself
    criteria = edition.criteria_of(sheet.kind)
    form = sheet_form(criteria)()
    if not form.validate() or _has_gaps(form, criteria):
        return _sheet_page(edition, sheet, form, 422)
    now = clock.now()
    check_pledge(user)
    actions.check_open(sheet.kind, edition, now=now)
    try:
        sheets.write(sheet, form.marks(criteria), criteria, version=version_of(form), now=now)
    except sheets.OvertakenSheet as overtaken:
        return _overtaken(edition, sheet, form, explain(overtaken))
    actions.lock_sheet(sheet, edition, by=user.acting, now=now)
    flash(gettext("The sheet for “%(title)s” is submitted and locked.", title=proposal.title))
    following = queries.next_open_sheet(user.acting, edition, sheet.kind, after=proposal)
    if following is None:
        return redirect(url_for("scoring.own_sheets", edition=edition.slug, kind=sheet.kind.value))
    return redirect(_url(following.proposal, sheet.kind))


@blueprint.get("/proposals/<int:proposal>/conflict")
@requires(scorer)
def conflict(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the form by which an evaluator declares a conflict of interest."""
    form = DeclarationForm().offer()
    return page("scoring/conflict.html", edition=edition, proposal=proposal, form=form)


@blueprint.post("/proposals/<int:proposal>/conflict")
@requires(scorer)
def declare(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Recuse oneself: the sheets count no more."""
    form = DeclarationForm().offer()
    if not form.validate():
        return page("scoring/conflict.html", 422, edition=edition, proposal=proposal, form=form)
    actions.declare_conflict(
        proposal,
        user.acting,
        ConflictKind(form.kind.data),
        reason=form.reason.data or "",
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("You are recused from “%(title)s”.", title=proposal.title))
    return redirect(url_for("dashboard.my_work"))


@blueprint.get("/scoring")
@requires(insider)
def progress(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the sheets are: completeness, no values."""
    standings = listing(
        queries.standings(edition).order_by(None).order_by(Proposal.number), page_number()
    )
    return page_or_partial(
        "scoring/progress.html",
        edition=edition,
        standings=standings,
        judges=progress_of(edition, SheetKind.PRESENTATION),
        screeners=progress_of(edition, SheetKind.DESK),
        can_open=can_open_scoring(user) and not edition.is_frozen,
        difference=following.mismatch(edition) if can_open_scoring(user) else None,
        is_chair=can_reopen(user),
    )


@blueprint.post("/scoring")
@requires(organiser)
def open_scoring(user: User, edition: Edition) -> ResponseReturnValue:
    """Freeze the rules and hand out the sheets."""
    count = actions.open_scoring(edition, by=user.acting, now=clock.now())
    flash(gettext("Scoring is open: %(count)s sheets are handed out.", count=count))
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.post("/scoring/sheets")
@requires(organiser)
def follow_schedule(user: User, edition: Edition) -> ResponseReturnValue:
    """Let the sheets follow the schedule as it was published."""
    done = following.follow_schedule(edition, by=user.acting, now=clock.now())
    text = gettext(
        "%(given)s sheets are handed out, %(taken)s taken back.",
        given=len(done.missing),
        taken=len(done.needless),
    )
    flash(text)
    return redirect(url_for("scoring.progress", edition=edition.slug))


def chair(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in the chair of the judging team, unless recused from the proposal."""
    return can_reopen(user) and not conflicts_between(evaluator(user), proposal, edition)


@blueprint.get("/proposals/<int:proposal>/reopening")
@requires(chair)
def reopening(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show which sheets of the proposal are locked, and who wrote them."""
    return _reopening(edition, proposal)


@blueprint.post("/proposals/<int:proposal>/reopening")
@requires(chair)
def reopen(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Open a locked sheet again, with a reason."""
    found, reason = _chosen_sheet(proposal), _reason()
    if not reason:
        return _reopening(edition, proposal, 422)
    actions.reopen_sheet(found, edition, reason=reason, by=user.acting, now=clock.now())
    flash(gettext("The sheet is open again."))
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/excusal")
@requires(chair)
def excuse(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Go on without a sheet that its judge can't write, with a reason."""
    found, reason = _chosen_sheet(proposal), _reason()
    if not reason:
        return _reopening(edition, proposal, 422)
    actions.excuse_sheet(found, edition, reason=reason, by=user.acting, now=clock.now())
    flash(gettext("The ranking goes on without this sheet."))
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.get("/ranking")
@requires(insider)
def ranking(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the ranking, provisional while a sheet is missing."""
    is_recused = bool(barred_for(evaluator(user), edition, COMPETING))
    is_closed = edition.closed_at is not None
    if not can_see_ranking(user, is_recused=is_recused, is_closed=is_closed):
        return page("scoring/no_ranking.html", 403, edition=edition, is_recused=is_recused)
    standings = listing(queries.standings(edition), page_number())
    return page_or_partial(
        "scoring/ranking.html",
        edition=edition,
        standings=standings,
        rows=queries.ranked_page(edition, standings),
        is_complete=queries.is_complete(edition),
    )


def _reopening(edition: Edition, proposal: Proposal, status: int = 200) -> ResponseReturnValue:
    found = queries.sheets_with_evaluators(proposal, SheetKind.PRESENTATION)
    counting = [each for each in found if not each.is_recused]
    return page(
        "scoring/reopening.html",
        status,
        edition=edition,
        proposal=proposal,
        locked=[each for each in counting if each.is_locked],
        waiting=[each for each in counting if not each.is_locked],
    )


def _chosen_sheet(proposal: Proposal) -> Sheet:
    found = db.session.get(Sheet, form_id("sheet"))
    is_of_it = found is not None and found.proposal_id == proposal.id
    return found if found and is_of_it and found.kind is SheetKind.PRESENTATION else abort(404)


def _reason() -> str:
    return form_text("reason")


def _sheet_page(
    edition: Edition, own: Sheet, form: SheetForm, status: int = 200
) -> ResponseReturnValue:
    return page("scoring/sheet.html", status, **_sheet_values(edition, own, form))


def _overtaken(edition: Edition, own: Sheet, form: SheetForm, message: str) -> ResponseReturnValue:
    """Show both: what was typed in the fields, what is saved beside them."""
    saved = filled_sheet(own, edition.criteria_of(own.kind))
    values = _sheet_values(edition, own, form) | {"saved": saved, "message": message}
    response = make_response(page_or_partial("scoring/sheet.html", 409, **values))
    response.headers["HX-Retarget"] = "#sheet"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def _sheet_values(edition: Edition, own: Sheet, form: SheetForm) -> dict[str, Any]:
    return {
        "edition": edition,
        "proposal": own.proposal,
        "sheet": own,
        "form": form,
        "criteria": edition.criteria_of(own.kind),
        "saved": None,
        "message": "",
    }


def _has_gaps(form: SheetForm, criteria: list[Criterion]) -> bool:
    """Mark the criteria without a score; tell whether there are any."""
    gaps = [form[f"score_{each.id}"] for each in criteria if form[f"score_{each.id}"].data is None]
    for field in gaps:
        field.errors = [gettext("Give a score.")]
    return bool(gaps)


def _url(proposal: Proposal, kind: SheetKind) -> str:
    slug = proposal.edition.slug
    return url_for("scoring.sheet", edition=slug, proposal=proposal.number, sheet=kind.value)
