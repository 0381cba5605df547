"""What a reader may see of the ranking, before any page or file shows it."""

from collections.abc import Sequence
from dataclasses import replace

from app.editions.models import Edition
from app.editions.permissions import User
from app.scoring.permissions import can_see_ranking
from app.scoring.queries import ranking_of
from app.scoring.ranking import Ranked, Ranking


def ranking_for(user: User, edition: Edition, *, is_recused: bool) -> Ranking | None:
    """Return the ranking as the user may read it, None if they may not.

    While it is provisional, nobody has a rank in it.
    """
    is_confirmed = edition.is_confirmed
    if not can_see_ranking(user, is_recused=is_recused, is_confirmed=is_confirmed):
        return None
    ranking = ranking_of(edition)
    if ranking.is_complete:
        return ranking
    return Ranking([replace(line, rank=None) for line in ranking.lines], is_complete=False)


def final_ranking(edition: Edition) -> Sequence[Ranked]:
    """Return the ranking once the result is confirmed, nothing before."""
    return ranking_of(edition).lines if edition.is_confirmed else []
