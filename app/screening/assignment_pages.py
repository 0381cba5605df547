"""Pages on which desk sheets are handed out: computed by the worker, or by a rule."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app import clock
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from
from app.evaluation.queries import evaluator_progress
from app.jobs import queue
from app.jobs.models import JobState
from app.screening import assignments
from app.screening.forms import RuleForm, rule_form
from app.web.access import requires
from app.web.links import link_to
from app.web.pages import page_or_partial

blueprint = Blueprint("assignment", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/assignment")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the automatic assignment has come, and what it proposes."""
    return _assignment_page(edition, rule_form(edition)(formdata=None))


@blueprint.post("/assignment")
@requires(organiser)
def compute_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Ask the worker to compute who should evaluate what."""
    assignments.request_assignment(edition, by=user.acting, now=clock.now())
    return redirect(url_for("assignment.index", edition=edition.slug))


@blueprint.post("/assignment/rule")
@requires(organiser)
def preview_rule(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what giving an evaluator all proposals in a category would do."""
    form = rule_form(edition)()
    if not form.validate():
        return _assignment_page(edition, form, status=422)
    outcome = assignments.by_rule(edition, **form.rule(edition), without=barred_from(user, edition))
    return _assignment_page(edition, form, outcome=outcome)


@blueprint.post("/assignment/rule/sheets")
@requires(organiser)
def assign_by_rule(user: User, edition: Edition) -> ResponseReturnValue:
    """Give an evaluator all proposals in a category."""
    form = rule_form(edition)()
    if not form.validate():
        return _assignment_page(edition, form, status=422)
    made = assignments.assign_by_rule(
        edition,
        **form.rule(edition),
        without=barred_from(user, edition),
        link=_link_to_sheets(edition),
        by=user.acting,
        now=clock.now(),
    )
    return _assigned(edition, made)


@blueprint.post("/assignment/removal")
@requires(organiser)
def stop_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop the computation, or drop what it proposes."""
    job = queue.latest_job(assignments.KIND, edition.id) or abort(404)
    queue.stop_job(job, now=clock.now())
    return redirect(url_for("assignment.index", edition=edition.slug))


@blueprint.post("/assignment/sheets")
@requires(organiser)
def apply_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Hand out the sheets that were proposed."""
    job = queue.latest_job(assignments.KIND, edition.id) or abort(404)
    made = assignments.apply_assignment(
        job, edition, link=_link_to_sheets(edition), by=user.acting, now=clock.now()
    )
    return _assigned(edition, made)


def _assigned(edition: Edition, count: int) -> ResponseReturnValue:
    message = ngettext(
        "%(count)s desk sheet has been assigned.",
        "%(count)s desk sheets have been assigned.",
        count,
        count=count,
    )
    flash(message)
    return redirect(url_for("screening.index", edition=edition.slug))


def _link_to_sheets(edition: Edition) -> str:
    kind = SheetKind.DESK.value
    return link_to("sheets.index", edition=edition.slug, kind=kind)


def _assignment_page(
    edition: Edition,
    form: RuleForm,
    *,
    outcome: assignments.RuleOutcome | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    job = queue.latest_job(assignments.KIND, edition.id)
    plan = (
        assignments.preview_assignment(job, edition) if job and job.state is JobState.DONE else None
    )
    return page_or_partial(
        "screening/assignment.html",
        status,
        edition=edition,
        job=job,
        plan=plan,
        form=form,
        outcome=outcome,
        progress=evaluator_progress(edition, SheetKind.DESK),
    )
