"""What templates need of a programme: rows by their days."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Protocol, TypeVar

from flask import Flask

from app.editions.models import Edition


def init_app(app: Flask) -> None:
    """Register the filter."""
    app.jinja_env.filters["groupby_day"] = groupby_day


class Beginning(Protocol):
    """Anything with a beginning."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""


T = TypeVar("T", bound=Beginning)


def groupby_day(rows: Iterable[T], edition: Edition) -> list[tuple[date, list[T]]]:
    """Group what is in the order of time by its day in the edition's zone."""

    def day_of(each: T) -> date:
        return each.starts_at.astimezone(edition.zone).date()

    return [(day, list(row)) for day, row in groupby(rows, key=day_of)]
