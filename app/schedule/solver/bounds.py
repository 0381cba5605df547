"""What no schedule can fall below in an aim, by counting alone. Pure.

It bounds what the solver had no time to prove. Where it counts, all but one rule are left aside: a
talk needs a sitting that it may be in and that has what is wished for.
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import Timetable
from app.schedule.solver import placing
from app.schedule.solver.goals import Aim, Goal, in_sessions
from app.schedule.solver.matching import largest_matching
from app.schedule.solver.model import SchedulingProblem


def least(aim: Aim, problem: SchedulingProblem, values: Mapping[Aim, int]) -> int:
    """Return a bound of the aim for all schedules that are as good in the aims before it.

    `values` are those of the schedule in question, by aim.
    """
    goal, rank = aim
    if goal is Goal.WISHES:
        worse = sum(count for (other, at), count in values.items() if other is goal and at > rank)
        return max(0, _past(rank - 1, problem) - worse)
    if goal is Goal.EARLY:
        return max(0, _early(problem) - values[Goal.UNPLACED, 0])
    is_together = problem.timetable.order is AgencyOrder.TOGETHER
    return _parted(problem.timetable) if goal is Goal.NEIGHBOURS and is_together else 0


def _past(rank: int, problem: SchedulingProblem) -> int:
    """Return how many at least get none of their first wishes, up to this rank.

    Whoever names fewer can't fall further than that rank, and is not counted.
    """
    timetable = problem.timetable
    wishes = {
        talk.id: [
            there
            for there in timetable.wishes.get(talk.id, ())[:rank]
            if there in timetable.sitting_of
            and problem.is_possible(talk, timetable.sitting_of[there])
        ]
        for talk in timetable.talks
        if len(timetable.wishes.get(talk.id, ())) >= rank
    }
    return _unmatched(wishes)


def _early(problem: SchedulingProblem) -> int:
    """Return how many at least have no slot or have to leave home too early."""
    timetable = problem.timetable
    late: dict[
        tuple[int, dt.timedelta], list[int]
    ] = {}  # for the list shared by most, and distance
    found: dict[int, list[int]] = {}
    places = placing.everywhere(problem)
    for talk_id, options in places.items():
        talk = timetable.talk_of[talk_id]
        key = id(options), talk.travel
        if key not in late:
            late[key] = [
                there
                for there in options
                if not timetable.has_to_rise_early(talk, timetable.sitting_of[there])
            ]
        found[talk_id] = late[key]
    return _unmatched(found)


def _unmatched(options: Mapping[int, Sequence[int]]) -> int:
    return len(options) - len(largest_matching(options, {}))


def _parted(timetable: Timetable) -> int:
    """Return how many pairs of an agency can't be neighbours, as no session holds all of it."""
    lengths = sorted(map(len, in_sessions(timetable)), reverse=True)
    room = list(accumulate(lengths))
    counts = Counter(talk.agency_id for talk in timetable.talks).values()
    return sum(bisect_left(room, count) for count in counts)  # sessions beyond the first
