"""Template filters for scores: exact points written for display."""

from flask import Flask

from app.evaluation.statistics import MILLION, UNIT
from app.web.language import quotient


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters |= {
        "from_units": from_units,
        "from_millionths": from_millionths,
    }


def from_units(units: int | None, places: int = 2) -> str:
    """Write a standing's units as points."""
    return "–" if units is None else quotient(units, UNIT, places)


def from_millionths(millionths: int | None, places: int = 2) -> str:
    """Write a sheet's total as points."""
    return "–" if millionths is None else quotient(millionths, MILLION, places)
