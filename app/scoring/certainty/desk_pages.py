"""The page on how sure the tabulation of the desk evaluation is."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_or_observer
from app.evaluation.access import barred_from
from app.jobs.queue import stop_job
from app.scoring.certainty.asking import certainty_in
from app.scoring.certainty.desk_asking import KIND, request_desk_certainty
from app.scoring.certainty.desk_reading import desk_certainty_for
from app.screening.tabulation import is_whole
from app.web.access import requires
from app.web.pages import page_number, page_or_partial, paged

blueprint = Blueprint("desk_certainty", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/tabulation/certainty")
@requires(organiser_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what the worker found, or how far it has come; nothing to whom a conflict bars."""
    is_barred = bool(barred_from(user, edition))
    job, found = certainty_in(edition, KIND)
    certainty = None if is_barred or found is None else desk_certainty_for(user, edition, found)
    return page_or_partial(
        "scoring/desk_certainty.html",
        edition=edition,
        is_barred=is_barred,
        is_complete=is_whole(edition),
        job=None if is_barred else job,
        certainty=certainty,
        lines=paged(certainty.places if certainty else [], page_number()),
        is_current=found is not None and found.is_current,
        may_ask=organiser(user) and not is_barred,
    )


@blueprint.post("/tabulation/certainty")
@requires(organiser)
def ask(user: User, edition: Edition) -> ResponseReturnValue:
    """Have the worker compute it, perhaps anew."""
    request_desk_certainty(edition, by=user.acting, now=clock.now())
    return redirect(url_for("desk_certainty.index", edition=edition.slug))


@blueprint.post("/tabulation/certainty/stop")
@requires(organiser)
def stop(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop the computation."""
    job, _ = certainty_in(edition, KIND)
    if job is not None and job.is_waiting:
        stop_job(job, now=clock.now())
    return redirect(url_for("desk_certainty.index", edition=edition.slug))
