"""Editions to be scheduled, of three sizes, the same on every run."""

import datetime as dt
import random
from collections.abc import Iterator

from app.schedule.draft.timetable import PanelSeats, Sitting, Span, Talk, Timetable

FIRST_DAY = dt.date(2026, 9, 7)
ZONE = dt.timezone(dt.timedelta(hours=8))
STARTS_AT, LENGTH, BREAK = dt.time(8, 0), dt.timedelta(minutes=25), dt.timedelta(minutes=20)
SESSION = 4  # sittings until a break
AGENCY_TALKS = 3
WISHING = 0.9  # of the finalists name slots
NOON = 12
EARLIEST = dt.time(6, 0)
JUDGES, PRESENTERS = 10_000, 20_000  # where their ids begin


def luwu_utara() -> Timetable:
    """Return 27 talks in two days of 16 sittings, before one panel of six."""
    return edition(seed=27, talks=27, days=2, rooms=1, a_day=16, judges=6, recusals=6, absences=5)


def middling(*, rooms: int, talks: int = 300, has_open_seats: bool = False) -> Timetable:
    """Return talks in three days and several rooms, each with its panel."""
    return edition(
        seed=300,
        talks=talks,
        days=3,
        rooms=rooms,
        a_day=15,
        recusals=talks // 4,
        absences=talks // 6,
        has_open_seats=has_open_seats,
    )


def large() -> Timetable:
    """Return 3,000 talks in three days and 100 rooms, whose panels are still empty."""
    return edition(
        seed=3000,
        talks=3000,
        days=3,
        rooms=100,
        a_day=15,
        recusals=600,
        absences=300,
        has_open_seats=True,
    )


def edition(
    *,
    seed: int,
    talks: int,
    days: int,
    rooms: int,
    a_day: int,
    recusals: int,
    absences: int,
    judges: int = 6,
    has_open_seats: bool = False,
) -> Timetable:
    """Return a timetable with nothing placed: wishes prefer mornings, some talks share people."""
    draw = random.Random(seed)
    sittings = tuple(sittings_of(days, rooms, a_day))
    team = [JUDGES + place for place in range(rooms * judges)]
    members = [tuple(team[room * judges : (room + 1) * judges]) for room in range(rooms)]
    panels = {
        room + 1: PanelSeats(
            room + 1, () if has_open_seats else members[room], quorum=4, seats=judges
        )
        for room in range(rooms)
    }
    shown = tuple(talk(draw, number, talks) for number in range(1, talks + 1))
    barred = frozenset((draw.choice(team), draw.choice(shown).id) for _ in range(recusals))
    presenters = sorted(
        {presenter for presentation in shown for presenter in presentation.presenters}
    )
    absent = draw.sample([*presenters, *team], absences)
    return Timetable(
        sittings,
        shown,
        panels,
        barred=barred,
        away={person: (half_a_day(draw, days),) for person in absent},
        wishes={
            presentation.id: wishes(draw, sittings)
            for presentation in shown
            if draw.random() < WISHING
        },
        free=tuple(team) if has_open_seats else (),
        earliest={day(number): moment(number, EARLIEST) for number in range(days)},
    )


def sittings_of(days: int, rooms: int, a_day: int) -> Iterator[Sitting]:
    """Yield the sittings by day and room."""
    number, session = 0, 0
    for day_number in range(days):
        for room in range(1, rooms + 1):
            starts_at = moment(day_number, STARTS_AT)
            for place in range(a_day):
                number += 1
                if place % SESSION == 0:
                    session += 1
                    starts_at += BREAK if place else dt.timedelta(0)
                ends_at = starts_at + LENGTH
                yield Sitting(starts_at, ends_at, number, room, room, day(day_number), session)
                starts_at = ends_at


def talk(draw: random.Random, number: int, talks: int) -> Talk:
    """Return a talk with one to three presenters; every tenth shares one with another."""
    own = {PRESENTERS + 10 * number + place for place in range(draw.choice((1, 2, 2, 3)))}
    if number % 10 == 0:
        own.add(PRESENTERS + 10 * (number - 1))
    travel = dt.timedelta(hours=draw.choice((0, 0, 1, 1, 2, 3)))
    return Talk(number, draw.randint(1, max(2, talks // AGENCY_TALKS)), frozenset(own), travel)


def half_a_day(draw: random.Random, days: int) -> Span:
    """Return a morning or an afternoon."""
    number, noon = draw.randrange(days), dt.time(NOON)
    begins, ends = draw.choice(((dt.time(0, 0), noon), (noon, dt.time(23, 0))))
    return Span(moment(number, begins), moment(number, ends))


def wishes(draw: random.Random, sittings: tuple[Sitting, ...]) -> tuple[int, ...]:
    """Return three to five sittings, more often early in the edition than late."""
    weights = [2 if sitting.starts_at.hour < NOON else 1 for sitting in sittings]
    found = dict.fromkeys(draw.choices([sitting.id for sitting in sittings], weights, k=12))
    return tuple(found)[: draw.randint(3, 5)]


def day(number: int) -> dt.date:
    """Return a day of the edition."""
    return FIRST_DAY + dt.timedelta(days=number)


def moment(number: int, time: dt.time) -> dt.datetime:
    """Return a time of one of its days."""
    return dt.datetime.combine(day(number), time, ZONE)
