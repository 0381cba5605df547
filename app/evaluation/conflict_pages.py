"""Pages of conflicts of interest: listing, confirming, dismissing and declaring them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User, committee_or_observer, organiser, sheet_writer
from app.editions.queries import unpledged
from app.evaluation import declarations, recusals
from app.evaluation.access import decider
from app.evaluation.forms import DeclarationForm
from app.evaluation.models import ConflictKind
from app.evaluation.permissions import PLEDGING
from app.evaluation.queries import proposal_in
from app.evaluation.reading import conflict_lists
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.fields import form_id, form_text, search_asked
from app.web.pages import page, page_number, paged
from app.workflow import N_

KINDS = (("", N_("All")), *((kind.value, kind.label) for kind in ConflictKind))


blueprint = Blueprint("conflicts", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/conflicts")
@requires(committee_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List every conflict of interest of judges and evaluators, detected and declared."""
    search, kind = search_asked(request.args.get("search")), request.args.get("kind", "")
    found = conflict_lists(user, edition, search=search, kind=kind)
    return page(
        "evaluation/conflicts.html",
        edition=edition,
        search=search,
        kind=kind,
        kinds=KINDS,
        hosts=recusals.hosts_among_judges(edition),
        unpledged=unpledged(edition, PLEDGING),
        in_force=paged(found.in_force, page_number()),
        dismissed=found.dismissed,
    )


@blueprint.post("/conflicts/dismissal")
@requires(organiser)
def dismiss(user: User, edition: Edition) -> ResponseReturnValue:
    """Dismiss a detected conflict, with a reason."""
    _settle(user, edition, declarations.dismiss_conflict)
    flash(gettext("Recorded: this is no conflict."))
    return redirect(url_for("conflicts.index", edition=edition.slug))


@blueprint.post("/conflicts/confirmation")
@requires(organiser)
def confirm_conflict(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm a detected conflict, with a reason."""
    _settle(user, edition, declarations.confirm_conflict)
    flash(gettext("Recorded: this is a conflict."))
    return redirect(url_for("conflicts.index", edition=edition.slug))


def _settle(user: User, edition: Edition, act: Callable[..., Any]) -> None:
    """Confirm or dismiss the conflict that the form names; 403 for anyone barred by one."""
    person = db.session.get(Person, form_id("person"))
    proposal = proposal_in(edition, form_id("proposal"))
    kind = request.form.get("kind", "")
    if person is None or proposal is None or kind not in set(ConflictKind):
        abort(404)
    if not decider(user, edition, proposal):
        abort(403)
    reason = form_text("reason")
    act(proposal, person, ConflictKind(kind), reason=reason, by=user.acting, now=clock.now())


@blueprint.get("/proposals/<int:proposal>/conflict")
@requires(sheet_writer)
def conflict(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the form in which evaluators declare a conflict of interest."""
    form = DeclarationForm().offer()
    return page("evaluation/conflict.html", edition=edition, proposal=proposal, form=form)


@blueprint.post("/proposals/<int:proposal>/conflict")
@requires(sheet_writer)
def declare(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Declare a conflict of the user's own: their sheets no longer count."""
    form = DeclarationForm().offer()
    if not form.validate():
        return page("evaluation/conflict.html", 422, edition=edition, proposal=proposal, form=form)
    declarations.declare_conflict(
        proposal,
        user.acting,
        ConflictKind(form.kind.data),
        reason=form.reason.data or "",
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("You are recused from “%(title)s”.", title=proposal.title))
    return redirect(url_for("dashboard.my_work"))
