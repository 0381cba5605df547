"""The page on how sure the ranking is: asked of the worker, shown to who may see the ranking."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser_or_chair
from app.evaluation.access import barred_from
from app.jobs.queue import stop_job
from app.scoring.access import no_ranking
from app.scoring.certainty.asking import certainty_in, request_certainty
from app.scoring.certainty.reading import certainty_for
from app.scoring.permissions import can_open_ranking
from app.scoring.reading import ranking_for
from app.web.access import requires
from app.web.pages import page_number, page_or_partial, paged
from app.workflow import COMPETING

blueprint = Blueprint("certainty", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/ranking/certainty")
@requires(can_open_ranking)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what the worker found, or how far it has come."""
    is_recused = bool(barred_from(user, edition, COMPETING))
    ranking = ranking_for(user, edition, is_recused=is_recused)
    if ranking is None:
        return no_ranking(user, edition)
    job, found = certainty_in(edition)
    certainty = certainty_for(user, edition, found) if found and ranking.is_complete else None
    return page_or_partial(
        "scoring/certainty.html",
        edition=edition,
        is_complete=ranking.is_complete and bool(ranking.lines),
        job=job,
        certainty=certainty,
        lines=paged(certainty.places if certainty else [], page_number()),
        is_current=found is not None and found.is_current,
        may_ask=organiser_or_chair(user),
    )


@blueprint.post("/ranking/certainty")
@requires(organiser_or_chair)
def ask(user: User, edition: Edition) -> ResponseReturnValue:
    """Have the worker compute it, perhaps anew; the plenary asks too, and comes back to itself."""
    request_certainty(edition, by=user.acting, now=clock.now())
    is_plenary = request.form.get("from") == "plenary"
    place = "awards.plenary" if is_plenary else "certainty.index"
    return redirect(url_for(place, edition=edition.slug))


@blueprint.post("/ranking/certainty/stop")
@requires(organiser_or_chair)
def stop(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop the computation."""
    job, _ = certainty_in(edition)
    if job is not None and job.is_waiting:
        stop_job(job, now=clock.now())
    return redirect(url_for("certainty.index", edition=edition.slug))
