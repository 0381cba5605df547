"""Which slots the settings make: pure, from days, breaks and the length of a slot."""

import datetime as dt
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Day(Protocol):
    """A presentation day in the edition's zone."""

    date: dt.date
    starts_at: dt.time
    ends_at: dt.time


class DailySpan(Protocol):
    """A stretch of a day."""

    @property
    def starts_at(self) -> dt.time:
        """When it begins."""

    @property
    def ends_at(self) -> dt.time:
        """When it ends."""


class Stretch(Protocol):
    """A stretch of a room's time."""

    room_id: int | None
    starts_at: datetime
    ends_at: datetime


Times = tuple[datetime, datetime]


def slot_times(
    days: Iterable[Day], pauses: Iterable[DailySpan], minutes: int, zone: ZoneInfo
) -> list[Times]:
    """Return start and end (UTC) of every slot, in order.

    Slots follow each other from the start of the day; one that would run into a break begins after
    it, and none runs past the end of the day. They are counted in UTC from the day's start, so that
    an hour which clocks skip has no slot, and one which they repeat has its slots twice.
    """
    daily = sorted(pauses, key=lambda pause: (pause.starts_at, pause.ends_at))
    times = []
    for day in sorted(days, key=lambda day: day.date):
        start, end_of_day = stretch_of(day, day.date, zone)
        length = dt.timedelta(minutes=minutes)
        closed = breaks_on(day.date, daily, zone)
        while (start := _after_breaks(start, length, closed)) + length <= end_of_day:
            times.append((start, start + length))
            start += length
    return times


def breaks_on(date: dt.date, pauses: Iterable[DailySpan], zone: ZoneInfo) -> list[Times]:
    """Return start and end (UTC) of each break on this day, without one that clocks skip."""
    found = [stretch_of(pause, date, zone) for pause in pauses]
    return sorted((start, end) for start, end in found if start < end)


def stretch_of(daily: DailySpan, date: dt.date, zone: ZoneInfo) -> Times:
    """Return start and end (UTC), on this day, of what is given in times of day.

    In an hour that clocks repeat, it starts the first time and ends the second.
    """
    return _at(date, daily.starts_at, zone), _at(date, daily.ends_at.replace(fold=1), zone)


def sessions_of(stretches: Iterable[Stretch]) -> list[int]:
    """Number the sessions: stretches of one room that follow each other without a break.

    Return the number of each stretch, in the order given, which is by room and then by time.
    """
    numbers: list[int] = []
    last: Stretch | None = None
    for stretch in stretches:
        follows = last and (last.room_id, last.ends_at) == (stretch.room_id, stretch.starts_at)
        numbers.append(numbers[-1] + (not follows) if numbers else 0)
        last = stretch
    return numbers


def later(
    spans: Sequence[Times], start: datetime, by: dt.timedelta, breaks: Sequence[Times]
) -> list[Times]:
    """Return the spans of one room's day, with those from `start` on delayed; breaks don't move.

    A span keeps its length; one that would run into a break, or into the span before it, begins
    after it. Earlier spans stay.
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
    """Return the moment (UTC), of a time that clocks skip the one when they go forward."""
    local = datetime.combine(date, time, tzinfo=zone)
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    before, after = sorted(local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    old = before.astimezone(zone).utcoffset()
    while after - before > dt.timedelta(seconds=1):
        middle = before + (after - before) / 2
        is_before = middle.astimezone(zone).utcoffset() == old
        before, after = (middle, after) if is_before else (before, middle)
    return after.replace(microsecond=0)
