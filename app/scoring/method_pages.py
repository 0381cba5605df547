"""The page that says how the result is computed, with an example of this very edition."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.access import barred_from
from app.scoring.explained import explanation_for
from app.scoring.permissions import can_open_ranking
from app.scoring.queries import second_look_of
from app.scoring.reading import breaking_criteria, ranking_for, waits_for_second_look
from app.web.access import requires
from app.web.pages import page
from app.workflow import COMPETING

blueprint = Blueprint("method", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/ranking/method")
@requires(can_open_ranking)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Say in plain words how the result is computed; show its figures once it is complete."""
    is_recused = bool(barred_from(user, edition, COMPETING))
    ranking = ranking_for(user, edition, is_recused=is_recused)
    is_complete = ranking is not None and ranking.is_complete and bool(ranking.lines)
    return page(
        "scoring/method.html",
        edition=edition,
        ranking=ranking,
        explanation=explanation_for(user, edition) if is_complete else None,
        breaking=breaking_criteria(edition),
        is_recused=ranking is None,
        waits_for_second_look=waits_for_second_look(user, edition),
        second_look=second_look_of(edition),
    )
