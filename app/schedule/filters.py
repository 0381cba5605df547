"""What templates ask of the schedule: rows by their days, and where a proposal is presented."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Protocol, TypeVar

from flask import Flask

from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.permissions import User
from app.schedule.appearances import appearance_of
from app.workflow import N_, Message


def init_app(app: Flask) -> None:
    """Register the filter, and what a proposal's page asks of this later stage."""
    app.jinja_env.filters["groupby_day"] = groupby_day
    app.jinja_env.globals["presentation_of"] = appearance_of
    app.jinja_env.globals["schedule_pages"] = schedule_pages


PAGES: tuple[tuple[str, Message, frozenset[Role]], ...] = (
    ("schedule.slots", N_("Slots"), frozenset(Role)),
    ("schedule.arrangement", N_("Arrange"), frozenset({Role.ORGANISER})),
    ("schedule.plan", N_("Compute"), frozenset({Role.ORGANISER})),
    ("schedule.panel_list", N_("Panels"), frozenset({Role.ORGANISER})),
    (
        "schedule.absences",
        N_("Times away"),
        frozenset({Role.ORGANISER, Role.JUDGE, Role.INNOVATOR}),
    ),
    ("schedule.day", N_("The day"), frozenset({Role.ORGANISER})),
    ("schedule.warnings", N_("Warnings"), frozenset({Role.ORGANISER, Role.OBSERVER})),
    (
        "schedule.versions",
        N_("Versions"),
        frozenset({Role.ORGANISER, Role.SCREENER, Role.OBSERVER}),
    ),
)


def schedule_pages(user: User) -> list[tuple[str, Message]]:
    """Return the pages of the schedule that the user may open, as endpoint and label."""
    return [(endpoint, label) for endpoint, label, roles in PAGES if user.is_a(*roles)]


class Timed(Protocol):
    """Anything with a beginning."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""


T = TypeVar("T", bound=Timed)


def groupby_day(rows: Iterable[T], edition: Edition) -> list[tuple[date, list[T]]]:
    """Group what is in the order of time by its day in the edition's zone."""

    def day_of(each: T) -> date:
        return each.starts_at.astimezone(edition.zone).date()

    return [(day, list(row)) for day, row in groupby(rows, key=day_of)]
