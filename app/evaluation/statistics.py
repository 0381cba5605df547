"""Exact arithmetic on score sheets: mean, median, spread, ranks. Pure.

Missing is not zero: figures are taken over the sheets submitted by evaluators who are not
recused, and without any sheet there is no figure.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

from app.editions.kinds import HIGHEST_SCORE, MOST_JUDGES

MILLION = 10**6
"""Parts of a point: a sheet's total is exact to one of them."""
PARTS_OF_A_POINT = 10**8  # a sheet's total has millionths, a share has hundredths
UNIT = PARTS_OF_A_POINT * lcm(*range(1, MOST_JUDGES + 1))
"""Units in a point: every mean of up to 22 sheets is a whole number of them, and the
highest result, 100 points, fits a database's signed 64-bit integer."""

BINS = 10  # of a histogram


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the exact arithmetic mean in points, None if there are no values."""
    return sum(values, Fraction(0)) / len(values) if values else None


def median(values: Sequence[Fraction]) -> Fraction | None:
    """Return the exact median in points, None if there are no values."""
    ordered, middle = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def spread(values: Sequence[Fraction]) -> Fraction | None:
    """Return the highest value less the lowest, in points; None if there are no values."""
    return max(values) - min(values) if values else None


def to_units(points: Fraction | None) -> int | None:
    """Return points as a whole number of units; raise `ValueError` if that would round."""
    if points is None:
        return None
    units = points * UNIT
    if units.denominator != 1:
        raise ValueError(
            f"{points} has no exact place in the ranking: more than {MOST_JUDGES} sheets?"
        )
    return units.numerator


def from_units(units: int | None) -> Fraction | None:
    """Return the exact points that a number of units stands for."""
    return None if units is None else Fraction(units, UNIT)


def ranks(results: Sequence[object]) -> list[int]:
    """Return the rank of each sorted result; equal results share one, as in 1, 2, 2, 4."""
    found: list[int] = []
    for place, result in enumerate(results):
        is_tied = place > 0 and result == results[place - 1]
        found.append(found[-1] if is_tied else place + 1)
    return found


def histogram(points: Iterable[int]) -> list[int]:
    """Count totals (in millionths of a point) in tens of points: 0 to under 10, …, 90 to 100."""
    counts = [0] * BINS
    for total in points:
        counts[min(total * BINS // (HIGHEST_SCORE * MILLION), BINS - 1)] += 1
    return counts
