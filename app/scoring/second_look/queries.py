"""Reading what a second look has to choose from: results near the line, sheets, judges."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Select, func, not_, select

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import MOST_JUDGES, Role, SheetKind
from app.editions.models import Edition
from app.evaluation.models import Look, Participation, Sheet, Standing
from app.evaluation.queries import GONE
from app.evaluation.recusals import conflicts_by_pair
from app.proposals.models import Proposal
from app.scoring.inputs import shares_of
from app.scoring.models import ExtraJudge
from app.scoring.queries import judges_of, ranking_of
from app.scoring.second_look.choosing import (
    Choice,
    NearResult,
    choice_for,
    gain_of,
    nearest_first,
)
from app.workflow import COMPETING

NEAREST = 100
"""Proposals next to the line among which a judge's are chosen; more no judge is barred from."""


@dataclass(frozen=True)
class Candidate:
    """A judge who may be asked, what they would score, and by how much that lessens doubt.

    `again` are the proposals (ids) that they have scored before.
    """

    judge_id: int
    choice: Choice
    again: frozenset[int]
    gain: Fraction


def results_by_nearness(edition: Edition) -> list[NearResult]:
    """Return the results of a complete ranking, those first whose side of the line is in doubt.

    Until the ranking is complete there are none, nor of proposals without a place.
    """
    ranking = ranking_of(edition)
    if not ranking.is_complete:
        return []
    judges, shares = _judges_by_proposal(edition), shares_of(edition)
    found = [
        NearResult(
            line.proposal_id,
            line.final,
            sum(
                (
                    Fraction(share, 100) ** 2 / judges[line.proposal_id, kind]
                    for kind, share in shares.items()
                ),
                Fraction(0),
            ),
            judges[line.proposal_id, SheetKind.PRESENTATION],
        )
        for line in ranking.lines
        if line.final is not None and line.rank is not None
    ]
    return nearest_first(found, edition.last_awarded_place)


def candidates_in(edition: Edition, contenders: Collection[NearResult]) -> list[Candidate]:
    """Return the judges who may be asked now, those first whose sheets would tell most."""
    near, left = list(contenders)[:NEAREST], budget_left(edition)
    barred, scored = _barred_and_scored(edition, {contender.proposal_id for contender in near})
    full = {own.proposal_id for own in near if own.judges >= MOST_JUDGES}
    counts = {own.proposal_id: own.judges for own in near}
    experienced = _with_sheets(edition)
    found = []
    for judge_id in sorted(judges_of(edition)):
        own = scored.get(judge_id, frozenset())
        choice = choice_for(near, barred.get(judge_id, set()) | (full - own), left)
        gain = gain_of(choice, counts, own, is_known=judge_id in experienced)
        again = own & frozenset(choice.proposals)
        found.append(Candidate(judge_id, choice, again, gain))
    return sorted(found, key=lambda candidate: (-candidate.gain, candidate.judge_id))


def extra_judges(edition: Edition) -> list[ExtraJudge]:
    """Return whom the second look has asked, first one first."""
    statement = select(ExtraJudge).where(ExtraJudge.edition_id == edition.id)
    return list(db.session.scalars(statement.order_by(ExtraJudge.id)))


def second_sheets(edition: Edition) -> list[Sheet]:
    """Return the counting sheets of the second look, in the order in which they were given."""
    return list(db.session.scalars(_second_sheets(edition)))


def owed_by(edition: Edition) -> list[tuple[Person, int]]:
    """Return who owes sheets of the second look, and how many, in the order of names."""
    if not edition.second_look_budget:
        return []
    owed = _owed(edition).order_by(None).subquery()
    rows = db.session.execute(
        select(Person, func.count())
        .join(owed, owed.c.evaluator_id == Person.id)
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    return [(person, count) for person, count in rows]


def budget_left(edition: Edition) -> int:
    """Return how many more sheets the second look may ask for."""
    given = select(func.count()).select_from(_second_sheets(edition).order_by(None).subquery())
    return max(edition.second_look_budget - (db.session.scalar(given) or 0), 0)


def owed_sheets(edition: Edition) -> list[Sheet]:
    """Return the open sheets of the second look; of who no longer competes none is owed."""
    return list(db.session.scalars(_owed(edition)))


def _owed(edition: Edition) -> Select[Sheet]:
    return _second_sheets(edition).where(not_(Sheet.is_locked), Proposal.status.not_in(GONE))


def _second_sheets(edition: Edition) -> Select[Sheet]:
    return (
        select(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id, Sheet.look == Look.SECOND, Sheet.counts)
        .order_by(Sheet.id)
    )


def _judges_by_proposal(edition: Edition) -> Mapping[tuple[int, SheetKind], int]:
    rows = db.session.execute(
        select(Standing.proposal_id, Standing.kind, Standing.sheets_locked).where(
            Standing.edition_id == edition.id
        )
    )
    return {(proposal_id, kind): judges for proposal_id, kind, judges in rows}


def _barred_and_scored(
    edition: Edition, proposals: Collection[int]
) -> tuple[dict[int, set[int]], dict[int, frozenset[int]]]:
    """Return which of these proposals (ids) each judge may not score (again), and has scored."""
    barred: dict[int, set[int]] = defaultdict(set)
    scored: dict[int, set[int]] = defaultdict(set)
    for judge_id, proposal_id in conflicts_by_pair(edition, {Role.JUDGE}, COMPETING):
        barred[judge_id].add(proposal_id)
    rows = db.session.execute(
        select(Sheet.evaluator_id, Sheet.proposal_id, Sheet.look, Sheet.participation)
        .where(Sheet.proposal_id.in_(proposals), Sheet.kind == SheetKind.PRESENTATION)
        .order_by(Sheet.id)
    )
    for judge_id, proposal_id, look, participation in rows:
        if look == Look.SECOND or participation is Participation.RECUSED:
            barred[judge_id].add(proposal_id)
        elif participation is Participation.COUNTS:
            scored[judge_id].add(proposal_id)
    return barred, {judge_id: frozenset(own) for judge_id, own in scored.items()}


def _with_sheets(edition: Edition) -> set[int]:
    """Return whose severity is known at all: judges (ids) with a counting presentation sheet."""
    return set(
        db.session.scalars(
            select(Sheet.evaluator_id)
            .distinct()
            .join(Sheet.proposal)
            .where(
                Proposal.edition_id == edition.id,
                Sheet.kind == SheetKind.PRESENTATION,
                Sheet.counts,
            )
        )
    )
