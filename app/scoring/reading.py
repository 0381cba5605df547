"""What a reader may see of the ranking, before any page or file shows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.editions.permissions import User
from app.evaluation.models import Look, Sheet
from app.evaluation.queries import whole_sheets
from app.evaluation.quorum import Turnout
from app.proposals.models import Proposal
from app.scoring.inputs import ladder_of
from app.scoring.permissions import can_see_ranking
from app.scoring.queries import is_looked_at_again, proposals_in, ranking_of
from app.scoring.ranking import Ranked, Ranking, deciding
from app.scoring.turnouts import turnouts_of


def ranking_for(user: User, edition: Edition, *, is_recused: bool) -> Ranking | None:
    """Return the ranking, None if the user may not read it."""
    return ranking_of(edition) if may_read_ranking(user, edition, is_recused=is_recused) else None


def may_read_ranking(user: User, edition: Edition, *, is_recused: bool) -> bool:
    """Return whether the user may read the ranking now, and what is computed from it."""
    return can_see_ranking(
        user,
        is_recused=is_recused,
        is_confirmed=edition.is_confirmed,
        waits=waits_for_second_look(user, edition),
    )


def waits_for_second_look(user: User, edition: Edition) -> bool:
    """Return whether the user sees no ranking yet because a judge may be asked for more sheets."""
    return is_looked_at_again(edition) and user.is_a(Role.JUDGE)


def looks_for(user: User, edition: Edition) -> Collection[Look]:
    """Return the looks whose sheets the user may know of.

    Until a second look has ended no judge knows which presentations are looked at again.
    """
    return (Look.FIRST,) if waits_for_second_look(user, edition) else tuple(Look)


def final_ranking(edition: Edition) -> Ranking:
    """Return the ranking once the result is confirmed, an empty one before."""
    return ranking_of(edition) if edition.is_confirmed else Ranking([], is_complete=False)


@dataclass(frozen=True)
class Tie:
    """A final result, in points, that several share, and the criteria that decided, if any did."""

    final: Fraction
    criteria: tuple[Criterion, ...]


def ties_in(edition: Edition, ranking: Ranking) -> dict[int, Tie]:
    """Return the ties of a complete ranking, by proposal id; a provisional one has none yet."""
    if not ranking.is_complete:
        return {}
    finals = {line.proposal_id: line.final for line in ranking.lines}
    named = breaking_criteria(edition)
    return {
        key: Tie(final, tuple(named[place] for place in sorted(places)))
        for key, places in deciding(ranking.lines).items()
        if (final := finals[key]) is not None
    }


def breaking_criteria(edition: Edition) -> list[Criterion]:
    """Return the criteria that break ties, first one first: of both kinds, that of the first."""
    return [next(iter(rung.values())) for rung in ladder_of(edition)]


def short_of_quorum(
    edition: Edition, lines: Sequence[Ranked], *, without: Collection[int]
) -> list[tuple[Proposal, Turnout]]:
    """Return whose presentation fewer judges count in than must, by number, with the turnout.

    `lines` are those of a ranking that the user may read; proposals that a conflict bars them from
    (the ids `without`) are left out. Where presentations don't count there are none.
    """
    short = [line for line in lines if line.is_short and line.proposal_id not in without]
    if not short:
        return []
    named = proposals_in(short)
    turnouts = turnouts_of(edition, [line.proposal_id for line in short])
    return [(named[key], turnout) for key, turnout in turnouts.items()]


def presentation_sheets(edition: Edition, *, without: Collection[int]) -> Sequence[Sheet]:
    """Return the judges' sheets of presentations as an organiser may read them.

    `without` holds the proposals (ids) whose judgement they may not read. As with the ranking, who
    is barred from a competing one reads none of them before the result is confirmed.
    """
    competing = {line.proposal_id for line in ranking_of(edition).lines}
    if not edition.is_confirmed and not competing.isdisjoint(without):
        return []
    return whole_sheets(edition, SheetKind.PRESENTATION, without=without)
