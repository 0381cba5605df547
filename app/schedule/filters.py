"""The template filter that groups a schedule by its days."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from flask import Flask

from app.editions.models import Edition
from app.schedule.queries import Place


def init_app(app: Flask) -> None:
    """Register the filter."""
    app.jinja_env.filters["groupby_day"] = groupby_day


def groupby_day(places: Iterable[Place], edition: Edition) -> list[tuple[date, list[Place]]]:
    """Group slots by their day in the edition's zone."""

    def day_of(place: Place) -> date:
        return place.slot.starts_at.astimezone(edition.zone).date()

    return [(day, list(row)) for day, row in groupby(places, key=day_of)]
