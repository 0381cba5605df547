"""Having the worker propose a schedule: a whole one, the rest of one, or a repair.

A proposal is shown beside the draft and then applied or dropped; applying it is one step of
arranging, which can be undone, but for breaks that it moves.
"""

import hashlib
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.accounts.models import Person
from app.database import db, transaction
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.models import Edition
from app.jobs import queue
from app.jobs.models import Job, JobState
from app.jobs.worker import Report, Stopped
from app.schedule.arranging.arrangements import arrange_draft, move_breaks
from app.schedule.arranging.previews import PlanPreview, preview_of, result_of
from app.schedule.arranging.priorities import goal_order
from app.schedule.benches.panels import seat_judges
from app.schedule.draft import queries
from app.schedule.draft.dayplans import DayPlan, day_plans
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.timetable import Timetable
from app.schedule.solver import solve as solver
from app.schedule.solver.breaks import Improvement, with_breaks_moved
from app.schedule.solver.goals import Goal
from app.schedule.solver.leftover import left_out
from app.schedule.solver.solve import SchedulePlan, SolverProgress
from app.schedule.solver.tradeoffs import tradeoffs
from app.workflow import N_, Labelled, NotAllowedNow

READ, SOLVED = 5, 95
PAUSE = 0.5  # seconds between two checks whether to stop
QUICK = 5.0  # seconds within which a schedule is computed if other ones are to be tried
MOST_COMPARING = 20.0  # seconds for these: with other breaks, and with other orders of the goals


class Scope(Labelled):
    """What the worker is asked for."""

    WHOLE = "schedule", N_("A completely new schedule")
    REST = "schedule_rest", N_("Only the rest: presentations that have a slot keep it")
    REPAIR = "schedule_repair", N_("A repair: move as few presentations as possible")


def request_plan(edition: Edition, scope: Scope, *, by: Person, now: datetime) -> Job:
    """Have the worker compute a schedule; what was proposed before is dropped."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    for other in Scope:
        job = queue.latest_job(other, edition.id)
        if job is not None and (job.is_waiting or job.state is JobState.DONE):
            if job.is_waiting:
                raise NotAllowedNow(N_("A schedule is already being built."))
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
            edition = db.session.get_one(Edition, edition_id)
            timetable, order = timetable_of(edition), goal_order(edition)
            ways = day_plans(edition, timetable)
        report(READ)
        found = _proposed(scope, timetable, order, ways, report)
        return {"seen": draft_fingerprint(timetable, ways)} | found

    return propose


def draft_fingerprint(timetable: Timetable, ways: Mapping[date, Sequence[DayPlan]]) -> str:
    """Return what identifies a draft whose breaks may move in these ways: SHA-256, hexadecimal."""
    facts = (
        timetable.sittings,
        timetable.talks,
        sorted(timetable.placed.items()),
        sorted(timetable.barred),
        sorted(timetable.away.items()),
        sorted(timetable.wishes.items()),
        sorted(timetable.declined),
        sorted(timetable.free),
        sorted(ways.items()),
        [
            timetable.panels[key]
            for key in sorted(timetable.panels, key=lambda panel_id: panel_id or 0)
        ],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def preview_plan(job: Job, edition: Edition) -> PlanPreview:
    """Return what applying the job's proposal to the draft as it is now would do."""
    result = job.result or {}
    timetable = timetable_of(edition)
    ways = day_plans(edition, timetable)
    is_stale = draft_fingerprint(timetable, ways) != result["seen"]
    return preview_of(result, timetable, ways, is_stale=is_stale)


def apply_plan(job: Job, edition: Edition, *, by: Person, now: datetime) -> int:
    """Make the draft what the job proposes; return how many presentations move.

    Raise `NotAllowedNow` if the draft has changed since: the proposal was made for another.
    """
    if job.state is not JobState.DONE or job.result is None:
        raise NotAllowedNow(N_("There is no schedule to use."))
    proposed = preview_plan(job, edition)
    if proposed.is_stale:
        raise NotAllowedNow(
            N_(
                "The draft has changed since this schedule was built. Discard it and build a "
                "new one."
            )
        )
    if proposed.seats:
        seat_judges(edition, proposed.seats, by=by, now=now)
    made = _make_room(proposed, edition, by=by, now=now)
    moves = {move.talk_id: made.get(move.after or 0, move.after) for move in proposed.moves}
    arrange_draft(edition, moves, by=by, now=now)
    job.state = JobState.USED
    return len(moves)


def _proposed(
    scope: Scope,
    timetable: Timetable,
    order: Sequence[Goal],
    ways: Mapping[date, Sequence[DayPlan]],
    report: Report,
) -> dict[str, Any]:
    """Return the best schedule, who is left out, and what another order of the goals would change.

    Whether breaks at other times are better, and the latter, is looked for only where a schedule
    takes a few seconds.
    """
    watch = _Watch(report)
    begun = time.monotonic()
    plan = _plan(scope, timetable, order, watch)
    is_quick = time.monotonic() - begun < QUICK
    best = Improvement(timetable, plan, {})
    if is_quick:
        watch.begin_comparing()
        best = with_breaks_moved(
            timetable,
            plan,
            _without_pinned(scope, timetable, ways),
            lambda table: _plan(scope, table, order, watch),
            lambda: watch.is_over,
        )
    left = left_out(best.timetable, best.plan.placed, pinned=_pinned(scope, timetable))
    compared = []
    if is_quick:
        watch.begin_comparing()
        for found in tradeoffs(
            best.plan, order, lambda other: _plan(scope, best.timetable, other, watch)
        ):
            if watch.is_over:  # this one was not looked for to its end
                break
            compared.append(found)
    return result_of(best.plan, left, compared, best.moved.values())


def _without_pinned(
    scope: Scope, timetable: Timetable, ways: Mapping[date, Sequence[DayPlan]]
) -> Mapping[date, Sequence[DayPlan]]:
    """Leave out what would take a slot from a talk that stays where it is."""
    held = {timetable.placed[talk] for talk in _pinned(scope, timetable)}

    def keeps(way: DayPlan) -> bool:
        gone = {sitting.id for sitting in timetable.sittings_on[way.day]}
        return held.isdisjoint(gone - {sitting.id for sitting in way.sittings})

    return {day: [way for way in plans if keeps(way)] for day, plans in ways.items()}


def _make_room(
    proposed: PlanPreview, edition: Edition, *, by: Person, now: datetime
) -> dict[int, int]:
    """Move the breaks that the proposal moves; return the slots made for its new sittings (ids)."""
    if not proposed.moved:
        return {}
    move_breaks(edition, proposed.moved, by=by, now=now)
    made = {(slot.room_id or 0, slot.starts_at): slot.id for slot in queries.slots(edition)}
    return {
        sitting.id: made[sitting.room_id, sitting.starts_at]
        for plan in proposed.moved
        for sitting in plan.new
    }


def _plan(
    scope: Scope,
    timetable: Timetable,
    order: Sequence[Goal],
    listen: Callable[[SolverProgress], bool],
) -> SchedulePlan:
    pinned = _pinned(scope, timetable)
    if scope is Scope.REPAIR:
        return solver.repair(timetable, pinned=pinned, listen=listen, order=order)
    return solver.complete(timetable, pinned=pinned, listen=listen, order=order)


def _pinned(scope: Scope, timetable: Timetable) -> Collection[int]:
    """Return the talks that stay: what has been presented, and for the rest all that are placed."""
    if scope is Scope.REST:
        return timetable.placed.keys()
    return [talk.id for talk in timetable.talks if talk.is_held and talk.id in timetable.placed]


class _Watch:
    """What the solver tells its progress; it reports at most twice a second.

    When asked to stop, it tells the solver, whose best schedule so far becomes the result. After
    its `deadline` it stops by itself.
    """

    def __init__(self, report: Report) -> None:
        self.has_stopped, self.deadline = False, math.inf
        self._report, self._looked, self._shown = report, time.monotonic(), 0

    def begin_comparing(self) -> None:
        """Let it look for something else for a while."""
        self.deadline = time.monotonic() + MOST_COMPARING

    @property
    def is_over(self) -> bool:
        """Whether the solver has to stop."""
        return self.has_stopped or time.monotonic() > self.deadline

    def __call__(self, progress: SolverProgress) -> bool:
        now = time.monotonic()
        if now - self._looked >= PAUSE and not self.has_stopped:
            self._looked = now
            self._shown = max(self._shown, progress.percent)
            try:
                self._report(READ + (SOLVED - READ) * self._shown // 100)
            except Stopped:
                self.has_stopped = True
        return self.is_over
