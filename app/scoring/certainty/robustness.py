"""What would move the line: a judge less, another weight, a sheet that is missing. Pure.

All by the method in force, in floating point: nothing is decided here. Proposals and judges are
places in lists that the caller keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

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

    def results(self, *, without: int | None = None) -> Floats:
        """Return each proposal's result, also without a judge's sheets; NaN where none is left."""
        return self._weighed([self._means(kind, kind.points, without) for kind in self.kinds])

    def with_weight(self, place: int, criterion: int, step: float) -> Floats | None:
        """Return the results with a weight of a kind changed by `step` points, if it can be."""
        weights = self.kinds[place].weights
        changed = weights[criterion] + step / 100
        if not 0 <= changed <= 1 or weights[criterion] == 1:
            return None
        others = weights * (1 - changed) / (1 - weights[criterion])
        others[criterion] = changed
        return self._weighed(
            [
                self._means(kind, kind.scores @ (others if own == place else kind.weights), None)
                for own, kind in enumerate(self.kinds)
            ]
        )

    def first(self, results: Floats, count: int) -> frozenset[int]:
        """Return the first `count` of those that can have a place."""
        placed = [
            proposal
            for proposal in np.argsort(-results, kind="stable").tolist()
            if proposal not in self.unplaced and not np.isnan(results[proposal])
        ]
        return frozenset(placed[:count])

    def sheets_left(self, kind: ScoredKind, without: int) -> Places:
        """Return how many sheets of a kind each proposal has without a judge's."""
        return np.bincount(kind.proposal[kind.judge != without], minlength=self.proposals)

    def _weighed(self, means: Sequence[Floats]) -> Floats:
        found = np.zeros(self.proposals)
        for kind, values in zip(self.kinds, means, strict=True):
            found += kind.share * values
        return found

    def _means(self, kind: ScoredKind, points: Floats, without: int | None) -> Floats:
        used = kind.judge != (-1 if without is None else without)
        proposal, judge, points = kind.proposal[used], kind.judge[used], points[used]
        sizes = np.bincount(proposal, minlength=self.proposals)
        sums = np.bincount(proposal, points, minlength=self.proposals)
        if self.method is Method.ADJUSTED:
            off = severities_in(proposal, judge, points, self.proposals, self.judges)
            sums = sums - np.bincount(proposal, off[judge], minlength=self.proposals)
        with np.errstate(invalid="ignore"):
            means: Floats = np.where(sizes > 0, sums / sizes, np.nan)
        return means


def severities_in(
    proposal: Places, judge: Places, points: Floats, proposals: int, judges: int
) -> Floats:
    """Return each judge's severity by least squares, in floating point; see `adjustment.py`."""
    incidence = np.zeros((proposals, judges))
    np.add.at(incidence, (proposal, judge), 1)
    sizes = np.maximum(incidence.sum(axis=1), 1)
    means = np.bincount(proposal, points, minlength=proposals) / sizes
    matrix = np.diag(incidence.sum(axis=0)) - (incidence.T / sizes) @ incidence + 1
    right = np.bincount(judge, points - means[proposal], minlength=judges)
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
