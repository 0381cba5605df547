"""Small timetables, and the solver run on them with each plan checked."""

import datetime as dt
import itertools

from checker import check

from app.schedule.draft.timetable import PanelSeats, Sitting, Span, Talk, Timetable
from app.schedule.solver.goals import Goal
from app.schedule.solver.solve import complete, repair

ZONE = dt.timezone(dt.timedelta(hours=8))
DAY = dt.date(2026, 9, 7)


def moment(day: int, hour: int) -> dt.datetime:
    return dt.datetime.combine(DAY + dt.timedelta(days=day), dt.time(hour), ZONE)


def span(day: int, begins: int, ends: int) -> Span:
    return Span(moment(day, begins), moment(day, ends))


def sitting(number: int, *, day=0, hour=8, room=1, panel=1, session=None) -> Sitting:
    session = 100 * day + room if session is None else session
    begins, ends = moment(day, hour), moment(day, hour + 1)
    return Sitting(begins, ends, number, room, panel, begins.date(), session)


def sittings(days=1, rooms=1, hours=4) -> tuple[Sitting, ...]:
    """Ids count on hour by hour, room by room, day by day; each room has its panel."""
    places = itertools.product(range(days), range(rooms), range(hours))
    return tuple(
        sitting(n, day=day, room=room + 1, panel=room + 1, hour=8 + hour)
        for n, (day, room, hour) in enumerate(places, 1)
    )


def talks(count: int) -> tuple[Talk, ...]:
    return tuple(Talk(n, n, frozenset({100 + n})) for n in range(1, count + 1))


def panels(*members, quorum=2) -> dict:
    return {n: PanelSeats(n, each, quorum=quorum) for n, each in enumerate(members, 1)}


def timetable(number_of_talks=3, places=None, judges=None, **rest) -> Timetable:
    places = places or sittings()
    judges = judges or panels(*[tuple(range(10 * r + 1, 10 * r + 4)) for r in range(3)])
    shown = rest.pop("talks", talks(number_of_talks))
    return Timetable(places, shown, judges, **rest)


def open_panels(rooms: int, seats: int, quorum=2) -> dict:
    return {n: PanelSeats(n, (), quorum=quorum, seats=seats) for n in range(1, rooms + 1)}


def go_on(_progress) -> bool:
    return False


def stop(_progress) -> bool:
    return True


def proposed(table: Timetable, *, pinned=(), listen=go_on):
    plan = complete(table, pinned=pinned, listen=listen)
    check(table, plan, pinned=pinned)
    return plan


def repaired(table: Timetable):
    plan = repair(table, listen=go_on)
    check(table, plan, was=table.placed)
    return plan


def value(plan, goal: Goal, rank=0) -> int:
    return next(s.value for s in plan.scores if (s.goal, s.rank) == (goal, rank))
