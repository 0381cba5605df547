"""What would move the line: a judge less, another weight, a sheet that is missing. Pure.

All by the method in force, in floating point: nothing is decided here. Proposals and judges are
places in lists that the caller keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.editions.kinds import Method

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

STEP = 5
"""Points by which a weight is raised and lowered, the others taking it over in proportion."""

HIGHEST = 100.0


@dataclass(frozen=True)
class ScoredKind:
    """The sheets of one kind: whose they are, and scores (sheets by criteria).

    Weights and share are parts of a whole.
    """

    proposal: Places
    judge: Places
    scores: Floats
    weights: Floats
    share: float

    @property
    def points(self) -> Floats:
        """The weighted total of each sheet."""
        return self.scores @ self.weights


@dataclass(frozen=True)
class LineChange:
    """Who would come above the line and who would fall below it, as places in the list."""

    rises: tuple[int, ...]
    falls: tuple[int, ...]


@dataclass(frozen=True)
class Contest:
    """A competition that can be computed again with something changed.

    `unplaced` are those that don't compete, or have no place.
    """

    kinds: Sequence[ScoredKind]
    proposals: int
    judges: int
    method: Method
    unplaced: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def means(self) -> list[Floats]:
        """The mean of each proposal by criterion, for each kind; NaN where there is no sheet."""
        return [self._means(kind, np.ones(len(kind.judge), dtype=bool)) for kind in self.kinds]

    def results(self, *, without: int | None = None) -> Floats:
        """Return each proposal's result, also without a judge's sheets; NaN where none is left."""
        found = np.zeros(self.proposals)
        for kind, known in zip(self.kinds, self.means, strict=True):
            left = kind.judge != without
            means = known if left.all() else self._means(kind, left)
            found += kind.share * (means @ kind.weights)
        return found

    def with_weight(self, place: int, criterion: int, step: float) -> Floats | None:
        """Return the results with a weight of a kind changed by `step` points, if it can be."""
        kind = self.kinds[place]
        changed = kind.weights[criterion] + step / 100
        if not 0 <= changed <= 1 or kind.weights[criterion] == 1:
            return None
        weights = kind.weights * (1 - changed) / (1 - kind.weights[criterion])
        weights[criterion] = changed
        moved: Floats = kind.share * (self.means[place] @ (weights - kind.weights))
        return self.results() + moved

    def first(self, results: Floats, count: int) -> frozenset[int]:
        """Return the first `count` of those that can have a place."""
        placed = [
            proposal
            for proposal in np.argsort(-results, kind="stable").tolist()
            if proposal not in self.unplaced and not np.isnan(results[proposal])
        ]
        return frozenset(placed[:count])

    def _means(self, kind: ScoredKind, left: NDArray[np.bool_]) -> Floats:
        proposal, judge, scores = kind.proposal[left], kind.judge[left], kind.scores[left]
        if self.method is Method.ADJUSTED:
            off = severities_in(proposal, judge, scores, self.proposals, self.judges)
            scores = scores - off[judge]
        sums = np.zeros((self.proposals, scores.shape[1]))
        np.add.at(sums, proposal, scores)
        sizes = np.bincount(proposal, minlength=self.proposals)[:, None]
        with np.errstate(invalid="ignore"):
            means: Floats = np.where(sizes > 0, sums / sizes, np.nan)
        return means


def severities_in(
    proposal: Places, judge: Places, points: Floats, proposals: int, judges: int
) -> Floats:
    """Return each judge's severity by least squares, in floating point; see `adjustment.py`.

    `points` has a value for each sheet, or a row of values; so has what is returned for each judge.
    """
    incidence = np.zeros((proposals, judges))
    incidence[proposal, judge] = 1
    sizes = np.maximum(incidence.sum(axis=1), 1)
    sums, right = np.zeros((proposals, *points.shape[1:])), np.zeros((judges, *points.shape[1:]))
    np.add.at(sums, proposal, points)
    np.add.at(right, judge, points - (sums.T / sizes).T[proposal])
    matrix = np.diag(incidence.sum(axis=0)) - (incidence.T / sizes) @ incidence + 1
    found: Floats = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return found


def line_change(before: frozenset[int], after: frozenset[int]) -> LineChange:
    """Return who is among the first after but not before, and the other way round."""
    return LineChange(tuple(sorted(after - before)), tuple(sorted(before - after)))


def reach_of(contest: Contest, place: int, proposal: int, results: Floats) -> tuple[int, int]:
    """Return the best and the worst place that one more sheet of a kind could give a proposal."""
    kind = contest.kinds[place]
    own = kind.points[kind.proposal == proposal]
    others = np.delete(results, [proposal, *(contest.unplaced - {proposal})])
    ends = [
        results[proposal] + kind.share * (points - own.mean()) / (len(own) + 1)
        for points in (HIGHEST, 0.0)
    ]
    best, worst = (1 + int((others > end).sum()) for end in ends)
    return best, worst
