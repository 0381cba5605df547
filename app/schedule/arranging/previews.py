"""What applying a computed schedule would do, and how good it is, as the worker keeps it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.schedule.draft.comparability import Comparability, comparability_of
from app.schedule.draft.dayplans import DayPlan, with_plan
from app.schedule.draft.timetable import Sitting, Span, Timetable
from app.schedule.draft.warnings import WarningKind, warnings_of
from app.schedule.solver.goals import Goal, GoalScore
from app.schedule.solver.leftover import LeftOut, Remedy
from app.schedule.solver.seats import Seats, seated
from app.schedule.solver.solve import SchedulePlan
from app.schedule.solver.tradeoffs import Tradeoff

MOST_LISTED, MOST_NAMED = (
    20,
    5,
)  # groups left out; of each, those and others who need the same slots

Result = Mapping[str, Any]
"""What the worker keeps of a schedule, as JSON."""


@dataclass(frozen=True)
class Move:
    """What a proposal does to one presentation: the sittings before and after, or None."""

    talk_id: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class PlanPreview:
    """What applying a proposal would do, and how good it is."""

    moves: list[Move]
    seats: Mapping[int | None, tuple[int, ...]]
    scores: list[GoalScore]
    wishes: list[tuple[int, int]]
    warnings: list[tuple[WarningKind, int, int]]
    left_out: list[LeftOut]
    tradeoffs: list[Tradeoff]
    moved: list[DayPlan]
    compared: tuple[Comparability | None, Comparability | None]
    is_stale: bool

    @property
    def new(self) -> dict[int, Sitting]:
        """The sittings that are to be made, by their ids."""
        return {sitting.id: sitting for plan in self.moved for sitting in plan.new}

    @property
    def without_slot(self) -> int:
        """How many finalists are left out."""
        return sum(len(left.talks) for left in self.left_out)

    @property
    def named(self) -> set[int]:
        """The proposals (ids) that are named: some of those left out, and some of their rivals."""
        some = (
            {*left.talks[:MOST_NAMED], *left.rivals[:MOST_NAMED]}
            for left in self.left_out[:MOST_LISTED]
        )
        return set[int]().union(*some)

    @property
    def people(self) -> set[int]:
        """Who gets a seat that was open, and whose time away could be moved (ids)."""
        seated_now = {person for people in self.seats.values() for person in people}
        remedies = (remedy for left in self.left_out for remedy in left.remedies)
        return seated_now | {remedy.person_id for remedy in remedies if remedy.person_id}

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        return all(score.is_proven for score in self.scores)


def result_of(
    plan: SchedulePlan,
    left: Iterable[LeftOut],
    tradeoffs: Iterable[Tradeoff],
    moved: Iterable[DayPlan],
) -> dict[str, Any]:
    """Return what the worker keeps of a schedule."""
    return {
        "placed": {str(key): value for key, value in plan.placed.items()},
        "seats": {str(key): list(people) for key, people in plan.seats.items() if people},
        "scores": [_packed(score) for score in plan.scores],
        "without_slot": [
            [group.talks, group.rivals, group.sittings, [_as_json(one) for one in group.remedies]]
            for group in left
        ],
        "tradeoffs": [
            [tradeoff.goal, [[_packed(now), _packed(then)] for now, then in tradeoff.changes]]
            for tradeoff in tradeoffs
        ],
        "moved": [_break_times(plan) for plan in moved],
    }


def preview_of(
    result: Result,
    timetable: Timetable,
    ways: Mapping[date, Sequence[DayPlan]],
    *,
    is_stale: bool,
) -> PlanPreview:
    """Return what applying the result to this draft would do; its breaks may move in these ways."""
    asked = result.get("moved", [])
    moved = [plan for plans in ways.values() for plan in plans if _break_times(plan) in asked]
    is_stale = is_stale or len(moved) < len(asked)
    then = timetable
    for plan in moved:
        then = with_plan(then, plan)
    known = then.sitting_of
    placed = {talk: there for talk, there in placed_in(result).items() if there in known}
    is_stale = is_stale or len(placed) < len(result["placed"])
    proposed = seats_in(result)
    then = seated(replace(then, placed=placed), proposed)
    before = Counter(warning.kind for warning in warnings_of(timetable))
    after = Counter(warning.kind for warning in warnings_of(then))
    kinds = [kind for kind in WarningKind if before[kind] or after[kind]]
    return PlanPreview(
        moves=_moves(timetable, placed),
        seats=proposed,
        scores=[_score(row) for row in result["scores"]],
        wishes=_wishes(timetable, placed),
        warnings=[(kind, before[kind], after[kind]) for kind in kinds],
        left_out=_left_out(result.get("without_slot", ()), timetable),
        tradeoffs=[
            Tradeoff(Goal(goal), tuple((_score(now), _score(then)) for now, then in changes))
            for goal, changes in result.get("tradeoffs", ())
        ],
        moved=moved,
        compared=(comparability_of(timetable), comparability_of(then)),
        is_stale=is_stale,
    )


def placed_in(result: Result) -> dict[int, int]:
    """Return the sitting of each talk (ids)."""
    return {int(key): value for key, value in result["placed"].items()}


def seats_in(result: Result) -> Seats:
    """Return who joins which panel (ids)."""
    return {int(key): tuple(people) for key, people in result["seats"].items()}


def _break_times(plan: DayPlan) -> list[Any]:
    """Return a day and when its breaks begin, as JSON has it."""
    return [plan.day.isoformat(), [[key, start.isoformat()] for key, start in plan.breaks]]


def _packed(score: GoalScore) -> list[str | int]:
    return [score.goal, score.rank, score.value, score.bound]


def _score(row: tuple[str, int, int, int]) -> GoalScore:
    goal, rank, value, bound = row
    return GoalScore(Goal(goal), value, bound, rank)


def _as_json(remedy: Remedy) -> list[str | int | None]:
    times = remedy.span.starts_at.isoformat(), remedy.span.ends_at.isoformat()
    return [*times, remedy.person_id, remedy.room_id]


def _remedy(row: tuple[str, str, int | None, int | None]) -> Remedy:
    starts_at, ends_at, person_id, room_id = row
    span = Span(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
    return Remedy(span, person_id, room_id)


def _left_out(rows: Iterable[Any], timetable: Timetable) -> list[LeftOut]:
    """Return who is left out, of those who are still finalists."""
    present = timetable.talk_of
    found = [
        LeftOut(
            tuple(talk for talk in talks if talk in present),
            tuple(rival for rival in rivals if rival in present),
            sittings,
            tuple(_remedy(row) for row in remedies),
        )
        for talks, rivals, sittings, remedies in rows
    ]
    return [left for left in found if left.talks]


def _moves(timetable: Timetable, placed: dict[int, int]) -> list[Move]:
    rows = [
        Move(talk.id, timetable.placed.get(talk.id), placed.get(talk.id))
        for talk in timetable.talks
    ]
    return [move for move in rows if move.before != move.after]


def _wishes(timetable: Timetable, placed: dict[int, int]) -> list[tuple[int, int]]:
    """Return how many got their first wish, their second, …; under 0 how many got none."""
    ranks: Counter[int] = Counter()
    for talk_id, wished in timetable.wishes.items():
        sitting = placed.get(talk_id)
        ranks[wished.index(sitting) + 1 if sitting in wished else 0] += 1
    return sorted(ranks.items(), key=lambda entry: (entry[0] == 0, entry[0]))
