"""The awards of an edition: its rules and ranking put through the cascade."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from sqlalchemy import select

from app.awards import queries
from app.awards.cascade import Awarding, Contender, Decisions, Rule, cascade
from app.awards.models import Award, Deviation
from app.database import db
from app.editions.kinds import AwardKind, SheetKind
from app.editions.models import Edition
from app.editions.parts import Category
from app.editions.units import Agency, UnitKind
from app.evaluation.statistics import ranks
from app.proposals.models import Proposal
from app.scoring.queries import criterion_means, ranking_of
from app.scoring.ranking import Ranked, both_weighed
from app.workflow import N_, DomainError


def awarding_of(edition: Edition, lines: Sequence[Ranked], decisions: Decisions) -> Awarding:
    """Return who gets which award; raise `DomainError` where a decision breaks a rule."""
    return cascade(rules_in(edition), contenders_in(edition, lines), decisions, edition.prize_limit)


def decisions_in(awards: Iterable[Award], deviations: Iterable[Deviation]) -> Decisions:
    """Return the decisions that led to these awards."""
    chosen: dict[int, dict[int, str]] = defaultdict(dict)
    places: dict[int, dict[int, int]] = {own.category_id: {} for own in deviations}
    for award in awards:
        if award.reason:
            chosen[award.category_id][award.proposal_id] = award.reason
        if award.category_id in places:
            places[award.category_id][award.proposal_id] = award.rank or 0
    return Decisions(chosen, places)


def rules_in(edition: Edition) -> list[Rule]:
    """Return the rules of the edition's awards, in the order in which they are given."""
    return [
        Rule(own.id, own.kind, own.places, own, own.criterion, own.only_for)
        for own in edition.award_categories
    ]


def contenders_in(edition: Edition, lines: Sequence[Ranked]) -> list[Contender]:
    """Return the proposals of these lines as contenders for awards."""
    ids = [line.proposal_id for line in lines]
    facts = _facts_of(ids)
    means = _means_of(edition, ids)
    return [
        Contender(
            line.proposal_id,
            facts[line.proposal_id][0],
            line.rank,
            facts[line.proposal_id][1],
            means.get(line.proposal_id, {}),
        )
        for line in lines
    ]


def without(lines: Sequence[Ranked], gone: Collection[int]) -> list[Ranked]:
    """Return the lines as they would be if these proposals (ids) did not compete.

    Their sheets go on telling how severe judges are, so that nobody else's result changes.
    """
    left = [line for line in lines if line.proposal_id not in gone]
    placed = [line for line in left if line.rank is not None]
    places = ranks([(line.final, line.tie_breakers) for line in placed])
    renewed = {line.proposal_id: place for line, place in zip(placed, places, strict=True)}
    return [replace(line, rank=renewed.get(line.proposal_id)) for line in left]


def awards_for(edition: Edition, awarding: Awarding) -> list[Award]:
    """Return the rows of the awards; raise `DomainError` while a tie is not decided."""
    names = {own.id: own for own in edition.award_categories}
    for category_id in sorted(awarding.undecided):
        raise DomainError(
            N_(
                "There is a tie for the last place in “%(category)s”: choose who gets it, "
                "and give a reason."
            ),
            category=names[category_id],
        )
    return [
        Award(
            edition_id=edition.id,
            category_id=given.category_id,
            proposal_id=given.proposal_id,
            rank=given.place,
            calculated=given.calculated,
            reason=given.reason,
        )
        for given in awarding.given
    ]


def check_winners(edition: Edition, awards: Sequence[Award], left_empty: Collection[int]) -> None:
    """Raise `DomainError` if the plenary chose nobody for an award and did not say so."""
    filled = {award.category_id for award in awards} | set(left_empty)
    for category in edition.award_categories:
        if category.kind in MUST_BE_FILLED and category.id not in filled:
            raise DomainError(
                N_(
                    "“%(category)s” has no winner. Choose one, or tick the box to leave it "
                    "empty. Your choices and text are below, but not saved yet."
                ),
                category=category,
            )


MUST_BE_FILLED = frozenset({AwardKind.PLENARY, AwardKind.BOTH})
"""The awards that are asked about when nobody gets them."""


def still_holds(edition: Edition) -> bool:
    """Return whether the ranking is complete and gives the awards as they were prepared."""
    ranking = ranking_of(edition)
    awards = queries.awards_of(edition)
    if not ranking.is_complete:
        return False
    decisions = decisions_in(awards, queries.deviations_of(edition))
    try:
        awarding = awarding_of(edition, ranking.lines, decisions)
    except DomainError:
        return False
    prepared = {
        (award.category_id, award.proposal_id, award.rank, award.calculated) for award in awards
    }
    now = {
        (given.category_id, given.proposal_id, given.place, given.calculated)
        for given in awarding.given
    }
    return not awarding.undecided and prepared == now


def _facts_of(proposals: Collection[int]) -> dict[int, tuple[int, frozenset[str]]]:
    """Return each proposal's agency (id), and the names of its category and kind of unit."""
    rows = db.session.execute(
        select(Proposal.id, Proposal.agency_id, Category.name, UnitKind.name)
        .join(Proposal.agency)
        .outerjoin(Proposal.category)
        .outerjoin(
            UnitKind,
            (UnitKind.organisation_id == Agency.organisation_id) & (UnitKind.code == Agency.kind),
        )
        .where(Proposal.id.in_(proposals))
    )
    return {
        proposal_id: (agency_id, frozenset(name for name in names if name))
        for proposal_id, agency_id, *names in rows
    }


def _means_of(edition: Edition, proposals: Collection[int]) -> dict[int, dict[str, Fraction]]:
    """Return the means of the criteria by which awards are given, by proposal id and name.

    Where desk and presentation both have the criterion, they are weighed as in the result.
    """
    wanted = {own.criterion for own in edition.award_categories if own.kind is AwardKind.CRITERION}
    if not wanted:
        return {}
    means = criterion_means(edition, proposals)
    of_name: dict[str, dict[SheetKind, int]] = {name: {} for name in wanted}
    for criterion in edition.criteria:
        if criterion.name in wanted:
            of_name[criterion.name].setdefault(criterion.kind, criterion.id)
    found: dict[int, dict[str, Fraction]] = {}
    for key in proposals:
        for name, own in of_name.items():
            desk, hall = (
                means.get((key, own[kind])) if kind in own else None for kind in SheetKind
            )
            found.setdefault(key, {})[name] = both_weighed(desk, hall, edition.desk_share)
    return found
