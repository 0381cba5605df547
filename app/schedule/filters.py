"""What templates ask of the schedule: rows by their days, and where a proposal is presented."""

from flask import Flask

from app.editions.kinds import Role
from app.editions.permissions import User
from app.programme.queries import appearance_of
from app.workflow import N_, Message


def init_app(app: Flask) -> None:
    """Register the filter, and what a proposal's page asks of this later stage."""
    app.jinja_env.globals["presentation_of"] = appearance_of
    app.jinja_env.globals["schedule_pages"] = schedule_pages


PAGES: tuple[tuple[str, Message, frozenset[Role]], ...] = (
    ("schedule.slots", N_("Slots"), frozenset(Role)),
    ("arrangement.index", N_("Arrange"), frozenset({Role.ORGANISER})),
    ("plan.index", N_("Compute"), frozenset({Role.ORGANISER})),
    ("panels.index", N_("Panels"), frozenset({Role.ORGANISER})),
    (
        "absences.index",
        N_("Times away"),
        frozenset({Role.ORGANISER, Role.JUDGE, Role.INNOVATOR}),
    ),
    ("day.index", N_("The day"), frozenset({Role.ORGANISER})),
    ("arrangement.warnings", N_("Warnings"), frozenset({Role.ORGANISER, Role.OBSERVER})),
    (
        "versions.index",
        N_("Versions"),
        frozenset({Role.ORGANISER, Role.SCREENER, Role.OBSERVER}),
    ),
)


def schedule_pages(user: User) -> list[tuple[str, Message]]:
    """Return the pages of the schedule that the user may open, as endpoint and label."""
    return [(endpoint, label) for endpoint, label, roles in PAGES if user.is_a(*roles)]
