"""Pages for the desk evaluation as a whole: who evaluates what, and the tabulation."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.jobs import queue
from app.jobs.models import JobState
from app.proposals.models import Proposal
from app.screening import assignments, decisions, discussion, queries, recusals
from app.screening import tabulation as table
from app.screening.access import decider, reader
from app.screening.forms import (
    DecisionForm,
    FilterForm,
    RuleForm,
    asked_filters,
    decision_form,
    has_gaps,
    rule_form,
)
from app.screening.permissions import evaluator
from app.screening.routes import blueprint, url_of
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_ids, form_text, whole
from app.web.pages import listing, page, page_number, page_or_partial
from app.workflow import DomainError


@blueprint.get("/assignment")
@requires(organiser)
def assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the automatic assignment is, and what it proposes."""
    return _assignment_page(edition, rule_form(edition)(formdata=None))


@blueprint.post("/assignment")
@requires(organiser)
def compute_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Let the worker compute who should evaluate what."""
    assignments.request(edition, by=user.acting, now=clock.now())
    return redirect(url_for("screening.assignment", edition=edition.slug))


@blueprint.post("/assignment/rule")
@requires(organiser)
def preview_rule(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what giving an evaluator all proposals of a category would do."""
    form = rule_form(edition)()
    if not form.validate():
        return _assignment_page(edition, form, status=422)
    outcome = assignments.by_rule(edition, **form.rule(edition), without=_barred(user, edition))
    return _assignment_page(edition, form, outcome=outcome)


@blueprint.post("/assignment/rule/sheets")
@requires(organiser)
def assign_by_rule(user: User, edition: Edition) -> ResponseReturnValue:
    """Give an evaluator all proposals of a category."""
    form = rule_form(edition)()
    if not form.validate():
        return _assignment_page(edition, form, status=422)
    made = assignments.assign_by_rule(
        edition,
        **form.rule(edition),
        without=_barred(user, edition),
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("%(count)s sheets are assigned.", count=made))
    return redirect(url_for("screening.index", edition=edition.slug))


@blueprint.post("/assignment/removal")
@requires(organiser)
def stop_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop the computation, or drop what it proposes."""
    job = queue.latest(assignments.KIND, edition.id) or abort(404)
    queue.stop(job, now=clock.now())
    return redirect(url_for("screening.assignment", edition=edition.slug))


@blueprint.post("/assignment/sheets")
@requires(organiser)
def apply_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Hand out the sheets that were proposed."""
    job = queue.latest(assignments.KIND, edition.id) or abort(404)
    made = assignments.apply(job, edition, by=user.acting, now=clock.now())
    flash(gettext("%(count)s sheets are assigned.", count=made))
    return redirect(url_for("screening.index", edition=edition.slug))


@blueprint.get("/tabulation")
@requires(reader)
def tabulation(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the desk evaluation as a ranked table in which many can be decided at once."""
    barred = _barred(user, edition)
    filters = asked_filters(request.args)
    found = listing(table.tabulation(edition, filters, without=barred), page_number())
    shown = [standing.proposal for standing in found.items]
    return page_or_partial(
        "screening/tabulation.html",
        edition=edition,
        found=found,
        ranks=table.ranks(found.items, edition, without=barred),
        filters=filters,
        asked={"edition": edition.slug} | filters.as_fields(),
        form=FilterForm(formdata=None, data=filters.as_fields()),
        sheets=queries.sheets_by_proposal(shown, SheetKind.DESK),
        prepared=queries.prepared_among(shown),
        remarks=discussion.counts(shown) if organiser(user) else {},
        outcomes=table.prepared_outcomes(edition, without=barred),
        passing=table.passing_units(edition),
        disagreement=table.disagreement_units(edition),
        reserve=[each for each in queries.reserve_list(edition) if each.id not in barred],
        left_out=len(barred),
        may_decide=organiser(user),
    )


@blueprint.post("/tabulation/preview")
@requires(organiser)
def preview(user: User, edition: Edition) -> ResponseReturnValue:
    """Show which proposals a decision would be prepared on, and which not and why."""
    form = decision_form(edition)(formdata=None, outcome=request.form.get("outcome"))
    return _preview(edition, form, _marked(user, edition))


@blueprint.post("/tabulation/decisions")
@requires(organiser)
def prepare_many(user: User, edition: Edition) -> ResponseReturnValue:
    """Prepare the same decision on all that the preview named."""
    form, chosen = decision_form(edition)(), _named(user, edition)
    if not chosen:
        abort(404)
    if not form.validate() or has_gaps(form):
        return _preview(edition, form, chosen, 422)
    try:
        decisions.prepare(chosen, form.verdict(), edition, by=user.acting, now=clock.now())
    except DomainError as error:
        return _preview(edition, form, chosen, refuse(form, error))
    flash(gettext("%(count)s decisions are prepared.", count=len(chosen)))
    return redirect(url_for("screening.tabulation", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/promotion")
@requires(decider)
def promote(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Move the first of the reserve list up to the finalists."""
    decisions.promote(proposal, link_to=url_of, by=user.acting, now=clock.now())
    flash(gettext("“%(title)s” is a finalist now; the letter is on its way.", title=proposal.title))
    return redirect(url_for("screening.tabulation", edition=edition.slug))


def _assignment_page(
    edition: Edition,
    form: RuleForm,
    *,
    outcome: assignments.RuleOutcome | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    job = queue.latest(assignments.KIND, edition.id)
    plan = assignments.preview(job, edition) if job and job.state is JobState.DONE else None
    return page_or_partial(
        "screening/assignment.html",
        status,
        edition=edition,
        job=job,
        plan=plan,
        form=form,
        outcome=outcome,
        progress=queries.progress(edition, SheetKind.DESK),
    )


def _preview(
    edition: Edition, form: DecisionForm, chosen: list[Proposal], status: int = 200
) -> ResponseReturnValue:
    """Show what can be decided, and beside it what can't and why; only the former is named."""
    outcome = form.outcome_chosen
    refused = decisions.refusals(chosen, outcome, edition) if outcome else {}
    possible = [each for each in chosen if each.id not in refused]
    return page(
        "screening/preview.html",
        status,
        edition=edition,
        form=form,
        possible=possible,
        refused=[(each, refused[each.id]) for each in chosen if each.id in refused],
        numbers=",".join(str(each.number) for each in possible),
    )


def _marked(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals that the table marks: single ones, or all that its filters find."""
    barred = _barred(user, edition)
    if request.form.get("scope") != "all":
        numbers = form_ids("proposal")
        return queries.proposals_numbered(edition, numbers, without=barred)
    found = table.tabulation(edition, asked_filters(request.form), without=barred)
    return [standing.proposal for standing in db.session.scalars(found)]


def _named(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals that the preview's form names."""
    numbers = {whole(each) for each in form_text("numbers", 100_000).split(",")} - {0}
    barred = _barred(user, edition)
    return queries.proposals_numbered(edition, numbers, without=barred)


def _barred(user: User, edition: Edition) -> set[int]:
    return recusals.barred_for(evaluator(user), edition)
