"""Template filters for scores: exact points written for display."""

from flask import Flask

from app.evaluation.statistics import MILLION, UNIT
from app.numbers import quotient
from app.web.templates import speak


def init_app(app: Flask) -> None:
    """Register the filters."""
    speak(app, filters={"from_units": from_units, "from_millionths": from_millionths})


def from_units(spoken: str, units: int | None, places: int = 2) -> str:
    """Write a standing's units as points, in the language `spoken`."""
    return "–" if units is None else quotient(spoken, units, UNIT, places)


def from_millionths(spoken: str, millionths: int | None, places: int = 2) -> str:
    """Write a sheet's total as points, in the language `spoken`."""
    return "–" if millionths is None else quotient(spoken, millionths, MILLION, places)
