"""The template filter that groups the entries of a programme by day."""

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
    """Group rows, which are in order of time, by their day in the edition's zone."""

    def day_of(row: T) -> date:
        return row.starts_at.astimezone(edition.zone).date()

    return [(day, list(of_day)) for day, of_day in groupby(rows, key=day_of)]
