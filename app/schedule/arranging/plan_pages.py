"""Pages where the organiser has a schedule computed, looks at it, applies or drops it."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.jobs import queue
from app.jobs.models import JobState
from app.schedule.arranging import plans, previews, priorities
from app.schedule.arranging.arrangements import use_usual_breaks as use_breaks
from app.schedule.draft import queries
from app.schedule.solver.goals import FIXED, USUAL_ORDER, Goal
from app.web.access import requires
from app.web.fields import form_id
from app.web.pages import page_number, page_or_partial, paged

blueprint = Blueprint("plan", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/schedule/plan")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the computation is, and what it proposes beside the draft."""
    job = plans.latest_plan(edition)
    is_done = job is not None and job.state is JobState.DONE
    preview = plans.preview_plan(job, edition) if job is not None and is_done else None
    named = preview.named if preview else set()
    moves = paged(preview.moves if preview else [], page_number())
    return page_or_partial(
        "schedule/plan.html",
        edition=edition,
        job=job,
        scopes=list(plans.Scope),
        fixed=FIXED,
        order=priorities.goal_order(edition),
        moved=request.args.get("moved", ""),
        has_usual_order=priorities.has_usual_order(edition),
        rooms={room.id: room for room in edition.rooms},
        breaks={pause.id: pause for pause in edition.breaks},
        preview=preview,
        moves=moves,
        names=queries.names_of(
            edition,
            proposals=named | {move.talk_id for move in moves.items},
            slots={slot for move in moves.items for slot in (move.before, move.after) if slot},
            people=preview.people if preview else (),
        ),
        most_listed=previews.MOST_LISTED,
        most_named=previews.MOST_NAMED,
        panels={panel.id: panel for panel in queries.panels(edition)} if preview else {},
    )


@blueprint.post("/schedule/plan")
@requires(organiser)
def compute_plan(user: User, edition: Edition) -> ResponseReturnValue:
    """Have the worker compute a schedule."""
    scope = request.form.get("scope", "")
    if scope not in {choice.value for choice in plans.Scope}:
        abort(400)
    plans.request_plan(edition, plans.Scope(scope), by=user.acting, now=clock.now())
    return redirect(url_for("plan.index", edition=edition.slug))


@blueprint.post("/schedule/plan/order")
@requires(organiser)
def change_order(user: User, edition: Edition) -> ResponseReturnValue:
    """Put a goal in another place, or all in the usual order."""
    goal, place, now = request.form.get("goal", ""), form_id("place"), clock.now()
    if not goal:
        priorities.use_usual_order(edition, by=user.acting, now=now)
    elif goal in {*USUAL_ORDER}:
        priorities.put_goal(edition, Goal(goal), place, by=user.acting, now=now)
    else:
        abort(400)
    flash(gettext("The order of the goals has been saved for the next schedule."))
    return redirect(
        url_for("plan.index", edition=edition.slug, moved=goal or None, _anchor="goals")
    )


@blueprint.post("/schedule/plan/breaks")
@requires(organiser)
def use_usual_breaks(user: User, edition: Edition) -> ResponseReturnValue:
    """Let the breaks begin at their usual times again; the slots are then to be made anew."""
    use_breaks(edition, by=user.acting, now=clock.now())
    flash(gettext("The breaks are back at their usual times. Create the slots again."))
    return redirect(url_for("schedule.slots", edition=edition.slug))


@blueprint.post("/schedule/plan/removal")
@requires(organiser)
def stop_plan(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop the computation with the best so far, or drop what it proposes."""
    job = plans.latest_plan(edition) or abort(404)
    queue.stop_job(job, now=clock.now())
    return redirect(url_for("plan.index", edition=edition.slug))


@blueprint.post("/schedule/plan/application")
@requires(organiser)
def apply_plan(user: User, edition: Edition) -> ResponseReturnValue:
    """Make the draft what was proposed."""
    job = plans.latest_plan(edition) or abort(404)
    count = plans.apply_plan(job, edition, by=user.acting, now=clock.now())
    flash(
        ngettext(
            "This schedule is now the draft: %(count)s presentation moved.",
            "This schedule is now the draft: %(count)s presentations moved.",
            count,
            count=count,
        )
    )
    return redirect(url_for("arrangement.index", edition=edition.slug))
