"""Which sittings a day would have if its breaks began at other times, as far as they may move."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, pairwise, product

from app.editions.models import Edition
from app.editions.parts import Break, PresentationDay
from app.schedule.draft.slots import Times, slot_times, stretch_of
from app.schedule.draft.timetable import Sitting, Timetable

MOST_PLANS = 12  # for a day


@dataclass(frozen=True)
class BreakOnDay:
    """A break on one day."""

    starts_at: datetime
    ends_at: datetime
    pause: Break


@dataclass(frozen=True)
class DayPlan:
    """When a day's breaks begin (by their ids), and the sittings that it then has.

    Those that the day has already keep their ids, new ones have ids below 0.
    """

    day: dt.date
    breaks: tuple[tuple[int, dt.time], ...]
    sittings: tuple[Sitting, ...]

    @property
    def new(self) -> tuple[Sitting, ...]:
        """The sittings that the day does not have yet."""
        return tuple(sitting for sitting in self.sittings if sitting.id < 0)


def wanted_slots(edition: Edition) -> set[tuple[int | None, Times]]:
    """Return the slots that the settings describe, as room and times."""
    times = [span for day in edition.days for span in times_of_day(edition, day)]
    return {(room.id, span) for room in edition.rooms for span in times}


def day_plans(edition: Edition, timetable: Timetable) -> dict[dt.date, list[DayPlan]]:
    """Return the other ways in which each day's breaks could be placed, none with fewer sittings.

    There are none while the slots are not those of the settings, for they would all be made anew,
    nor once scoring is open, for then they stand.
    """
    numbers, found = count(-1, -1), {}
    present = {(each.room_id, (each.starts_at, each.ends_at)) for each in timetable.sittings}
    if edition.is_frozen or present != wanted_slots(edition):
        return {}
    for day in edition.days:
        sittings = timetable.sittings_on.get(day.date, ())
        ways = _ways(edition, day, sittings, numbers)
        found[day.date] = [way for way in ways if len(way.sittings) >= len(sittings)]
    return {day: ways for day, ways in found.items() if ways}


def with_plan(timetable: Timetable, plan: DayPlan) -> Timetable:
    """Return the timetable with a day's sittings as the plan has them."""
    others = [sitting for sitting in timetable.sittings if sitting.day != plan.day]
    return replace(timetable, sittings=(*others, *plan.sittings))


def times_of_day(
    edition: Edition, day: PresentationDay, moved: Mapping[int, dt.time] | None = None
) -> list[Times]:
    """Return start and end of a day's slots; breaks `moved` (by id) begin at these times."""
    pauses = [pause.on(day.date, (moved or {}).get(pause.id)) for pause in edition.breaks]
    return slot_times([day], pauses, edition.slot_minutes, edition.zone)


def pauses_on(edition: Edition, days: Iterable[dt.date]) -> list[BreakOnDay]:
    """Return the breaks of these days, moved ones at the time at which they begin then."""
    found = []
    for day in days:
        for pause in edition.breaks:
            start, end = stretch_of(pause.on(day), day, edition.zone)
            found.append(BreakOnDay(start, end, pause))
    return found


def _ways(
    edition: Edition, day: PresentationDay, sittings: Sequence[Sitting], numbers: Iterator[int]
) -> Iterator[DayPlan]:
    """Yield the ways in which no break runs into another or out of the day, the smallest first."""
    movable = [pause for pause in edition.breaks if pause.can_move]
    starts = [_starts(pause, day.date, edition.slot_minutes) for pause in movable]
    present = tuple(pause.on(day.date).starts_at for pause in movable)
    ranked = sorted(product(*(enumerate(some) for some in starts)), key=_shift)
    plans = 0
    for way in (tuple(start for _, start in some) for some in ranked):
        breaks = tuple(zip((pause.id for pause in movable), way, strict=True))
        if way == present or plans == MOST_PLANS or not _keeps_apart(edition, day, dict(breaks)):
            continue
        plans += 1
        times = times_of_day(edition, day, dict(breaks))
        yield DayPlan(day.date, breaks, tuple(_sittings(sittings, times, numbers)))


def _shift(way: tuple[tuple[int, dt.time], ...]) -> int:
    """Return how far the breaks are moved in all, by the ranks of their starts."""
    return sum(rank for rank, _ in way)


def _keeps_apart(edition: Edition, day: PresentationDay, moved: Mapping[int, dt.time]) -> bool:
    """Return whether the breaks follow each other within the day when some are moved (by id)."""
    pauses = [pause.on(day.date, moved.get(pause.id)) for pause in edition.breaks]
    pauses.sort(key=lambda pause: pause.starts_at)
    is_within = day.starts_at <= pauses[0].starts_at and pauses[-1].ends_at <= day.ends_at
    return is_within and all(one.ends_at <= other.starts_at for one, other in pairwise(pauses))


def _starts(pause: Break, day: dt.date, minutes: int) -> list[dt.time]:
    """Return when the break may begin: whole slots from its usual time, the nearest first."""
    usual = datetime.combine(day, pause.starts_at)
    steps = sorted(range(-MOST_PLANS, MOST_PLANS + 1), key=abs)
    moments = (usual + step * timedelta(minutes=minutes) for step in steps)
    return [
        moment.time() for moment in moments if moment.date() == day and pause.allows(moment.time())
    ]


def _sittings(
    present: Sequence[Sitting], times: Sequence[Times], numbers: Iterator[int]
) -> Iterator[Sitting]:
    """Yield each room's sittings at these times, with sessions of their own."""
    known = {(each.room_id, each.starts_at, each.ends_at): each.id for each in present}
    rooms: dict[int, Sitting] = {}
    for sitting in present:
        rooms.setdefault(sitting.room_id, sitting)
    for room_id, sample in rooms.items():
        session, last = next(numbers), None
        for starts_at, ends_at in times:
            session = session if last in {None, starts_at} else next(numbers)
            last = ends_at
            number = known.get((room_id, starts_at, ends_at)) or next(numbers)
            yield replace(sample, starts_at=starts_at, ends_at=ends_at, id=number, session=session)
