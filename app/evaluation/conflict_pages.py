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
from app.editions.permissions import (
    User,
    committee_chair_or_observer,
    organiser,
    organiser_or_chair,
    sheet_writer,
)
from app.editions.queries import chair_of, unpledged
from app.evaluation import declarations, recusals, recusing
from app.evaluation.access import decider, is_barred
from app.evaluation.forms import DeclarationForm
from app.evaluation.models import ConflictKind, Sheet
from app.evaluation.permissions import PLEDGING, can_agree
from app.evaluation.queries import proposal_in
from app.evaluation.reading import conflict_lists, recused_lines
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.fields import form_id, form_text, search_asked
from app.web.pages import page, page_number, paged
from app.workflow import N_

KINDS = (("", N_("All")), *((kind.value, kind.label) for kind in ConflictKind))


blueprint = Blueprint("conflicts", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/conflicts")
@requires(committee_chair_or_observer)
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
        pending=found.pending,
        recused=recused_lines(user, edition),
        in_force=paged(found.in_force, page_number()),
        dismissed=found.dismissed,
    )


@blueprint.post("/conflicts/dismissal")
@requires(organiser)
def dismiss(user: User, edition: Edition) -> ResponseReturnValue:
    """Dismiss a detected conflict, with a reason."""
    _settle(user, edition, declarations.dismiss_conflict)
    flash(gettext("Recorded: this is not a conflict."))
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
    proposal, person, kind = _named(edition)
    if not decider(user, edition, proposal):
        abort(403)
    act(proposal, person, kind, reason=form_text("reason"), by=user.acting, now=clock.now())


def _named(edition: Edition) -> tuple[Proposal, Person, ConflictKind]:
    """Return whose conflict with what the form names."""
    person = db.session.get(Person, form_id("person"))
    proposal = proposal_in(edition, form_id("proposal"))
    kind = request.form.get("kind", "")
    if person is None or proposal is None or kind not in set(ConflictKind):
        abort(404)
    return proposal, person, ConflictKind(kind)


@blueprint.post("/conflicts/agreement")
@requires(organiser_or_chair)
def agree(user: User, edition: Edition) -> ResponseReturnValue:
    """Agree to a conflict that was declared after scores could be read: it counts from now on."""
    return _answer(
        user, edition, declarations.agree_to_conflict, gettext("The conflict is now in force.")
    )


@blueprint.post("/conflicts/agreement/removal")
@requires(organiser_or_chair)
def decline(user: User, edition: Edition) -> ResponseReturnValue:
    """Decline a conflict that was declared after scores could be read, with a reason."""
    return _answer(
        user, edition, declarations.decline_conflict, gettext("The score sheet still counts.")
    )


@blueprint.post("/conflicts/recusal/removal")
@requires(organiser)
def restore(user: User, edition: Edition) -> ResponseReturnValue:
    """Let a recused sheet count again that no conflict bars any more, with a reason."""
    sheet = db.session.get(Sheet, form_id("sheet"))
    if sheet is None or sheet.proposal.edition_id != edition.id:
        abort(404)
    if not decider(user, edition, sheet.proposal):
        abort(403)
    recusing.restore_sheet(sheet, reason=form_text("reason"), by=user.acting, now=clock.now())
    flash(gettext("The score sheet counts again."))
    return redirect(url_for("conflicts.index", edition=edition.slug))


def _answer(
    user: User, edition: Edition, act: Callable[..., Any], message: str
) -> ResponseReturnValue:
    """Agree or decline, if that is this user's to do."""
    proposal, person, kind = _named(edition)
    if is_barred(user, edition, proposal) or not can_agree(user, person, chair_of(edition)):
        abort(403)
    act(proposal, person, kind, reason=form_text("reason"), by=user.acting, now=clock.now())
    flash(message)
    return redirect(url_for("conflicts.index", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/conflict")
@requires(sheet_writer)
def conflict(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the form in which evaluators declare a conflict of interest."""
    return _declaration(user, edition, proposal, DeclarationForm().offer())


@blueprint.post("/proposals/<int:proposal>/conflict")
@requires(sheet_writer)
def declare(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Declare a conflict of the user's own: their sheets no longer count."""
    form = DeclarationForm().offer()
    if not form.validate():
        return _declaration(user, edition, proposal, form, 422)
    declared = declarations.declare_conflict(
        proposal,
        user.acting,
        ConflictKind(form.kind.data),
        reason=form.reason.data or "",
        by=user.acting,
        now=clock.now(),
    )
    if declared.is_pending:
        flash(gettext("Recorded. It takes effect once someone else has agreed to it."))
    else:
        flash(gettext("You are recused from “%(title)s”.", title=proposal.title))
    return redirect(url_for("dashboard.my_work"))


def _declaration(
    user: User, edition: Edition, proposal: Proposal, form: DeclarationForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "evaluation/conflict.html",
        status,
        edition=edition,
        proposal=proposal,
        form=form,
        is_late=declarations.is_late(proposal, user.acting),
    )
