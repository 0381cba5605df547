"""Times the solver of the schedule at 27, 300 and 3,000 finalists, and a repair.

Each case is solved several times in this process; the median counts. Every plan is checked by the
tests' own checker. With --truth, small random editions are solved in all modes instead, and each
plan is compared with all the schedules there are; with --published, published instances are solved
once each and shown beside what an earlier examination found. Exits with 1 if a target is missed.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "schedule")]
import truth
from checker import check
from editions import large, luwu_utara, middling
from published import PublishedInstance, instances
from report import verdict

from app.schedule.draft.timetable import Timetable
from app.schedule.solver.goals import Goal, GoalScore
from app.schedule.solver.solve import SchedulePlan, complete, repair

SMALL_SECONDS, MIDDLE_SECONDS, LARGE_SECONDS = 1.0, 30.0, 120.0
MOST_GAP = 0.01
ANY_GAP = 1.0
PROVEN = 0.0


@dataclass
class Case:
    """What is timed: how to solve it, what the plan is checked against, and the targets."""

    name: str
    timetable: Timetable
    solve: Callable[[Timetable], SchedulePlan]
    seconds: float
    gap: float
    is_repair: bool = False


def main() -> int:
    """Solve, check, print; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (3)")
    parser.add_argument("--only", default="", help="cases whose name begins so")
    parser.add_argument("--truth", type=int, default=0, help="how many small editions to enumerate")
    parser.add_argument("--published", action="store_true", help="solve published instances")
    options = parser.parse_args()
    if options.truth:
        return 0 if is_true(options.truth) else 1
    if options.published:
        chosen = [each for each in instances() if each.name.startswith(options.only)]
        placed = [is_placed(instance) for instance in chosen]
        return 0 if all(placed) else 1
    cases = [case for case in prepare() if case.name.startswith(options.only)]
    print(f"{'case':<34}{'seconds':>8}  score/bound of each goal; one number where proven")
    met = [is_met(case, options.rounds) for case in cases]
    return 0 if all(met) else 1


def prepare() -> list[Case]:
    """Return the cases; those of a repair start from the plan of the first."""
    small = luwu_utara()
    plan = propose(small)
    planned = replace(small, placed=plan.placed)
    rooms = middling(rooms=10)
    seated = middling(rooms=10, has_open_seats=True)
    day = small.sittings[0].day
    lost = middling(rooms=2, talks=60)
    lost = replace(lost, placed=propose(lost).placed)
    return [
        Case("a 27 talks", small, propose, SMALL_SECONDS, PROVEN),
        Case("b 300 talks, panels given", rooms, propose, MIDDLE_SECONDS, MOST_GAP),
        Case("b 300 talks, 60 seats open", seated, propose, MIDDLE_SECONDS, MOST_GAP),
        Case("c 3,000 talks, 600 seats open", large(), propose, LARGE_SECONDS, ANY_GAP),
        Case("d 27 talks, two judges sick", sick(planned), mend, SMALL_SECONDS, PROVEN, True),
        Case("d 27 talks, a day cut", cut(planned, day), mend, SMALL_SECONDS, PROVEN, True),
        Case(
            "d 60 talks, a room lost a day", without_room(lost), mend, SMALL_SECONDS, PROVEN, True
        ),
    ]


def propose(timetable: Timetable) -> SchedulePlan:
    """Propose a whole schedule."""
    return complete(timetable, pinned=(), listen=lambda _: False)


def mend(timetable: Timetable) -> SchedulePlan:
    """Repair the schedule."""
    return repair(timetable, listen=lambda _: False)


def sick(timetable: Timetable) -> Timetable:
    """Make two judges of the panel absent for a morning, so that no quorum is left."""
    panel = timetable.panels[1]
    morning = tuple(timetable.sittings[:3])
    away = {**timetable.away, panel.members[0]: morning, panel.members[1]: morning}
    return replace(timetable, away=away, panels={1: replace(panel, quorum=5)})


def cut(timetable: Timetable, day: object) -> Timetable:
    """Cut the day's last two sittings."""
    gone = {
        sitting.id
        for sitting in [sitting for sitting in timetable.sittings if sitting.day == day][-2:]
    }
    return replace(
        timetable,
        sittings=tuple(sitting for sitting in timetable.sittings if sitting.id not in gone),
    )


def without_room(timetable: Timetable) -> Timetable:
    """Take away the first room on the first day."""
    first = timetable.sittings[0]
    kept = [
        sitting
        for sitting in timetable.sittings
        if (sitting.room_id, sitting.day) != (first.room_id, first.day)
    ]
    return replace(timetable, sittings=tuple(kept))


def is_met(case: Case, rounds: int) -> bool:
    """Time the case, check its plan, print it and the verdicts."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        plan = case.solve(case.timetable)
        times.append(time.perf_counter() - begun)
    was = case.timetable.placed if case.is_repair else None
    check(case.timetable, plan, was=was)
    seconds = statistics.median(times)
    print(f"\n{case.name:<34}{seconds:>8.2f}  {', '.join(map(shown, plan.scores))}")
    gaps = {f"{score.goal} {score.rank or ''}".strip(): score.gap for score in plan.scores}
    return all(
        [
            verdict(f"{case.name} ≤ {case.seconds:g} s", {"median": seconds}, case.seconds),
            is_whole(case.timetable, plan),
            verdict(f"gap ≤ {case.gap:.0%}", gaps, case.gap),
        ]
    )


def is_placed(instance: PublishedInstance) -> bool:
    """Solve the instance, check its plan, print it beside what was found earlier."""
    timetable = instance.timetable
    begun = time.perf_counter()
    plan = propose(timetable)
    seconds = time.perf_counter() - begun
    check(timetable, plan)
    size = f"{len(timetable.talks):,} × {len(timetable.sittings):,}"
    scores = ", ".join([*map(shown, plan.scores), "proven" if plan.is_proven else "not proven"])
    print(f"\n{instance.name:<26}{size:>16}{seconds:>8.2f}  {scores}")
    print(f"{'earlier':>50}  {instance.earlier}")
    return is_whole(timetable, plan)


def is_whole(timetable: Timetable, plan: SchedulePlan) -> bool:
    """Print whether nobody is left out."""
    left_out = len(timetable.talks) - len(plan.placed)
    return verdict("all placed", {"unplaced": float(left_out)}, 0)


def is_true(editions: int) -> bool:
    """Solve small random editions in all modes, print what is not so or not best."""
    proven, wrong, worse = 0, 0, 0
    for seed in range(editions):
        timetable = truth.edition(seed)
        for mode in truth.MODES:
            found = truth.compared(timetable, truth.planned(timetable, mode), mode)
            proven += found.is_proven
            wrong += found.is_wrong
            worse += not found.is_best
            if found.is_wrong:
                print(f"edition {seed}, {mode}: {found}")
    print(
        f"{editions * len(truth.MODES):,} runs: {proven:,} proven, {wrong} claim what is not so, "
        f"{worse} not the best and not said to be"
    )
    return not wrong


def shown(score: GoalScore) -> str:
    """Return a score's value, and its bound if it isn't proven."""
    rank = f"[{score.rank}]" if score.goal is Goal.WISHES else ""
    bound = "" if score.is_proven else f"/{score.bound}"
    return f"{score.goal}{rank} {score.value}{bound}"


if __name__ == "__main__":
    sys.exit(main())
