"""Having the worker propose a schedule: a whole one, the rest of one, or a repair.

A proposal is shown beside the draft and then applied or dropped; applying it is one step of
arranging, which can be undone.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.database import db, transaction
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.models import Edition
from app.jobs import queue
from app.jobs.models import Job, JobState
from app.jobs.worker import Report, Stopped
from app.schedule.arranging.arrangements import arrange_draft
from app.schedule.benches.panels import seat_judges
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.timetable import Timetable
from app.schedule.draft.warnings import WarningKind, warnings_of
from app.schedule.solver import solve as solver
from app.schedule.solver.goals import Goal, GoalScore
from app.schedule.solver.leftover import LeftOut, left_out
from app.schedule.solver.seats import seated
from app.schedule.solver.solve import SchedulePlan, SolverProgress
from app.workflow import N_, Labelled, NotAllowedNow

READ, SOLVED = 5, 95
MOST_LISTED, MOST_NAMED = 20, 5  # finalists left out; of each, others who need the same slots
PAUSE = 0.5  # seconds between two checks whether to stop


class Scope(Labelled):
    """What the worker is asked for."""

    WHOLE = "schedule", N_("A whole new schedule")
    REST = "schedule_rest", N_("The rest: what has a slot stays there")
    REPAIR = "schedule_repair", N_("A repair: as few are moved as possible")


def request_plan(edition: Edition, scope: Scope, *, by: Person, now: datetime) -> Job:
    """Have the worker compute a schedule; what was proposed before is dropped."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    for other in Scope:
        job = queue.latest_job(other, edition.id)
        if job is not None and (job.is_waiting or job.state is JobState.DONE):
            if job.is_waiting:
                raise NotAllowedNow(N_("A schedule is being computed already."))
            queue.stop_job(job, now=now)
    return queue.put_job(scope, edition.id, by_id=by.id, now=now)


def latest_plan(edition: Edition) -> Job | None:
    """Return the newest computation, whatever its scope."""
    jobs = [job for scope in Scope if (job := queue.latest_job(scope, edition.id))]
    return max(jobs, key=lambda job: job.id, default=None)


def proposing(scope: Scope) -> Callable[[int, Report], dict[str, Any]]:
    """Return what the worker does for this scope."""

    def propose(edition_id: int, report: Report) -> dict[str, Any]:
        with transaction(writing=False):
            timetable = timetable_of(db.session.get_one(Edition, edition_id))
        report(READ)
        plan = _plan(scope, timetable, _listening(report))
        return {
            "seen": draft_fingerprint(timetable),
            "placed": {str(key): value for key, value in plan.placed.items()},
            "seats": {str(key): list(people) for key, people in plan.seats.items() if people},
            "scores": [[score.goal, score.rank, score.value, score.bound] for score in plan.scores],
            "left_out": [
                [left.talk_id, left.rivals, left.sittings]
                for left in left_out(timetable, plan.placed, pinned=_pinned(scope, timetable))
            ],
        }

    return propose


def draft_fingerprint(timetable: Timetable) -> str:
    """Return what identifies a draft among all others: SHA-256 in hexadecimal."""
    facts = (
        timetable.sittings,
        timetable.talks,
        sorted(timetable.placed.items()),
        sorted(timetable.barred),
        sorted(timetable.away.items()),
        sorted(timetable.wishes.items()),
        sorted(timetable.declined),
        sorted(timetable.free),
        [
            timetable.panels[key]
            for key in sorted(timetable.panels, key=lambda panel_id: panel_id or 0)
        ],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


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
    is_stale: bool

    @property
    def named(self) -> set[int]:
        """The proposals (ids) that are named: some of those left out, and some of their rivals."""
        listed = self.left_out[:MOST_LISTED]
        some = (left.rivals[:MOST_NAMED] for left in listed)
        return {left.talk_id for left in listed}.union(*some)

    @property
    def people(self) -> set[int]:
        """Who gets a seat that was open (ids)."""
        return {person for people in self.seats.values() for person in people}

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        return all(score.is_proven for score in self.scores)


def preview_plan(job: Job, edition: Edition) -> PlanPreview:
    """Return what applying the job's proposal to the draft as it is now would do."""
    result = job.result or {}
    timetable = timetable_of(edition)
    placed = {int(key): value for key, value in result["placed"].items()}
    proposed: dict[int | None, tuple[int, ...]] = {
        int(key): tuple(people) for key, people in result["seats"].items()
    }
    then = seated(replace(timetable, placed=placed), proposed)
    before = Counter(warning.kind for warning in warnings_of(timetable))
    after = Counter(warning.kind for warning in warnings_of(then))
    kinds = [kind for kind in WarningKind if before[kind] or after[kind]]
    return PlanPreview(
        moves=_moves(timetable, placed),
        seats=proposed,
        scores=[
            GoalScore(Goal(goal), value, bound, rank)
            for goal, rank, value, bound in result["scores"]
        ],
        wishes=_wishes(timetable, placed),
        warnings=[(kind, before[kind], after[kind]) for kind in kinds],
        left_out=_left_out(result.get("left_out", ()), timetable),
        is_stale=draft_fingerprint(timetable) != result["seen"],
    )


def apply_plan(job: Job, edition: Edition, *, by: Person, now: datetime) -> int:
    """Make the draft what the job proposes; return how many presentations move.

    Raise `NotAllowedNow` if the draft has changed since: the proposal was made for another.
    """
    if job.state is not JobState.DONE or job.result is None:
        raise NotAllowedNow(N_("There is no schedule to apply."))
    proposed = preview_plan(job, edition)
    if proposed.is_stale:
        raise NotAllowedNow(
            N_("The draft has changed since this was computed. Drop it and compute anew.")
        )
    if proposed.seats:
        seat_judges(edition, proposed.seats, by=by, now=now)
    moves = {move.talk_id: move.after for move in proposed.moves}
    arrange_draft(edition, moves, by=by, now=now)
    job.state = JobState.USED
    return len(moves)


def _plan(
    scope: Scope, timetable: Timetable, listen: Callable[[SolverProgress], bool]
) -> SchedulePlan:
    if scope is Scope.REPAIR:
        return solver.repair(timetable, listen=listen)
    return solver.complete(timetable, pinned=_pinned(scope, timetable), listen=listen)


def _pinned(scope: Scope, timetable: Timetable) -> Collection[int]:
    return timetable.placed.keys() if scope is Scope.REST else ()


def _left_out(
    rows: Iterable[tuple[int, list[int], int | None]], timetable: Timetable
) -> list[LeftOut]:
    """Return who is left out, of those who are still finalists."""
    present = timetable.talk_of
    return [
        LeftOut(talk, tuple(rival for rival in rivals if rival in present), sittings)
        for talk, rivals, sittings in rows
        if talk in present
    ]


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


def _listening(report: Report) -> Callable[[SolverProgress], bool]:
    """Return what the solver calls with its progress; it reports at most twice a second.

    When asked to stop, it tells the solver, whose best schedule so far becomes the result.
    """
    looked = time.monotonic()

    def listen(progress: SolverProgress) -> bool:
        nonlocal looked
        now = time.monotonic()
        if now - looked < PAUSE:
            return False
        looked = now
        try:
            report(READ + (SOLVED - READ) * progress.percent // 100)
        except Stopped:
            return True
        return False

    return listen
