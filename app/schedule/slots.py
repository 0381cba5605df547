"""Which slots the settings make: pure, from days, breaks and the length of a slot."""

import datetime as dt
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Protocol
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


Times = tuple[datetime, datetime]
MOST_ON_A_PAGE = 64


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


def pages_of(days: Iterable[dt.date], most: int = MOST_ON_A_PAGE) -> list[list[dt.date]]:
    """Put whole days on pages of at most `most` slots; `days` names each slot's day, in order.

    A day that is longer by itself stands alone: no day is ever torn.
    """
    pages: list[list[dt.date]] = []
    filled = 0
    for day, slots in groupby(days):
        count = len(list(slots))
        if not pages or filled + count > most:
            pages.append([])
            filled = 0
        pages[-1].append(day)
        filled += count
    return pages


def page_with(pages: list[list[dt.date]], day: dt.date | None) -> list[dt.date]:
    """Return the page that holds the day, the first one where none does, nothing of no pages."""
    return next((page for page in pages if day in page), pages[0] if pages else [])


def _after_breaks(start: datetime, length: dt.timedelta, closed: list[Times]) -> datetime:
    for begin, end in closed:
        if start < end and begin < start + length:
            start = end
    return start


def _at(date: dt.date, time: dt.time, zone: ZoneInfo) -> datetime:
    return datetime.combine(date, time, tzinfo=zone).astimezone(dt.UTC)
