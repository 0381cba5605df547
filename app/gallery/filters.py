"""Template filters for points and for grouping a schedule by its days."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import groupby

from flask import Flask

from app.editions.models import Edition
from app.schedule.queries import Place
from app.scoring.ranking import from_units as exact
from app.scoring.ranking import mean
from app.screening.models import Score
from app.web.language import points


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters |= {
        "from_units": from_units,
        "from_millionths": from_millionths,
        "average": average,
        "groupby_day": groupby_day,
    }


def from_units(units: int | None) -> str:
    """Write a standing's units as points."""
    return points(exact(units))


def from_millionths(millionths: int | None) -> str:
    """Write a sheet's total as points."""
    return points(None if millionths is None else Fraction(millionths, 1_000_000))


def average(scores: Iterable[Score]) -> str:
    """Write the exact mean of scores."""
    return points(mean([Fraction(each.value) for each in scores if each.value is not None]))


def groupby_day(places: Iterable[Place], edition: Edition) -> list[tuple[date, list[Place]]]:
    """Group slots by their day in the edition's zone."""

    def day_of(place: Place) -> date:
        return place.slot.starts_at.astimezone(edition.zone).date()

    return [(day, list(row)) for day, row in groupby(places, key=day_of)]
