"""Where things stand in the pictures of pages. Pure: numbers in, places out.

Places are floating point, for nothing is decided by them.

The macros of `templates/pictures/` draw them as SVG; each says in words what it shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor

Number = Fraction | int | float

CELL = 10
"""Side of a cell in a strip, in the picture's units."""


@dataclass(frozen=True)
class Scale:
    """A stretch of values laid over a width: `low` at 0, `high` at `width`."""

    low: Fraction
    high: Fraction
    width: int

    def at(self, value: Number) -> float:
        """Return where a value stands, rounded to hundredths of a unit."""
        low, high = float(self.low), float(self.high)
        return round((float(value) - low) / (high - low) * self.width, 2)


def scale_around(values: Iterable[Number], *, width: int, step: int = 10) -> Scale:
    """Return the narrowest scale between multiples of `step` that holds all values.

    It is at least one step wide, and from 0 to a step where there are no values.
    """
    known = [Fraction(value) for value in values] or [Fraction(0)]
    low, high = floor(min(known) / step) * step, ceil(max(known) / step) * step
    return Scale(Fraction(low), Fraction(max(high, low + step)), width)


def scale_both_ways(values: Iterable[Number], *, width: int) -> Scale:
    """Return the scale with zero in its middle that holds all values, rounded up to whole ones."""
    most = Fraction(ceil(max((abs(float(value)) for value in values), default=1)) or 1)
    return Scale(-most, most, width)


def scale_of_places(count: int, *, width: int = 100) -> Scale:
    """Return the scale of the places 1 to `count`, at least 2."""
    return Scale(Fraction(1), Fraction(max(2, count)), width)


def stacked(parts: Sequence[Number], whole: Number, *, width: int) -> list[tuple[float, float]]:
    """Return where each part begins and how long it is, one after the other; `whole` fills all."""
    scale = width / float(whole)
    ends = [end * scale for end in accumulate(map(float, parts), initial=0.0)]
    return [(round(start, 2), round(end - start, 2)) for start, end in pairwise(ends)]


def quartiles(values: Sequence[Number]) -> tuple[Fraction, Fraction, Fraction]:
    """Return first quartile, median and third quartile, between neighbours by their distance.

    This is the method that spreadsheets call inclusive (type 7 of Hyndman and Fan, 1996). Raise
    `ValueError` without values.
    """
    if not values:
        raise ValueError("no values have no quartiles")
    ordered = sorted(Fraction(value) for value in values)

    def part(share: Fraction) -> Fraction:
        place = share * (len(ordered) - 1)
        before = floor(place)
        after = min(before + 1, len(ordered) - 1)
        return ordered[before] + (place - before) * (ordered[after] - ordered[before])

    return part(Fraction(1, 4)), part(Fraction(1, 2)), part(Fraction(3, 4))


def outline(cells: Sequence[str], shown: str, shape: str) -> str:
    """Return an SVG path with `shape`, drawn from a cell's top left, in each cell that is `shown`.

    The cells stand beside each other, each `CELL` units wide.
    """
    places = (place for place, cell in enumerate(cells) if cell == shown)
    return "".join(f"M{place * CELL} 0{shape}" for place in places)


def bounds_of(spans: Iterable[tuple[datetime, datetime]]) -> list[datetime]:
    """Return every moment at which one of the spans begins or ends, in order."""
    return sorted({moment for span in spans for moment in span})


def units(start: datetime, end: datetime, *, unit: timedelta) -> int:
    """Return how many units high a stretch of time is drawn: at least one."""
    return max(1, round((end - start) / unit))
