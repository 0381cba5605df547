"""What templates need of scores: exact points written for display, histograms."""

from collections.abc import Iterable
from fractions import Fraction

from flask import Flask

from app.evaluation.models import Score
from app.evaluation.statistics import MILLION, UNIT, histogram, mean
from app.web.language import points, quotient


def init_app(app: Flask) -> None:
    """Register them."""
    app.jinja_env.filters |= {
        "from_units": from_units,
        "from_millionths": from_millionths,
        "average": average,
        "histogram": histogram,
    }


def from_units(units: int | None) -> str:
    """Write a standing's units as points."""
    return "–" if units is None else quotient(units, UNIT)


def from_millionths(millionths: int | None) -> str:
    """Write a sheet's total as points."""
    return "–" if millionths is None else quotient(millionths, MILLION)


def average(scores: Iterable[Score]) -> str:
    """Write the exact mean of scores."""
    return points(mean([Fraction(score.value) for score in scores if score.value is not None]))
