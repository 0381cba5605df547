"""Which slots the settings make: pure, from days, breaks and the length of a slot."""

import datetime as dt
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo


class Day(Protocol):
    """A presentation day in the edition's zone."""

    date: dt.date
    starts_at: dt.time
    ends_at: dt.time


class Pause(Protocol):
    """A break of every day."""

    starts_at: dt.time
    ends_at: dt.time


class Stretch(Protocol):
    """A stretch of a room's time."""

    room_id: int | None
    starts_at: datetime
    ends_at: datetime


class TimeSpan(Protocol):
    """A stretch of time."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it ends."""


Times = tuple[datetime, datetime]
AnyTimed = TypeVar("AnyTimed", bound=TimeSpan)


def slot_times(
    days: Iterable[Day], pauses: Iterable[Pause], minutes: int, zone: ZoneInfo
) -> list[Times]:
    """Return start and end (UTC) of every slot, in order.

    Slots follow each other from the start of the day; one that would run into a break begins after
    it, and none runs past the end of the day.
    """
    breaks = sorted((pause.starts_at, pause.ends_at) for pause in pauses)
    times = []
    for day in sorted(days, key=lambda each: each.date):
        start = _at(day.date, day.starts_at, zone)
        end_of_day = _at(day.date, day.ends_at, zone)
        length = dt.timedelta(minutes=minutes)
        closed = [(_at(day.date, begin, zone), _at(day.date, end, zone)) for begin, end in breaks]
        while (start := _after_breaks(start, length, closed)) + length <= end_of_day:
            times.append((start, start + length))
            start += length
    return times


def sessions_of(stretches: Iterable[Stretch]) -> list[int]:
    """Number the sessions: stretches of one room that follow each other without a break.

    Return the number of each stretch, in the order given, which is by room and then by time.
    """
    numbers: list[int] = []
    before: Stretch | None = None
    for each in stretches:
        follows = before and (before.room_id, before.ends_at) == (each.room_id, each.starts_at)
        numbers.append(numbers[-1] + (not follows) if numbers else 0)
        before = each
    return numbers


def lanes(stretches: Iterable[AnyTimed]) -> list[list[AnyTimed]]:
    """Part stretches of time into rows in which none overlaps another, in the order of time.

    A room's slots are one row; slots that have lost their rooms may stand at the same time.
    """
    rows: list[list[AnyTimed]] = []
    for each in sorted(stretches, key=lambda each: each.starts_at):
        row = next((row for row in rows if row[-1].ends_at <= each.starts_at), None)
        if row is None:
            rows.append([each])
        else:
            row.append(each)
    return rows


def later(
    spans: Sequence[Times], start: datetime, by: dt.timedelta, breaks: Sequence[Times]
) -> list[Times]:
    """Return the spans of one room's day, those from `start` on put off; breaks keep their time.

    A span keeps its length; one that would run into a break, or into the one before it, begins
    after it. What is early enough already stays.
    """
    result: list[Times] = []
    for begin, end in spans:
        first = begin if begin < start else _after_breaks(begin + by, end - begin, list(breaks))
        if result and begin >= start:
            first = _after_breaks(max(first, result[-1][1]), end - begin, list(breaks))
        result.append((first, first + (end - begin)))
    return result


def _after_breaks(start: datetime, length: dt.timedelta, closed: list[Times]) -> datetime:
    for begin, end in closed:
        if start < end and begin < start + length:
            start = end
    return start


def _at(date: dt.date, time: dt.time, zone: ZoneInfo) -> datetime:
    return datetime.combine(date, time, tzinfo=zone).astimezone(dt.UTC)
