"""What a reader may see of the ranking, before any page or file shows it."""

from collections.abc import Collection, Sequence

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.models import Sheet
from app.evaluation.queries import whole_sheets
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


def presentation_sheets(edition: Edition, *, without: Collection[int]) -> Sequence[Sheet]:
    """Return the judges' sheets of presentations as an organiser may read them.

    `without` holds the proposals (ids) from which a conflict bars them. As with the ranking, who is
    recused from a competing one reads none of them before the result is confirmed.
    """
    competing = {line.proposal_id for line in ranking_of(edition).lines}
    if not edition.is_confirmed and not competing.isdisjoint(without):
        return []
    return whole_sheets(edition, SheetKind.PRESENTATION, without=without)
