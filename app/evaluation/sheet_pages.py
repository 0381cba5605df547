"""Pages of the score sheets: the user's own, and those that the chair reopens or excuses."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.editions.permissions import User, sheet_writer
from app.editions.queries import criteria_in
from app.evaluation.access import chair, decider, decider_or_chair
from app.evaluation.forms import SheetForm, filled_sheet, sheet_form
from app.evaluation.models import Sheet, SheetAct, SheetRequest
from app.evaluation.permissions import check_pledge
from app.evaluation.queries import counting_sheets, next_open_sheet, own_sheets_in_order
from app.evaluation.quorum import turnouts_in
from app.evaluation.second_person import (
    act_on_sheet,
    agree_to_request,
    decline_request,
    request_for,
)
from app.evaluation.sheets import (
    OvertakenSheet,
    lock_sheet,
    marks_on,
    so_far,
    waits_for,
    write_sheet,
    writing_deadline,
)
from app.programme.queries import appearances_of
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import form_id, form_text, version_of
from app.web.links import link_to
from app.web.pages import listing, page, page_number, page_or_partial, wants_partial

blueprint = Blueprint("sheets", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/sheets/<kind>")
@requires(sheet_writer)
def index(user: User, edition: Edition, kind: SheetKind) -> ResponseReturnValue:
    """List the user's own sheets, open ones first."""
    found = listing(own_sheets_in_order(user.acting, edition, kind), page_number())
    return page_or_partial(
        "evaluation/sheets.html",
        edition=edition,
        kind=kind,
        sheets=found,
        appearances=appearances_of([own.proposal for own in found.items]),
        deadline=writing_deadline(kind, edition),
        now=clock.now(),
    )


@blueprint.get("/proposals/<int:proposal>/sheets/<sheet>")
@requires(sheet_writer)
def sheet(user: User, edition: Edition, proposal: Proposal, sheet: Sheet) -> ResponseReturnValue:
    """Show the user's own sheet, once they have signed the integrity pledge."""
    if not user.has_pledged:
        return redirect(url_for("pledge.index", edition=edition.slug))
    criteria = criteria_in(edition, sheet.kind)
    values = _sheet_values(edition, sheet, criteria, filled_sheet(sheet, criteria))
    values["waits"] = waits_for(sheet, now=clock.now())
    return page("evaluation/sheet.html", **values)


@blueprint.post("/proposals/<int:proposal>/sheets/<sheet>")
@requires(sheet_writer)
def save(user: User, edition: Edition, proposal: Proposal, sheet: Sheet) -> ResponseReturnValue:
    """Save what is valid on the sheet, sent by HTMX while the user types or by the button."""
    criteria = criteria_in(edition, sheet.kind)
    form = sheet_form(criteria)()
    is_valid = form.validate()
    if overtaken := _write(user, edition, sheet, criteria, form):
        return overtaken
    if wants_partial():
        return page("evaluation/_state.html", **_sheet_values(edition, sheet, criteria, form))
    if not is_valid:
        return _sheet_page(edition, sheet, criteria, form, 422)
    flash(gettext("Saved."))
    return redirect(_address(proposal, sheet))


@blueprint.post("/proposals/<int:proposal>/sheets/<sheet>/lock")
@requires(sheet_writer)
def lock(user: User, edition: Edition, proposal: Proposal, sheet: Sheet) -> ResponseReturnValue:
    """Save what is valid; if that is all, submit the sheet, which locks it."""
    if request.headers.get("HX-Request"):
        abort(400)  # an automatic save never locks a sheet
    criteria = criteria_in(edition, sheet.kind)
    form = sheet_form(criteria)()
    is_valid = form.validate()
    if overtaken := _write(user, edition, sheet, criteria, form):
        return overtaken
    if not is_valid or _has_gaps(form, criteria):
        return _sheet_page(edition, sheet, criteria, form, 422)
    lock_sheet(sheet, edition, by=user.acting, now=clock.now())
    flash(
        gettext(
            "The score sheet for “%(title)s” has been submitted and locked.", title=proposal.title
        )
    )
    upcoming = next_open_sheet(user.acting, edition, sheet.kind, after=proposal)
    if upcoming is None:
        return redirect(url_for("sheets.index", edition=edition.slug, kind=sheet.kind.value))
    return redirect(_address(upcoming.proposal, upcoming))


def _write(
    user: User, edition: Edition, own: Sheet, criteria: list[Criterion], form: SheetForm
) -> Response | None:
    """Write what the form holds, once validated; return the page of both versions if overtaken."""
    check_pledge(user)
    marks = form.answered(criteria, saved=marks_on(own, criteria))
    try:
        write_sheet(own, marks, criteria, version=version_of(form), now=clock.now())
    except OvertakenSheet as overtaken:
        return _overtaken(edition, own, criteria, form, explain(overtaken))
    return None


@blueprint.get("/proposals/<int:proposal>/reopening")
@requires(chair)
def reopening(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show which sheets of the proposal are locked, and who wrote them."""
    return _reopening(edition, proposal)


@blueprint.post("/proposals/<int:proposal>/reopening")
@requires(chair)
def reopen(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Reopen a locked sheet, with a reason, or ask for it."""
    message = gettext("The score sheet has been reopened.")
    return _settled(user, edition, proposal, SheetAct.REOPEN, message)


@blueprint.post("/proposals/<int:proposal>/excusal")
@requires(chair)
def excuse(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Excuse a sheet that its judge can't write, with a reason, or ask for it."""
    message = gettext("The ranking continues without this sheet.")
    return _settled(user, edition, proposal, SheetAct.EXCUSE, message)


@blueprint.post("/proposals/<int:proposal>/requests")
@requires(decider)
def agree(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Agree, as a second person, to what the chair asks for."""
    request = _request(proposal)
    link = _link_to(request.sheet)
    agree_to_request(request, edition, link=link, by=user.acting, now=clock.now())
    flash(gettext("Agreed and carried out."))
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/requests/removal")
@requires(decider_or_chair)
def decline(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Decline what the chair asks for, or take it back as the chair."""
    decline_request(_request(proposal), edition, by=user.acting, now=clock.now())
    flash(gettext("The sheet stays as it is."))
    return redirect(url_for("scoring.progress", edition=edition.slug))


def _settled(
    user: User, edition: Edition, proposal: Proposal, act: SheetAct, message: str
) -> ResponseReturnValue:
    """Do what the chair asks for with the chosen sheet, if they gave a reason."""
    sheet, reason = _chosen_sheet(proposal), form_text("reason")
    if not reason:
        return _reopening(edition, proposal, 422)
    link, by, now = _link_to(sheet), user.acting, clock.now()
    is_done = act_on_sheet(sheet, act, edition, reason=reason, link=link, by=by, now=now)
    flash(message if is_done else gettext("Requested: an organiser must agree to it."))
    return redirect(url_for("scoring.progress", edition=edition.slug))


def _request(proposal: Proposal) -> SheetRequest:
    return request_for(_chosen_sheet(proposal)) or abort(404)


def _reopening(edition: Edition, proposal: Proposal, status: int = 200) -> ResponseReturnValue:
    """Show the first sheets alone: which are looked at again no judge knows, not even the chair."""
    own = counting_sheets(proposal, SheetKind.PRESENTATION)
    counting = [counted for counted in own if not counted.is_second_look]
    turnout = turnouts_in(edition, [proposal.id]).get(proposal.id)
    return page(
        "evaluation/reopening.html",
        status,
        edition=edition,
        proposal=proposal,
        locked=[counted for counted in counting if counted.is_locked],
        waiting=[counted for counted in counting if not counted.is_locked],
        left=turnout.after_one_less if turnout else None,
    )


def _chosen_sheet(proposal: Proposal) -> Sheet:
    found = db.session.get(Sheet, form_id("sheet"))
    is_first = found is not None and found.proposal_id == proposal.id and not found.is_second_look
    return found if found is not None and is_first else abort(404)


def _sheet_page(
    edition: Edition, own: Sheet, criteria: list[Criterion], form: SheetForm, status: int = 200
) -> ResponseReturnValue:
    return page("evaluation/sheet.html", status, **_sheet_values(edition, own, criteria, form))


def _overtaken(
    edition: Edition, own: Sheet, criteria: list[Criterion], form: SheetForm, message: str
) -> Response:
    """Show what was typed in the fields, and the saved version beside them."""
    saved = filled_sheet(own, criteria)
    form.take_untouched(saved)
    values = _sheet_values(edition, own, criteria, form) | {"saved": saved, "message": message}
    response = make_response(page_or_partial("evaluation/sheet.html", 409, **values))
    response.headers["HX-Retarget"] = "#sheet"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def _sheet_values(
    edition: Edition, own: Sheet, criteria: list[Criterion], form: SheetForm
) -> dict[str, Any]:
    return {
        "edition": edition,
        "proposal": own.proposal,
        "sheet": own,
        "form": form,
        "criteria": criteria,
        "so_far": so_far(own, criteria),
        "now": clock.now(),
        "waits": None,  # nothing that could be written waits
        "saved": None,
        "message": "",
    }


def _has_gaps(form: SheetForm, criteria: list[Criterion]) -> bool:
    """Mark the criteria without a score; return whether there are any."""
    gaps = [
        form[f"score_{criterion.id}"]
        for criterion in criteria
        if form[f"score_{criterion.id}"].data is None
    ]
    for field in gaps:
        field.errors = [gettext("Enter a score.")]
    return bool(gaps)


def _link_to(own: Sheet) -> str:
    """Return the whole address of a sheet, for a letter to its evaluator."""
    where = {"edition": own.proposal.edition.slug, "proposal": own.proposal.number}
    return link_to("sheets.sheet", sheet=own.name, **where)


def _address(proposal: Proposal, own: Sheet) -> str:
    slug = proposal.edition.slug
    return url_for("sheets.sheet", edition=slug, proposal=proposal.number, sheet=own.name)
