"""In which order the goals of a computed schedule count: the usual one, or the edition's own."""

from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.models import Edition
from app.schedule.solver.goals import USUAL_ORDER, Goal


def goal_order(edition: Edition) -> tuple[Goal, ...]:
    """Return the goals that an edition can put in order, as it has; none of what is always first.

    What it has not put anywhere stands where it usually does.
    """
    chosen = [Goal(name) for name in edition.goal_order if name in {*USUAL_ORDER}]
    for place, goal in enumerate(USUAL_ORDER):
        if goal not in chosen:
            chosen.insert(place, goal)
    return tuple(chosen)


def has_usual_order(edition: Edition) -> bool:
    """Return whether nobody has put the goals in another order."""
    return goal_order(edition) == USUAL_ORDER


def put_goal(edition: Edition, goal: Goal, place: int, *, by: Person, now: datetime) -> None:
    """Put a goal in a place among those that can be ordered, from 0; others make room."""
    order = [other for other in goal_order(edition) if other is not goal]
    order.insert(place, goal)
    _keep_order(edition, order, by=by, now=now)


def use_usual_order(edition: Edition, *, by: Person, now: datetime) -> None:
    """Let the goals count in the usual order again."""
    _keep_order(edition, list(USUAL_ORDER), by=by, now=now)


def _keep_order(edition: Edition, order: list[Goal], *, by: Person, now: datetime) -> None:
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if tuple(order) != goal_order(edition):
        edition.goal_order = [goal.value for goal in order]
        record(edition.id, "schedule.goals", by=by, now=now, order=edition.goal_order)
