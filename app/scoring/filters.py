"""Template filters that write exact points for display."""

from collections.abc import Iterable
from fractions import Fraction

from flask import Flask

from app.scoring.ranking import UNIT, mean
from app.screening.models import Score
from app.web.language import points, quotient

MILLION = 1_000_000


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters |= {
        "from_units": from_units,
        "from_millionths": from_millionths,
        "average": average,
    }


def from_units(units: int | None) -> str:
    """Write a standing's units as points."""
    return "–" if units is None else quotient(units, UNIT)


def from_millionths(millionths: int | None) -> str:
    """Write a sheet's total as points."""
    return "–" if millionths is None else quotient(millionths, MILLION)


def average(scores: Iterable[Score]) -> str:
    """Write the exact mean of scores."""
    return points(mean([Fraction(each.value) for each in scores if each.value is not None]))
