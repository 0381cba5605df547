"""What templates ask of the schedule: slots by their days, and where a proposal is presented."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from flask import Flask

from app.editions.models import Edition
from app.schedule.queries import Place, booking_of


def init_app(app: Flask) -> None:
    """Register the filter, and what a proposal's page asks of this later stage."""
    app.jinja_env.filters["groupby_day"] = groupby_day
    app.jinja_env.globals["presentation_of"] = booking_of


def groupby_day(places: Iterable[Place], edition: Edition) -> list[tuple[date, list[Place]]]:
    """Group slots by their day in the edition's zone."""

    def day_of(place: Place) -> date:
        return place.slot.starts_at.astimezone(edition.zone).date()

    return [(day, list(row)) for day, row in groupby(places, key=day_of)]
