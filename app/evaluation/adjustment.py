"""Scores freed of how severe each judge is, exactly. Pure.

A score is what the proposal is worth plus how severe (or lenient) its judge is. Both are fitted by
least squares over all sheets that count; the severities of judges who can be compared sum to zero.
In a complete design, where every judge scored every proposal, the adjusted mean is the plain mean.

Source: analysis of variance of an unbalanced two-way layout without interaction (Searle, “Linear
Models for Unbalanced Data”, 1987, chapter 4); proposals are eliminated first, since there are fewer
judges.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from app.evaluation.exact import solve_exactly

Values = tuple[Fraction, ...]
"""One value in points for each criterion."""


@dataclass(frozen=True)
class Rating:
    """What one judge gave one proposal: a value in points for each criterion."""

    proposal: int
    judge: int
    values: Values


@dataclass(frozen=True)
class ConnectedPart:
    """Judges and proposals (ids) that sheets connect; across parts nothing can be compared."""

    judges: frozenset[int]
    proposals: frozenset[int]


@dataclass(frozen=True)
class Adjustment:
    """Each judge's severity by criterion, in points, and the parts that sheets connect.

    A severity is negative where a judge gives less than the others of their part. Who is `alone`
    has one sheet only, from which nothing can be told: it moves no adjusted value.
    """

    severities: Mapping[int, Values]
    parts: Sequence[ConnectedPart]
    alone: frozenset[int]

    @property
    def is_connected(self) -> bool:
        """Whether all proposals can be compared."""
        return len(self.parts) <= 1


def adjustment_of(ratings: Sequence[Rating]) -> Adjustment:
    """Fit the severities of who gave these ratings, at most one for each proposal and judge."""
    sheets = Counter(rating.judge for rating in ratings)
    parts = parts_of(ratings)
    place_of = {judge: place for place, judge in enumerate(sorted(sheets))}
    part_of = {judge: place for place, part in enumerate(parts) for judge in part.judges}
    scale, matrix, right = _normal_equations(ratings, place_of)
    for row, judge in zip(matrix, place_of, strict=True):
        for column, other in enumerate(place_of):
            row[column] += scale * (part_of[judge] == part_of[other])  # they sum to zero
    solved = solve_exactly(matrix, right[0]) if matrix else []
    severities = {
        judge: tuple(value / right[1] for value in solved[place])
        for judge, place in place_of.items()
    }
    alone = frozenset(judge for judge, count in sheets.items() if count == 1)
    for part in parts:
        severities |= _centred({judge: severities[judge] for judge in part.judges}, alone)
    return Adjustment(severities, parts, alone)


def adjusted_means(
    ratings: Iterable[Rating], severities: Mapping[int, Values], proposals: Collection[int]
) -> dict[int, Values]:
    """Return the adjusted mean of each of these proposals by criterion, in points.

    It is the mean of the proposal's own sheets less the severity of who wrote them. It may lie
    below 0 or above 100, and is never clipped: that would make up a value.
    """
    sums: dict[int, list[int]] = {}
    counts: Counter[int] = Counter()
    own = [rating for rating in ratings if rating.proposal in proposals]
    unit = _common_denominator([rating.values for rating in own] + list(severities.values()))
    less = {judge: [int(value * unit) for value in values] for judge, values in severities.items()}
    for rating in own:
        freed = [
            int(value * unit) - off
            for value, off in zip(rating.values, less[rating.judge], strict=True)
        ]
        before = sums.get(rating.proposal, [0] * len(freed))
        sums[rating.proposal] = [one + other for one, other in zip(before, freed, strict=True)]
        counts[rating.proposal] += 1
    return {
        proposal: tuple(Fraction(total, unit * counts[proposal]) for total in totals)
        for proposal, totals in sums.items()
    }


def parts_of(ratings: Iterable[Rating]) -> list[ConnectedPart]:
    """Return the parts that the sheets connect, the largest first."""
    above: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while above.setdefault(node, node) != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for rating in ratings:
        above[root(("judge", rating.judge))] = root(("proposal", rating.proposal))
    members: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for node in sorted(above):
        members[root(node)].append(node)
    parts = [
        ConnectedPart(
            frozenset(number for kind, number in nodes if kind == "judge"),
            frozenset(number for kind, number in nodes if kind == "proposal"),
        )
        for nodes in members.values()
    ]
    return sorted(parts, key=lambda part: (-len(part.proposals), min(part.proposals)))


def efficiency_of(panels: Sequence[Collection[int]]) -> Fraction | None:
    """Return how well a design compares proposals: 1 where every judge scores every proposal.

    `panels` holds the judges of each proposal. It is the harmonic mean of the canonical efficiency
    factors (John and Williams, “Cyclic and Computer Generated Designs”, 1995, chapter 2): the
    variance of a difference in a complete design of as many sheets, over its average here. None
    where some proposals can't be compared, or there are fewer than two.
    """
    ratings = [Rating(place, judge, ()) for place, own in enumerate(panels) for judge in own]
    sheets = Counter(rating.judge for rating in ratings)
    if len(panels) < 2 or not all(panels) or len(parts_of(ratings)) > 1:  # noqa: PLR2004 -- a pair
        return None
    place_of = {judge: place for place, judge in enumerate(sorted(sheets))}
    scale, matrix, _ = _normal_equations(ratings, place_of)
    counts = [sheets[judge] for judge in place_of]
    whole = len(ratings)
    raised = [
        [whole * value + scale * own * other for value, other in zip(row, counts, strict=True)]
        for row, own in zip(matrix, counts, strict=True)
    ]
    each = [
        [whole * scale * count * (place == other) for other in range(len(counts))]
        for place, count in enumerate(counts)
    ]
    solved = solve_exactly(raised, each)
    trace = sum((solved[place][place] for place in range(len(counts))), Fraction(0))
    return (len(panels) - 1) / (len(panels) - len(counts) + trace - 1)


def _centred(severities: Mapping[int, Values], alone: frozenset[int]) -> dict[int, Values]:
    """Return the severities of a part so that they sum to zero without those who are alone."""
    several = [values for judge, values in severities.items() if judge not in alone]
    if len(several) in {0, len(severities)}:
        return dict(severities)
    level = [sum(column, Fraction(0)) / len(several) for column in zip(*several, strict=True)]
    return {
        judge: tuple(value - middle for value, middle in zip(values, level, strict=True))
        for judge, values in severities.items()
    }


def _normal_equations(
    ratings: Sequence[Rating], place_of: Mapping[int, int]
) -> tuple[int, list[list[int]], tuple[list[list[int]], int]]:
    """Return the equations of the severities once the proposals are eliminated, in whole numbers.

    The matrix is `scale` times: sheets of a judge on the diagonal, less 1/n for each pair of judges
    of a proposal with n sheets. The right side is `scale` and the second number of the pair times:
    what a judge's sheets lie above the means of their proposals.
    """
    by_proposal: dict[int, list[Rating]] = defaultdict(list)
    for rating in ratings:
        by_proposal[rating.proposal].append(rating)
    scale = lcm(*(len(own) for own in by_proposal.values()))
    unit = _common_denominator([rating.values for rating in ratings])
    width = len(ratings[0].values) if ratings else 0
    matrix = [[0] * len(place_of) for _ in place_of]
    right = [[0] * width for _ in place_of]
    for own in by_proposal.values():
        share = scale // len(own)
        units = [[int(value * unit) for value in rating.values] for rating in own]
        totals = [sum(column) for column in zip(*units, strict=True)]
        places = [place_of[rating.judge] for rating in own]
        for place, values in zip(places, units, strict=True):
            matrix[place][place] += scale
            for other in places:
                matrix[place][other] -= share
            for criterion, (value, total) in enumerate(zip(values, totals, strict=True)):
                right[place][criterion] += scale * value - share * total
    return scale, matrix, (right, unit)


def _common_denominator(rows: Iterable[Values]) -> int:
    return lcm(*{value.denominator for values in rows for value in values})
