"""The final result: desk and presentation weighted exactly, ties broken, places given. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from app.editions.kinds import Method
from app.evaluation.statistics import ranks


@dataclass(frozen=True)
class Ranked:
    """The result of one competing proposal: exact points, None while a sheet is missing.

    `tie_breakers` are means of criteria, in the order in which they break ties. `rank` is None in a
    provisional ranking, and where fewer judges count than the quorum asks for (`is_short`).
    """

    proposal_id: int
    number: int
    sheets_expected: int
    sheets_locked: int
    desk: Fraction | None
    presentation: Fraction | None
    final: Fraction | None
    tie_breakers: tuple[Fraction, ...] = ()
    rank: int | None = None
    is_short: bool = False

    def parts(self, desk_share: int) -> tuple[float, float]:
        """Return about what desk evaluation and presentation give to the result, to be drawn."""
        desk, presentation = float(self.desk or 0), float(self.presentation or 0)
        return desk * desk_share / 100, presentation * (100 - desk_share) / 100


@dataclass(frozen=True)
class Ranking:
    """All competing proposals, best first, those without a place last.

    It is provisional until it is complete: while any of their sheets is missing. `method` is the
    one in force: the adjusted mean gives way to the weighted one where it can't compare all.
    `beside` is the ranking by the other method, if there is one. Where `is_waiting`, all sheets are
    there, and the worker computes the places.
    """

    lines: Sequence[Ranked]
    is_complete: bool
    method: Method = Method.WEIGHTED
    beside: "Ranking | None" = None
    is_waiting: bool = False

    @cached_property
    def by_proposal(self) -> Mapping[int, Ranked]:
        """The lines by proposal id."""
        return {line.proposal_id: line for line in self.lines}


def combined(
    desk: Fraction | None, presentation: Fraction | None, desk_share: int
) -> Fraction | None:
    """Return desk and presentation, weighted by `desk_share` percent and the rest, in points.

    None while a part that counts is missing.
    """
    parts = [(desk, desk_share), (presentation, 100 - desk_share)]
    counting = [(value, share) for value, share in parts if share]
    if any(value is None for value, _ in counting):
        return None
    return sum((value * share for value, share in counting if value is not None), Fraction(0)) / 100


def both_weighed(desk: Fraction | None, presentation: Fraction | None, desk_share: int) -> Fraction:
    """Return a criterion's mean: over both kinds of sheets if both have it, else over one."""
    if desk is not None and presentation is not None:
        return combined(desk, presentation, desk_share) or Fraction(0)
    return presentation or desk or Fraction(0)


def tied(lines: Iterable[Ranked]) -> list[Ranked]:
    """Return the lines that share their final result: only they need tie-breakers."""
    with_result = [line for line in lines if line.final is not None]
    shared = Counter(line.final for line in with_result)
    return [line for line in with_result if shared[line.final] > 1]


def deciding(lines: Iterable[Ranked]) -> dict[int, frozenset[int]]:
    """Return which tie-breakers decided for those who share their final result, by proposal id.

    A tie-breaker is given by its place in their order; where none decided there is none. The lines
    come best first.
    """
    found: dict[int, frozenset[int]] = {}
    for above, below in pairwise(lines):
        if above.rank is None or below.rank is None or above.final != below.final:
            continue
        pairs = enumerate(zip(above.tie_breakers, below.tie_breakers, strict=True))
        first = next((place for place, (one, other) in pairs if one != other), None)
        decided = frozenset() if first is None else frozenset({first})
        for line in (above, below):
            found[line.proposal_id] = found.get(line.proposal_id, frozenset()) | decided
    return found


def ranked(lines: Iterable[Ranked], method: Method = Method.WEIGHTED) -> Ranking:
    """Return the ranking of the lines by their values; equal ones share a place (1, 2, 2, 4).

    While it is provisional nobody has a place in it; below quorum there is none either.
    """
    lines = sorted(lines, key=lambda line: line.proposal_id)
    is_complete = all(
        line.final is not None and line.sheets_locked == line.sheets_expected for line in lines
    )
    with_result = [line for line in lines if line.final is not None]
    best_first = sorted(with_result, key=_strength, reverse=True)
    if not is_complete:
        without = [line for line in lines if line.final is None]
        return Ranking(best_first + without, is_complete=False, method=method)
    placed = [line for line in best_first if not line.is_short]
    places = ranks([_strength(line) for line in placed])
    lines = [replace(line, rank=rank) for line, rank in zip(placed, places, strict=True)]
    lines += [line for line in best_first if line.is_short]
    return Ranking(lines, is_complete=True, method=method)


def _strength(line: Ranked) -> tuple[Fraction | None, tuple[Fraction, ...]]:
    return line.final, line.tie_breakers
