"""Reading the ranking, its proposals, and how severe each judge was found to be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, load_only

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Method, Role, SheetKind
from app.editions.models import Edition
from app.editions.queries import holders
from app.editions.units import Agency
from app.evaluation.adjustment import ConnectedPart, Rating, parts_of
from app.evaluation.kept import kept
from app.evaluation.models import Sheet
from app.evaluation.statistics import mean
from app.proposals.models import Proposal
from app.scoring.explaining import Severities
from app.scoring.inputs import CriterionMeans, lines_so_far, mean_scores
from app.scoring.models import Placing, SecondLook, Severity, from_text
from app.scoring.ranking import Ranked, Ranking, ranked
from app.scoring.results import MOST_AT_ONCE, results_of, severity_rows, sheets_in

SeverityKey = tuple[int, int]
"""A judge (person id) and a criterion id."""


@dataclass(frozen=True)
class FinalResult:
    """The ranking, and how severe each judge was found to be, in points, once it is complete.

    `totals` are the severities in a sheet's weighted total. Of those in `alone`, by kind of sheet
    and person id, nothing can be told.
    """

    ranking: Ranking
    severities: Mapping[SeverityKey, Fraction]
    totals: Severities
    alone: frozenset[tuple[SheetKind, int]]


def ranking_of(edition: Edition) -> Ranking:
    """Return the edition's ranking by its method, with the other method's beside it."""
    return final_result_of(edition).ranking


def final_result_of(edition: Edition) -> FinalResult:
    """Return the edition's ranking and what it was computed with.

    Once every sheet is in it is read from the kept places, or computed here if they aren't kept yet
    and the sheets are few; until then it is provisional. Kept in memory until something changes.
    """
    if not edition.is_frozen:
        return _without_severities(Ranking([], is_complete=False))
    return kept("result", edition, lambda: _final_result(edition))


def second_look_of(edition: Edition) -> SecondLook | None:
    """Return the edition's second look, None until it opens."""
    return db.session.get(SecondLook, edition.id) if edition.second_look_budget else None


def is_looked_at_again(edition: Edition) -> bool:
    """Return whether the edition declared a second look that has not ended."""
    if not edition.second_look_budget or edition.is_confirmed:
        return False
    look = second_look_of(edition)
    return look is None or look.ended_at is None


def judges_of(edition: Edition) -> set[int]:
    """Return who judges in the edition, as ids of people."""
    return {holder.person_id for holder in holders(edition, Role.JUDGE)}


def proposals_in(lines: Collection[Ranked]) -> dict[int, Proposal]:
    """Return the proposals of these lines as a list shows them, by their id."""
    statement = (
        select(Proposal)
        .where(Proposal.id.in_([line.proposal_id for line in lines]))
        .options(
            load_only(Proposal.number, Proposal.title, Proposal.status),
            joinedload(Proposal.agency).load_only(Agency.name),
        )
    )
    return {proposal.id: proposal for proposal in db.session.scalars(statement)}


def criterion_means(edition: Edition, proposals: Collection[int]) -> CriterionMeans:
    """Return the means of these proposals by criterion, as the method in force computes them."""
    means = mean_scores(proposals, [criterion.id for criterion in edition.criteria])
    if ranking_of(edition).method is Method.WEIGHTED:
        return means
    severities = final_result_of(edition).severities
    panels = panels_of(proposals)
    kinds = {criterion.id: criterion.kind for criterion in edition.criteria}
    for proposal_id, criterion_id in means:
        panel = panels[proposal_id, kinds[criterion_id]]
        off = [severities.get((judge_id, criterion_id), Fraction(0)) for judge_id in panel]
        means[proposal_id, criterion_id] -= mean(off) or 0
    return means


def names_of(people: Collection[int]) -> dict[int, str]:
    """Return the names of these people (ids)."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(rows.all())


def titles_of(proposals: Collection[int]) -> dict[int, str]:
    """Return number and title of these proposals (ids), as people read them."""
    rows = db.session.scalars(
        select(Proposal)
        .where(Proposal.id.in_(proposals))
        .options(load_only(Proposal.number, Proposal.title))
    )
    return {proposal.id: f"{proposal.code} {proposal.title}" for proposal in rows}


def sheets_by_judge(edition: Edition) -> dict[tuple[SheetKind, int], int]:
    """Return for how many proposals each judge's locked sheets count, by kind and person id."""
    proposals = func.count(Sheet.proposal_id.distinct())
    rows = db.session.execute(
        _locked_in(edition, Sheet.kind, Sheet.evaluator_id, proposals).group_by(
            Sheet.kind, Sheet.evaluator_id
        )
    )
    return {(kind, judge_id): count for kind, judge_id, count in rows}


def connected_parts(edition: Edition, kind: SheetKind) -> list[ConnectedPart]:
    """Return the parts that the sheets of this kind connect; more than one can't be compared."""
    statement = _locked_in(edition, Sheet.proposal_id, Sheet.evaluator_id)
    pairs = db.session.execute(statement.where(Sheet.kind == kind))
    return parts_of([Rating(proposal_id, judge_id, ()) for proposal_id, judge_id in pairs])


def _locked_in(edition: Edition, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id, Sheet.is_locked, Sheet.counts)
    )


def panels_of(proposals: Collection[int]) -> dict[tuple[int, SheetKind], list[int]]:
    """Return whose sheets (person ids) count, by proposal id and kind of sheet."""
    rows = db.session.execute(
        select(Sheet.proposal_id, Sheet.kind, Sheet.evaluator_id)
        .where(Sheet.proposal_id.in_(proposals), Sheet.counts, Sheet.is_locked)
        .order_by(Sheet.id)
    )
    found: dict[tuple[int, SheetKind], dict[int, None]] = defaultdict(dict)
    for proposal_id, kind, judge_id in rows:
        found[proposal_id, kind][judge_id] = None
    return {key: list(panel) for key, panel in found.items()}


def _final_result(edition: Edition) -> FinalResult:
    lines = lines_so_far(edition)
    if edition.placed_revision is not None and (
        edition.is_confirmed or edition.placed_revision == edition.evaluation_revision
    ):
        return _kept_result(edition, {line.proposal_id: line for line in lines})
    so_far = ranked(lines)
    if not so_far.is_complete or not lines:
        return _without_severities(replace(so_far, method=edition.method))
    if sheets_in(edition) > MOST_AT_ONCE:
        waiting = [replace(line, rank=None) for line in so_far.lines]
        return _without_severities(
            Ranking(waiting, is_complete=False, method=edition.method, is_waiting=True)
        )
    results = results_of(edition, lines)
    rows = [row for kind, fit in results.fits.items() for row in severity_rows(fit, kind, edition)]
    severities = [Severity(**row) for row in rows]
    return _with_severities(results.official(edition.method), severities, edition)


def _without_severities(ranking: Ranking) -> FinalResult:
    return FinalResult(ranking, {}, {}, frozenset())


def _kept_result(edition: Edition, lines: Mapping[int, Ranked]) -> FinalResult:
    """Return the result that the kept places give; `lines` know numbers and sheets."""
    rows = db.session.scalars(
        select(Placing).where(Placing.edition_id == edition.id).order_by(Placing.proposal_id)
    )
    found: dict[Method, list[Ranked]] = defaultdict(list)
    for placing in rows:
        if placing.proposal_id in lines:
            found[placing.method].append(_line(placing, lines[placing.proposal_id]))
    in_force = edition.method if edition.method in found else Method.WEIGHTED
    other = in_force.other
    beside = _in_order(found[other], other) if other in found else None
    ranking = replace(_in_order(found[in_force], in_force), beside=beside)
    of_edition = select(Severity).where(Severity.edition_id == edition.id)
    return _with_severities(ranking, db.session.scalars(of_edition), edition)


def _with_severities(ranking: Ranking, rows: Iterable[Severity], edition: Edition) -> FinalResult:
    weights = {criterion.id: Fraction(criterion.weight) / 100 for criterion in edition.criteria}
    severities: dict[SeverityKey, Fraction] = {}
    totals: dict[SheetKind, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    alone = set()
    for row in rows:
        points = Fraction(row.points)
        severities[row.evaluator_id, row.criterion_id] = points
        totals[row.kind][row.evaluator_id] += points * weights[row.criterion_id]
        if row.is_alone:
            alone.add((row.kind, row.evaluator_id))
    return FinalResult(ranking, severities, dict(totals), frozenset(alone))


def _line(placing: Placing, known: Ranked) -> Ranked:
    return replace(
        known,
        desk=from_text(placing.desk),
        presentation=from_text(placing.presentation),
        final=from_text(placing.final),
        tie_breakers=tuple(Fraction(value) for value in placing.tie_breakers),
        rank=placing.place,
    )


def _in_order(lines: list[Ranked], method: Method) -> Ranking:
    ordered = sorted(
        lines, key=lambda line: (line.rank or len(lines) + 1, -(line.final or 0), line.proposal_id)
    )
    return Ranking(ordered, is_complete=True, method=method)
