"""Whether scores rose or fell in the course of the presentations. Pure.

It corrects nothing: a proposal has one day and one place in the running order, so that what these
do to it can't be told from what it is worth. That one judge drifts away from the others can.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHUFFLES, AT_ONCE = 4_000, 250
STRETCH = 10
"""Presentations over which a drift is told."""


@dataclass(frozen=True)
class Drift:
    """By how many points values rise over ten presentations.

    `chance` is how often as steep a rise or fall comes about if their order is random.
    """

    points: float
    chance: float


def drift_of(
    values: Mapping[int, float], order: Mapping[int, int], random: np.random.Generator
) -> Drift | None:
    """Return the drift of the values of presentations along their running order (by proposal).

    None of fewer than three, or if all have the same place.
    """
    known = sorted(key for key in values if key in order)
    places = np.array([order[key] for key in known], dtype=np.float64)
    if len(known) < 3 or np.ptp(places) == 0:  # noqa: PLR2004 -- two always lie on a line
        return None
    measured = np.array([values[key] for key in known])
    seen = _slope(places, measured)
    as_steep = 0
    for _ in range(SHUFFLES // AT_ONCE):
        shuffled = random.permuted(np.tile(measured, (AT_ONCE, 1)), axis=1)
        as_steep += int((np.abs(_slope(places, shuffled)) >= abs(seen) - 1e-12).sum())
    return Drift(float(seen) * STRETCH, (as_steep + 1) / (SHUFFLES + 1))


def means_by_day(values: Mapping[int, float], days: Mapping[int, int]) -> list[float]:
    """Return the mean of the values of each day, in the order of the days."""
    held: dict[int, list[float]] = {}
    for key, value in values.items():
        if key in days:
            held.setdefault(days[key], []).append(value)
    return [sum(own) / len(own) for _, own in sorted(held.items())]


def _slope(places: Floats, values: Floats) -> Floats:
    """Return the slope of a row of values, or of each of several rows."""
    centred = places - places.mean()
    found: Floats = (values @ centred) / (centred @ centred)
    return found
