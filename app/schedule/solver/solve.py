"""Which finalist presents when, and who judges: goals in their order, solved by HiGHS. Pure.

Each goal is one solve, with the goals before it held at what they reached. At first a talk is
considered only for the sittings it wishes for, or for any other; then those others are settled.
If that isn't proven to be the best, a small edition is solved again with every talk considered for
every sitting. In a large one the foremost goals, that everyone has a slot and a quorum, are solved
for themselves: where the wishes have cost one of them something, the descent is made again around
that schedule. Finally, judges take the open seats of panels.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from math import ceil, isfinite
from time import monotonic

from app.optimiser import Terms
from app.schedule.draft.timetable import Timetable
from app.schedule.solver import goals, placing, seats
from app.schedule.solver.bounds import least
from app.schedule.solver.goals import USUAL_ORDER, Aim, Goal, GoalScore
from app.schedule.solver.matching import largest_matching
from app.schedule.solver.model import PRESENT, Model, SchedulingProblem
from app.schedule.solver.objectives import express

MOST_PAIRS = 10_000  # talks times sittings up to which every talk is tried in every sitting
MOST_FOREMOST = 60_000  # the same, where only the foremost goals are pursued
FOREMOST = 2  # goals that no other may cost anything: everyone is placed, and has a quorum
NEARLY_NOTHING = 1e-6
PATIENCE, LEAST_PATIENCE = 40.0, 0.5  # seconds for all goals of a step, and at least for each
AGAIN_PATIENCE = 12.0  # seconds for all goals of a large edition, if the descent is made again
SEAT_PATIENCE = 8.0  # seconds for each goal of the seats
FULL = 100


@dataclass(frozen=True)
class SolverProgress:
    """How far the solver is, from 0 to 100, and which goal it pursues."""

    percent: int
    goal: Goal


@dataclass(frozen=True)
class SchedulePlan:
    """Where each talk is placed, who joins which panel, and how good that is."""

    placed: dict[int, int]
    seats: dict[int | None, tuple[int, ...]]
    scores: tuple[GoalScore, ...]

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better."""
        return _is_proven(self.scores)


Listen = Callable[[SolverProgress], bool]


def complete(
    timetable: Timetable,
    *,
    pinned: Collection[int],
    listen: Listen,
    order: Sequence[Goal] = USUAL_ORDER,
) -> SchedulePlan:
    """Return the best schedule in which the talks `pinned` stay where they are placed.

    `listen` is told how far the solver is and returns True to stop with the best so far; `order` is
    that of the goals that an edition can choose.
    """
    held = _staying(timetable, pinned)
    ladder = goals.aims(timetable, is_repair=False, order=order)
    return _solve(SchedulingProblem(timetable, held), ladder, listen)


def _staying(timetable: Timetable, pinned: Collection[int]) -> frozenset[int]:
    """Return those of the pinned talks whose sitting still exists."""
    known = _known(timetable)
    return frozenset(talk for talk in pinned if known.get(talk) in timetable.sitting_of)


def repair(
    timetable: Timetable,
    *,
    pinned: Collection[int] = (),
    listen: Listen,
    order: Sequence[Goal] = USUAL_ORDER,
) -> SchedulePlan:
    """Return the schedule that moves the fewest talks so that all are placed and have a quorum.

    Among those it affects the fewest people. Talks may so far be in sittings that are gone; those
    `pinned` stay.
    """
    problem = SchedulingProblem(timetable, _staying(timetable, pinned), was=_known(timetable))
    return _solve(problem, goals.aims(timetable, is_repair=True, order=order), listen)


class _Watch:
    """Tells whoever listens how far it is, and remembers if it should stop."""

    def __init__(self, listen: Listen, steps: int) -> None:
        self.has_stopped, self._listen = False, listen
        self._step, self._steps, self._goal = 0, steps, Goal.UNPLACED

    def begin(self, goal: Goal) -> None:
        self._goal, self._step = goal, self._step + 1

    def has_to_stop(self) -> bool:
        percent = min(FULL - 1, FULL * self._step // (self._steps + 1))
        self.has_stopped = self.has_stopped or self._listen(SolverProgress(percent, self._goal))
        return self.has_stopped


@dataclass(frozen=True)
class _Reached:
    """What a descent reached in an aim, and what it can't fall below."""

    value: int
    bound: int


def _known(timetable: Timetable) -> dict[int, int]:
    """Return where the talks to arrange are placed; other talks may be placed too."""
    return {talk: there for talk, there in timetable.placed.items() if talk in timetable.talk_of}


def _solve(problem: SchedulingProblem, aims: list[Aim], listen: Listen) -> SchedulePlan:
    timetable = problem.timetable
    watch = _Watch(listen, 3 * len(aims) + FOREMOST + 1)
    placed, *reached = _in_two_steps(problem, aims, watch)
    if len(timetable.talks) * len(timetable.sittings) > MOST_PAIRS:
        placed, more = _foremost_kept(problem, aims, placed, watch)
        reached += more
    elif not _is_proven(_scored(problem, aims, placed, {}, reached)):
        model = Model(problem, placing.everywhere(problem), (), watch.has_to_stop)
        picks, whole = _descend(model, aims, model.picks(placed), watch, reached[0])
        placed = model.placed(picks)
        reached.append(whole)
    watch.begin(Goal.WITHOUT_QUORUM)
    finished = replace(timetable, placed=placed)
    added = seats.fill(finished, seconds=SEAT_PATIENCE, has_to_stop=watch.has_to_stop)
    return SchedulePlan(placed, added, _scored(problem, aims, placed, added, reached))


def _in_two_steps(
    problem: SchedulingProblem, aims: list[Aim], watch: _Watch
) -> tuple[dict[int, int], list[_Reached]]:
    """Solve with a pool of talks whose sittings are left open, then settle these."""
    pool = [talk.id for talk in problem.timetable.talks if talk.id not in problem.pinned]
    broad = Model(problem, placing.preferred(problem), pool, watch.has_to_stop)
    picks, reached = _descend(broad, aims, broad.picks(placing.first(problem)), watch)
    fixed, open_sittings = broad.placed(picks), broad.pool(picks)
    placed = placing.first(problem, fixed, open_sittings)
    places = placing.settling(problem, fixed, open_sittings, placed)
    model = Model(problem, places, (), watch.has_to_stop)
    picks, _ = _descend(model, aims, model.picks(placed), watch, reached)
    return model.placed(picks), reached


def _foremost_kept(
    problem: SchedulingProblem, aims: list[Aim], placed: dict[int, int], watch: _Watch
) -> tuple[dict[int, int], list[list[_Reached]]]:
    """Return a schedule as good in the foremost goals as there is, and what is proven of them.

    `placed` is one that may have given up some of it for the goals behind.
    """
    foremost, talks = aims[:FOREMOST], problem.timetable.talks

    def values(plan: dict[int, int]) -> list[int]:
        timetable = replace(problem.timetable, placed=plan)
        return [goals.measure(aim, timetable, problem.was) for aim in foremost]

    if not any(values(placed)):
        return placed, []
    everywhere = placing.everywhere(problem)
    matching = largest_matching(everywhere, placed)
    best = min(placed, placing.legal(problem, matching), key=values)
    is_whole = len(talks) * len(problem.timetable.sittings) <= MOST_FOREMOST
    options = everywhere if is_whole else placing.broadly(problem, best)
    model = Model(problem, options, (), watch.has_to_stop)
    least = [_Reached(0, len(talks) - len(matching))]
    picks, reached = _descend(model, foremost, model.picks(best), watch, least)
    best = model.placed(picks)
    if values(best) < values(placed):
        around = Model(problem, placing.broadly(problem, best), (), watch.has_to_stop)
        known = reached if is_whole else least
        start = around.picks(best)
        picks, _ = _descend(around, aims, start, watch, known, patience=AGAIN_PATIENCE)
        placed = around.placed(picks)
    return placed, [reached if is_whole else least]


def _descend(
    model: Model,
    aims: list[Aim],
    picks: Terms,
    watch: _Watch,
    known: Sequence[_Reached] = (),
    *,
    patience: float = PATIENCE,
) -> tuple[Terms, list[_Reached]]:
    """Minimise one aim after the other; return the whole columns, and what was reached.

    `known` is what another descent, with fewer restrictions, reached; `patience` are seconds.
    """
    reached: list[_Reached] = []
    deadline, is_sure = monotonic() + patience, True
    for aim in aims:
        watch.begin(aim[0])
        if watch.has_to_stop():
            break
        seconds = max(LEAST_PATIENCE, (deadline - monotonic()) / 2)
        step = _step(model, aim, picks, floor=_floor(known, reached), seconds=seconds)
        if step is None:
            break
        # shares are of the sittings taken: how many are taken may depend on who is left out
        is_sure = is_sure and not (aim[0].is_share and model.longer and _left_out(model, picks))
        picks, found = step
        reached.append(found if is_sure else replace(found, bound=0))
    return picks, reached


def _left_out(model: Model, picks: Terms) -> set[int]:
    """Return the talks (ids) that have no sitting in these picks."""
    return {talk for talk, column in model.out.items() if picks[column] > PRESENT}


def _floor(known: Sequence[_Reached], reached: list[_Reached]) -> int:
    """Return what the next aim can't fall below; a proof needs the aims before it to be as low."""
    pairs = zip(reached, known, strict=False)
    is_sure = len(reached) < len(known) and all(one.value <= other.value for one, other in pairs)
    return known[len(reached)].bound if is_sure else 0


def _step(
    model: Model, aim: Aim, picks: Terms, *, floor: int, seconds: float
) -> tuple[Terms, _Reached] | None:
    """Minimise the aim unless the picks are at its floor, and hold it there from now on."""
    out = _left_out(model, picks)
    taken = sum(talk.slots for talk in model.timetable.talks if talk.id not in out)
    terms, constant = express(model, aim, taken=taken)
    value, bound = _value(model, aim, terms, picks), floor
    if value is None or value > floor:
        target = floor - constant
        found = model.program.minimise(terms, start=picks, seconds=seconds, target=target)
        if found.values is None:
            return None
        picks = model.found(found.values)
        if isfinite(found.bound):
            bound = max(bound, ceil(found.bound - NEARLY_NOTHING) + constant)
        value = (
            round(sum(weight * found.values[column] for column, weight in terms.items())) + constant
        )
    model.program.row(terms, at_most=value - constant)
    return picks, _Reached(value, bound)


def _value(model: Model, aim: Aim, terms: Terms, picks: Terms) -> int | None:
    """Return the aim's value for the picks, or None if a pool leaves it unknown."""
    if not model.pooled:
        placed = replace(model.timetable, placed=model.placed(picks))
        return goals.measure(aim, placed, model.problem.was)
    if not terms.keys() <= picks.keys():
        return None
    return round(sum(weight * picks[column] for column, weight in terms.items()))


def _scored(
    problem: SchedulingProblem,
    aims: list[Aim],
    placed: dict[int, int],
    added: seats.Seats,
    descents: list[list[_Reached]],
) -> tuple[GoalScore, ...]:
    """Return the scores, each with the best bound of the descents.

    A descent's bound holds for an aim as long as those before it are no worse than in the descent.
    What none has proven is bounded by counting.
    """
    moved = replace(problem.timetable, placed=placed)
    staffed = seats.seated(moved, added)  # whoever takes an open seat is not affected by a move
    values = [
        goals.measure(aim, moved if aim[0] is Goal.AFFECTED else staffed, problem.was)
        for aim in aims
    ]
    bounds = [0] * len(aims)
    for reached in descents:
        for number, result in enumerate(reached):
            bounds[number] = max(bounds[number], result.bound)
            if values[number] > result.value:
                break
    known = dict(zip(aims, values, strict=True))
    for number, aim in enumerate(aims):
        if bounds[number] < values[number]:
            bounds[number] = max(bounds[number], least(aim, problem, known))
    found = zip(aims, values, bounds, strict=True)
    return tuple(GoalScore(goal, value, bound, rank) for (goal, rank), value, bound in found)


def _is_proven(scores: tuple[GoalScore, ...]) -> bool:
    return all(score.is_proven for score in scores)
