"""Published instances and grids rebuilt to the size of published ones, the same on every run.

In each of them everybody can be placed. PyCon UK 2016 is the example that conference-scheduler
documents in `docs/howto/define_a_conference.rst`, with its two constraints. The grids of FOSDEM
are rebuilt by their size alone, while the earlier figures are of the real ones, so the neighbours
can't be compared one to one; here a schedule with 0 exists. Of GECCO 2020 (CoSPLib) too only the
size is kept, with one talk that can only be where another wishes to be. `real` of the Thesis
Seminar Timetabling Problem, 37 students, can't be rebuilt without its data and is left out.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import PanelSeats, Sitting, Span, Talk, Timetable

ZONE = dt.timezone(dt.timedelta(hours=1))  # Cardiff in summer, Brussels in winter
PRESENTERS = 10_000  # where their ids begin
HALF_HOUR, LONGER = 30, 45
OPENS_AT = 9 * 60 + 30  # a rebuilt grid, in minutes after midnight
SHARING = 20  # one in so many talks of FOSDEM has the presenter of another
FOSDEM_DAYS = 2
GECCO_TALKS, GECCO_DAYS, GECCO_ROOMS, GECCO_SLOTS = 158, 5, 4, 10

PYCON_TALKS, PYCON_DAYS, PYCON_ROOMS = 69, 3, 4
PYCON_TIMES = ("10:15", "11:15", "12:00", "12:30", "14:30", "15:00", "15:30", "16:30", "17:00")
LONGER_AT = "11:15"
# Its talks by their place in the documented list, from 1.
LONGER_TALKS = (2, 11, 18, 27, 36, 44, 53, 62)
ABSENT = 56  # on the first day, and on the last until noon
LISTENER, WATCHED = 51, (20, 64)

Slots = Iterable[tuple[dt.time, int]]
"""When the slots of a room's day begin, each with its minutes."""


@dataclass(frozen=True)
class PublishedInstance:
    """What is solved, and what an earlier examination found."""

    name: str
    timetable: Timetable
    earlier: str


def instances() -> list[PublishedInstance]:
    """Return the instances, the smallest first."""
    smaller = fosdem(dt.date(2024, 2, 3), talks=874, rooms=30)
    larger = fosdem(dt.date(2025, 2, 1), talks=1105, rooms=36)
    rows = [
        ("PyCon UK 2016", pycon(), "all 0, proven, 0.1 to 0.2 s; rooms had no share yet"),
        ("like GECCO 2020", gecco(), "1 left out, 1.0 s"),
        ("like FOSDEM 2024, any", smaller, "all 0, proven, 1.3 s"),
        (
            "like FOSDEM 2024, together",
            together(smaller),
            "neighbours 496/0, 22 s; as published 472",
        ),
        ("like FOSDEM 2025, any", larger, "all 0, proven, 4.3 s"),
        (
            "like FOSDEM 2025, together",
            together(larger),
            "neighbours 537/0, 68.8 s; as published 508",
        ),
    ]
    return [PublishedInstance(*row) for row in rows]


def pycon() -> Timetable:
    """Return 69 talks and 108 slots; who has a longer talk is away in every shorter slot."""
    slots = [
        (dt.time.fromisoformat(begins), LONGER if begins == LONGER_AT else HALF_HOUR)
        for begins in PYCON_TIMES
    ]
    room_days = [slots] * PYCON_DAYS * PYCON_ROOMS
    sittings = tuple(sittings_of(dt.date(2016, 9, 16), PYCON_ROOMS, room_days))
    talks = tuple(
        replace(talk, presenters=talk.presenters | {PRESENTERS + LISTENER})
        if talk.id in WATCHED
        else talk
        for talk in separate_talks(PYCON_TALKS)
    )
    return Timetable(sittings, talks, judges(PYCON_ROOMS), away=pycon_absences(sittings))


def pycon_absences(sittings: Sequence[Sitting]) -> dict[int, tuple[Span, ...]]:
    """Return when its presenters are away."""
    shorter = tuple(
        Span(sitting.starts_at, sitting.ends_at)
        for sitting in sittings
        if sitting.ends_at - sitting.starts_at < dt.timedelta(minutes=LONGER)
    )
    first, last = sittings[0].day, sittings[-1].day
    absent = (
        Span(at(first, dt.time.min), at(first, dt.time.max)),
        Span(at(last, dt.time.min), at(last, dt.time(12))),
    )
    return {PRESENTERS + ABSENT: absent, **{PRESENTERS + talk: shorter for talk in LONGER_TALKS}}


def gecco() -> Timetable:
    """Return 158 talks and 200 slots; the last talk can only be where the first wishes to be."""
    room_days = [half_hours(GECCO_SLOTS)] * GECCO_DAYS * GECCO_ROOMS
    only, *others = sittings_of(dt.date(2020, 7, 8), GECCO_ROOMS, room_days)
    *_, last = talks = separate_talks(GECCO_TALKS)
    declined = product(last.presenters, [last.id], [sitting.id for sitting in others])
    return Timetable(
        (only, *others),
        talks,
        judges(GECCO_ROOMS),
        declined=frozenset(declined),
        wishes={talks[0].id: (only.id,)},
    )


def fosdem(first: dt.date, *, talks: int, rooms: int) -> Timetable:
    """Return as many slots as talks in two days; each track is as large as a room's day."""
    fewest, more = divmod(talks, FOSDEM_DAYS * rooms)
    sizes = [fewest + (place < more) for place in range(FOSDEM_DAYS * rooms)]
    tracks = [track for track, size in enumerate(sizes, 1) for _ in range(size)]
    random.Random(talks).shuffle(tracks)
    shown = (
        Talk(number, track, frozenset({PRESENTERS + number - (number % SHARING == 0)}))
        for number, track in enumerate(tracks, 1)
    )
    sittings = sittings_of(first, rooms, [half_hours(size) for size in sizes])
    return Timetable(tuple(sittings), tuple(shown), judges(rooms))


def together(timetable: Timetable) -> Timetable:
    """Return it with the talks of each track wanted one after the other."""
    return replace(timetable, order=AgencyOrder.TOGETHER)


def separate_talks(count: int) -> tuple[Talk, ...]:
    """Return talks of one presenter and one agency each."""
    numbers = range(1, count + 1)
    return tuple(Talk(number, number, frozenset({PRESENTERS + number})) for number in numbers)


def judges(rooms: int) -> dict[int | None, PanelSeats]:
    """Return a panel of one judge for each room."""
    return {room: PanelSeats(room, (room,)) for room in range(1, rooms + 1)}


def half_hours(count: int) -> Slots:
    """Return slots of half an hour without a break."""
    begins = range(OPENS_AT, OPENS_AT + count * HALF_HOUR, HALF_HOUR)
    return [(dt.time(*divmod(minutes, 60)), HALF_HOUR) for minutes in begins]


def sittings_of(first: dt.date, rooms: int, room_days: Sequence[Slots]) -> Iterator[Sitting]:
    """Yield the sittings by day and room."""
    number, session = 0, 0
    places = product(range(len(room_days) // rooms), range(1, rooms + 1))
    for (days, room), slots in zip(places, room_days, strict=True):
        day, ends_at = first + dt.timedelta(days=days), None
        for begins, minutes in slots:
            starts_at = at(day, begins)
            number, session = number + 1, session + (starts_at != ends_at)
            ends_at = starts_at + dt.timedelta(minutes=minutes)
            yield Sitting(starts_at, ends_at, number, room, room, day, session)


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the moment in the instances' zone."""
    return dt.datetime.combine(day, time, ZONE)
