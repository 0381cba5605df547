"""What it would cost to put another goal first: the schedule computed anew for each. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.schedule.solver.goals import Goal, GoalScore
from app.schedule.solver.solve import SchedulePlan

Solve = Callable[[Sequence[Goal]], SchedulePlan]
"""Returns the best schedule for an order of the goals that an edition can choose."""


@dataclass(frozen=True)
class Tradeoff:
    """What changes if a goal comes first: the scores that do, before and then."""

    goal: Goal
    changes: tuple[tuple[GoalScore, GoalScore], ...]

    @property
    def gains(self) -> list[tuple[GoalScore, GoalScore]]:
        """The scores that get better."""
        return [(now, then) for now, then in self.changes if then.value < now.value]

    @property
    def costs(self) -> list[tuple[GoalScore, GoalScore]]:
        """The scores that get worse."""
        return [(now, then) for now, then in self.changes if then.value > now.value]


def tradeoffs(plan: SchedulePlan, order: Sequence[Goal], solve: Solve) -> Iterator[Tradeoff]:
    """Yield what changes with each goal that is missed and would be met better if it came first."""
    missed = {score.goal for score in plan.scores if score.value and not score.goal.is_fixed}
    pursued = [goal for goal in order if any(score.goal is goal for score in plan.scores)]
    for goal in pursued[1:]:
        if goal in missed:
            then = solve([goal, *(other for other in order if other is not goal)])
            found = Tradeoff(goal, _changes(plan, then))
            if any(now.goal is goal for now, _ in found.gains):
                yield found


def _changes(plan: SchedulePlan, other: SchedulePlan) -> tuple[tuple[GoalScore, GoalScore], ...]:
    then = {(score.goal, score.rank): score for score in other.scores}
    pairs = ((score, then[score.goal, score.rank]) for score in plan.scores)
    return tuple((now, after) for now, after in pairs if now.value != after.value)
