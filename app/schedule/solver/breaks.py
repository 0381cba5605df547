"""Moving breaks where that makes a better schedule: day after day, as long as it helps. Pure.

Each way is solved as a schedule of its own; what is proven holds for the breaks as they then are.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.schedule.draft.dayplans import DayPlan, with_plan
from app.schedule.draft.timetable import Timetable
from app.schedule.solver.solve import SchedulePlan


@dataclass(frozen=True)
class Improvement:
    """The best schedule found, the timetable it is for, and the days whose breaks have moved."""

    timetable: Timetable
    plan: SchedulePlan
    moved: Mapping[dt.date, DayPlan]


def with_breaks_moved(
    timetable: Timetable,
    plan: SchedulePlan,
    ways: Mapping[dt.date, Sequence[DayPlan]],
    solve: Callable[[Timetable], SchedulePlan],
    is_over: Callable[[], bool],
) -> Improvement:
    """Return a schedule at least as good as the plan, for which breaks may have moved."""
    best = Improvement(timetable, plan, {})
    is_better = any(score.value for score in plan.scores)
    while is_better:
        is_better = False
        for way in [way for plans in ways.values() for way in plans]:
            if is_over():
                return best
            other = with_plan(best.timetable, way)
            found = solve(other)
            if not is_over() and _ladder(found) < _ladder(best.plan):
                best = Improvement(other, found, {**best.moved, way.day: way})
                is_better = True
    return best


def _ladder(plan: SchedulePlan) -> list[int]:
    return [score.value for score in plan.scores]
