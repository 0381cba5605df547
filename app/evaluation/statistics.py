"""Exact arithmetic on score sheets: mean, median, spread, ranks. Pure.

Rule 4 of the domain stands in `figures_of`; `standings.py` keeps what it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from app.editions.kinds import MOST_JUDGES

MILLION = 10**6
"""Parts of a point: a sheet's total is exact to one of them."""
PARTS_OF_A_POINT = 10**8  # a sheet's total has millionths, that of two sheets halves of them
UNIT = PARTS_OF_A_POINT * lcm(*range(1, MOST_JUDGES + 1))
"""Units in a point: every mean and median over up to 22 evaluators is a whole number of them, and
the highest result, 100 points, fits a database's signed 64-bit integer."""


@dataclass(frozen=True)
class Figures:
    """What the counting sheets of one kind come to, in points."""

    mean: Fraction | None
    median: Fraction | None
    spread: Fraction | None


def figures_of(totals: Sequence[Fraction | None]) -> Figures:
    """Return the figures of evaluators with these totals (millionths of a point, None while open).

    They run over those who are neither recused nor excused. While one of them is missing there are
    none: missing is not zero (rule 4 of the domain).
    """
    points = [total / MILLION for total in totals if total is not None]
    counting = points if len(points) == len(totals) else []
    return Figures(mean(counting), median(counting), spread(counting))


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
