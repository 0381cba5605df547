"""What templates need of scores: exact points written for display, histograms, outcomes."""

from collections.abc import Iterable
from fractions import Fraction

from flask import Flask

from app.screening.models import Outcome, Score
from app.screening.statistics import UNIT, mean
from app.screening.tabulation import histogram
from app.web.language import points, quotient

MILLION = 1_000_000


def init_app(app: Flask) -> None:
    """Register them."""
    app.jinja_env.filters |= {
        "from_units": from_units,
        "from_millionths": from_millionths,
        "average": average,
        "histogram": histogram,
    }
    app.jinja_env.globals["OUTCOMES"] = {each.value: each.label for each in Outcome}


def from_units(units: int | None) -> str:
    """Write a standing's units as points."""
    return "–" if units is None else quotient(units, UNIT)


def from_millionths(millionths: int | None) -> str:
    """Write a sheet's total as points."""
    return "–" if millionths is None else quotient(millionths, MILLION)


def average(scores: Iterable[Score]) -> str:
    """Write the exact mean of scores."""
    return points(mean([Fraction(each.value) for each in scores if each.value is not None]))
