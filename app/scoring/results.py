"""Computing the final result by both methods, exactly, and keeping it once every sheet is in.

A lock changes a standing, and nothing above it: which proposal has which place is computed for the
whole edition, where it is first needed (when somebody reads it, when the result is prepared) or by
the worker, whichever comes first. `Edition.evaluation_revision` tells whether what is kept still
holds. So nothing in a lower stage has to know that places exist.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select

from app.database import db, transaction
from app.editions.kinds import Method, SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.editions.queries import locked_edition
from app.evaluation.adjustment import Adjustment, Rating, adjusted_means, adjustment_of
from app.evaluation.models import Sheet
from app.proposals.models import Proposal
from app.scoring.inputs import (
    CriterionMeans,
    has_every_sheet,
    ladder_of,
    lines_so_far,
    mean_scores,
    ratings_in,
    shares_of,
)
from app.scoring.models import Placing, Severity, as_text
from app.scoring.ranking import Ranked, Ranking, both_weighed, combined, ranked, tied

MOST_AT_ONCE = 2_000
"""Sheets whose result is computed where it is read; that of more waits for the worker."""


@dataclass(frozen=True)
class Fitted:
    """The sheets of one kind and what the adjustment found in them.

    `weights` are those of the criteria in their order, as parts of a whole.
    """

    ratings: Sequence[Rating]
    weights: tuple[Fraction, ...]
    adjustment: Adjustment

    def total_of(self, values: Sequence[Fraction]) -> Fraction:
        """Return the weighted total of one value for each criterion."""
        pairs = zip(values, self.weights, strict=True)
        return sum((value * weight for value, weight in pairs), Fraction(0))

    def totals(self) -> "Fitted":
        """The same with one value: the weighted total. It fits as its parts do, exactly."""
        severities = {
            judge: (self.total_of(values),) for judge, values in self.adjustment.severities.items()
        }
        ratings = [
            replace(rating, values=(self.total_of(rating.values),)) for rating in self.ratings
        ]
        return Fitted(ratings, (Fraction(1),), replace(self.adjustment, severities=severities))


@dataclass(frozen=True)
class Results:
    """The rankings of a complete edition: by the adjusted mean only where it compares all."""

    weighted: Ranking
    adjusted: Ranking | None
    fits: Mapping[SheetKind, Fitted]

    def official(self, method: Method) -> Ranking:
        """Return the ranking by this method, with the other beside it.

        Where not all proposals can be compared, the weighted mean holds, as declared with the
        adjusted one.
        """
        if self.adjusted is None:
            return self.weighted
        first, second = self.weighted, self.adjusted
        if method is Method.ADJUSTED:
            first, second = second, first
        return replace(first, beside=second)


def results_of(edition: Edition, lines: Sequence[Ranked]) -> Results:
    """Compute the results of an edition whose `lines` all have their weighted means."""
    fits = {kind: _fitted(edition, kind) for kind in shares_of(edition)}
    breaking = [criterion.id for criterion in edition.criteria if criterion.tie_break]
    weighted = ranked(_broken(lines, lambda ids: mean_scores(ids, breaking), edition))
    competing = {line.proposal_id for line in lines}
    if not all(_compares(fit, competing) for fit in fits.values()):
        return Results(weighted, None, fits)
    totals = {kind: _adjusted_totals(fit, competing) for kind, fit in fits.items()}
    freed = [_adjusted_line(line, totals, edition) for line in lines]
    broken = _broken(freed, lambda ids: adjusted_scores(fits, edition, ids), edition)
    adjusted = ranked(broken, Method.ADJUSTED)
    return Results(weighted, adjusted, fits)


def adjusted_scores(
    fits: Mapping[SheetKind, Fitted], edition: Edition, proposals: set[int]
) -> CriterionMeans:
    """Return the adjusted means of these proposals by criterion, shaped like `mean_scores`."""
    return {
        (proposal_id, criterion.id): value
        for kind, fit in fits.items()
        for proposal_id, values in adjusted_means(
            fit.ratings, fit.adjustment.severities, proposals
        ).items()
        for criterion, value in zip(edition.criteria_of(kind), values, strict=True)
    }


def keep_places(edition: Edition) -> bool:
    """Keep the places of a complete edition, once; return whether they are kept.

    The caller holds the edition's lock.
    """
    if edition.placed_revision == edition.evaluation_revision or edition.is_confirmed:
        return edition.placed_revision is not None
    results = complete_results(edition)
    if results is None:
        return False
    _keep(results, edition)
    return True


def complete_results(edition: Edition) -> Results | None:
    """Compute the results, None while a sheet is missing."""
    lines = lines_so_far(edition)
    return results_of(edition, lines) if lines and ranked(lines).is_complete else None


def severity_rows(fit: Fitted, kind: SheetKind, edition: Edition) -> Iterator[dict[str, Any]]:
    """Return the severities of a kind of sheet as rows of their table."""
    criteria = edition.criteria_of(kind)
    for judge_id, values in fit.adjustment.severities.items():
        for criterion, points in zip(criteria, values, strict=True):
            yield {
                "edition_id": edition.id,
                "kind": kind,
                "evaluator_id": judge_id,
                "criterion_id": criterion.id,
                "points": str(points),
                "is_alone": judge_id in fit.adjustment.alone,
            }


def keep_some_places() -> int:
    """Keep, as the worker, the places of editions that became complete; return of how many.

    They are computed without holding anybody up, and kept if nothing has changed meanwhile.
    """
    computed = []
    with transaction(writing=False):
        for edition in db.session.scalars(_unplaced()).all():
            results = complete_results(edition) if has_every_sheet(edition) else None
            if results is not None:
                computed.append((edition.slug, edition.evaluation_revision, results))
    for slug, revision, results in computed:
        with transaction(writing=True):
            locked = locked_edition(slug)
            if locked is not None and locked.evaluation_revision == revision:
                _keep(results, locked)
    return len(computed)


def sheets_in(edition: Edition) -> int:
    """Count the sheets that a result is computed from."""
    statement = (
        select(func.count())
        .select_from(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id, Sheet.is_locked, Sheet.counts)
    )
    return db.session.scalar(statement) or 0


def _keep(results: Results, edition: Edition) -> None:
    db.session.execute(delete(Placing).where(Placing.edition_id == edition.id))
    db.session.execute(delete(Severity).where(Severity.edition_id == edition.id))
    rankings = [found for found in (results.weighted, results.adjusted) if found is not None]
    rows = [_placing(line, found.method, edition) for found in rankings for line in found.lines]
    db.session.execute(insert(Placing), rows)
    severities = [
        row for kind, fit in results.fits.items() for row in severity_rows(fit, kind, edition)
    ]
    if severities:
        db.session.execute(insert(Severity), severities)
    edition.placed_revision = edition.evaluation_revision
    db.session.flush()


def _fitted(edition: Edition, kind: SheetKind) -> Fitted:
    ratings = ratings_in(edition, kind)
    weights = tuple(Fraction(criterion.weight) / 100 for criterion in edition.criteria_of(kind))
    return Fitted(ratings, weights, adjustment_of(ratings))


def _compares(fit: Fitted, competing: set[int]) -> bool:
    """Return whether the sheets connect all that compete, over any judges and proposals."""
    return any(competing <= part.proposals for part in fit.adjustment.parts)


def _adjusted_totals(fit: Fitted, competing: set[int]) -> dict[int, Fraction]:
    totals = fit.totals()
    found = adjusted_means(totals.ratings, totals.adjustment.severities, competing)
    return {proposal_id: total for proposal_id, (total,) in found.items()}


def _adjusted_line(
    line: Ranked, totals: Mapping[SheetKind, Mapping[int, Fraction]], edition: Edition
) -> Ranked:
    desk = totals.get(SheetKind.DESK, {}).get(line.proposal_id)
    presentation = totals.get(SheetKind.PRESENTATION, {}).get(line.proposal_id)
    final = combined(desk, presentation, edition.desk_share)
    return replace(line, desk=desk, presentation=presentation, final=final)


def _broken(
    lines: Sequence[Ranked], means: Callable[[set[int]], CriterionMeans], edition: Edition
) -> list[Ranked]:
    """Return the lines; those that share a result have the means of what breaks ties."""
    rungs, sharing = ladder_of(edition), {line.proposal_id for line in tied(lines)}
    if not rungs or not sharing:
        return list(lines)
    found = means(sharing)

    def value(proposal_id: int, rung: Mapping[SheetKind, Criterion]) -> Fraction:
        desk, hall = (
            found.get((proposal_id, rung[kind].id)) if kind in rung else None for kind in SheetKind
        )
        return both_weighed(desk, hall, edition.desk_share)

    return [
        replace(line, tie_breakers=tuple(value(line.proposal_id, rung) for rung in rungs))
        if line.proposal_id in sharing
        else line
        for line in lines
    ]


def _placing(line: Ranked, method: Method, edition: Edition) -> dict[str, object]:
    return {
        "proposal_id": line.proposal_id,
        "method": method,
        "edition_id": edition.id,
        "place": line.rank,
        "desk": as_text(line.desk),
        "presentation": as_text(line.presentation),
        "final": as_text(line.final),
        "tie_breakers": [str(value) for value in line.tie_breakers],
    }


def _unplaced() -> Select[Edition]:
    """Select the editions whose places, if there are any, are of an earlier state."""
    return (
        select(Edition)
        .where(
            Edition.frozen_at.is_not(None),
            Edition.closed_at.is_(None),
            or_(
                Edition.placed_revision.is_(None),
                Edition.placed_revision != Edition.evaluation_revision,
            ),
        )
        .order_by(Edition.id)
    )
