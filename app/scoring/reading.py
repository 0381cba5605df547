"""What a reader may see of the ranking, before any page or file shows it."""

from collections.abc import Sequence

from app.editions.models import Edition
from app.editions.permissions import User
from app.scoring.permissions import can_see_ranking
from app.scoring.queries import ranking_of
from app.scoring.ranking import Ranked, Ranking


def ranking_for(user: User, edition: Edition, *, is_recused: bool) -> Ranking | None:
    """Return the ranking, None if the user may not read it."""
    is_confirmed = edition.is_confirmed
    if not can_see_ranking(user, is_recused=is_recused, is_confirmed=is_confirmed):
        return None
    return ranking_of(edition)


def final_ranking(edition: Edition) -> Sequence[Ranked]:
    """Return the ranking once the result is confirmed, nothing before."""
    return ranking_of(edition).lines if edition.is_confirmed else []
