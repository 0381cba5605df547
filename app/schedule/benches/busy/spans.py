"""When somebody is busy, read from their own calendar file (RFC 5545); nothing else is kept. Pure.

The file may hold anything: its size, its components, its rules and its occurrences are bounded.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from icalendar.prop import vDuration

from app.schedule.benches.busy.components import Component, Property, calendars_in, read_date
from app.schedule.benches.busy.recurrence import Budget, TooOften, occurrences, read_rule
from app.schedule.benches.busy.zones import DESCRIPTION, Zones
from app.schedule.draft.timetable import Span
from app.workflow import N_, DomainError

WORK = 500_000  # days that all rules of a file may look at
OCCURRENCES = 20_000
_ENTRY = {"UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"}
_SAID = {"RECURRENCE-ID", "TRANSP", "STATUS", "FREEBUSY"}
_NAMES = DESCRIPTION | _ENTRY | _SAID
_ANY_ZONE = timedelta(days=2)  # further apart than any two clocks in the world
_DAY = timedelta(days=1)


class NotACalendar(DomainError):
    """A file that can't be read as somebody's calendar (422)."""


@dataclass(frozen=True)
class _Start:
    """A moment as it is written: on the clock of its zone; a whole day begins at midnight."""

    local: datetime
    zone: tzinfo
    is_day: bool

    def at(self, local: datetime) -> datetime:
        """Return the moment, in UTC, when the clock of this one's zone shows `local`."""
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    @property
    def moment(self) -> datetime:
        """The moment in UTC."""
        return self.at(self.local)


def busy_spans(content: bytes, *, begin: datetime, end: datetime, zone: ZoneInfo) -> list[Span]:
    """Return when its owner is busy between two moments: UTC spans, in order, none touching.

    Whole days and times without a zone are taken in `zone`. What is marked as free, or cancelled,
    is left out. Raises NotACalendar.
    """
    window = Span(begin.astimezone(UTC), end.astimezone(UTC))
    try:
        found = [inner for each in calendars_in(content, _NAMES) for inner in each.inner]
        spans = list(_Reader(Component("", inner=found), window, zone).spans())
    except TooOften as error:
        raise NotACalendar(
            N_(
                "This calendar holds more repeated entries than can be looked through, or some"
                " that repeat within a day. Export a shorter period of it and try again."
            )
        ) from error
    except (ValueError, OverflowError) as error:
        raise NotACalendar(
            N_(
                "This file can't be read as a calendar. Export your calendar as an .ics file of at"
                " most 1 MB and try again."
            )
        ) from error
    return _merged(_within(spans, window))


class _Reader:
    """Reads the components of a file for what falls into a window."""

    def __init__(self, source: Component, window: Span, zone: ZoneInfo) -> None:
        self.source, self.window, self.zone = source, window, zone
        self.zones = Zones(
            list(source.named("VTIMEZONE")), since=window.starts_at, before=window.ends_at
        )
        self.budget = Budget(WORK)
        self.found = Budget(OCCURRENCES)

    def spans(self) -> Iterator[Span]:
        """Yield when its owner is busy, in no order."""
        entries = _newest(self.source.named("VEVENT"))
        moved: dict[str, list[Property]] = {}
        for each in entries:
            moved.setdefault(each.text("UID"), []).extend(each.properties.get("RECURRENCE-ID", ()))
        for each in entries:
            if each.text("STATUS") != "CANCELLED" and each.text("TRANSP") != "TRANSPARENT":
                is_one = "RECURRENCE-ID" in each.properties
                yield from self._entry(each, [] if is_one else moved[each.text("UID")])
        for each in self.source.named("VFREEBUSY"):
            yield from self._stated(each)

    def _entry(self, entry: Component, moved: list[Property]) -> Iterator[Span]:
        start = self._start(_required(entry.one("DTSTART")))
        length = self._length(entry, start)
        reach = max(length, timedelta(0)) + _ANY_ZONE
        left_out = self._left_out([*entry.properties.get("EXDATE", ()), *moved], reach)
        for local, own_length in self._times(entry, start, reach):
            if not self._is_near(local, own_length or reach):
                continue
            moment = start.at(local)
            if moment not in left_out and local.date() not in left_out:
                self.found.spend(1)
                yield Span(moment, _end(start, local, own_length or length))

    def _times(
        self, entry: Component, start: _Start, reach: timedelta
    ) -> Iterator[tuple[datetime, timedelta | None]]:
        """Yield when it begins on its own clock, with the length where that is said apart."""
        yield start.local, None
        since = self.window.starts_at.replace(tzinfo=None) - reach
        before = self.window.ends_at.replace(tzinfo=None) + _ANY_ZONE
        for rule in entry.properties.get("RRULE", ()):
            read = read_rule(rule.value, start.local, lambda until: _last(until, start))
            for local in occurrences(
                read, start.local, since=since, before=before, budget=self.budget
            ):
                yield local, None
        for each in entry.properties.get("RDATE", ()):
            for value in each.value.split(","):
                yield from self._added(Property(value, each.parameters), start, reach)

    def _added(
        self, added: Property, start: _Start, reach: timedelta
    ) -> Iterator[tuple[datetime, timedelta | None]]:
        first, _, last = added.value.partition("/")
        begins = self._start(Property(first, added.parameters))
        length = self._until(last, added, begins) if last else None
        if self._is_near(begins.local, length or reach):
            yield begins.moment.astimezone(start.zone).replace(tzinfo=None), length

    def _left_out(self, properties: Iterable[Property], reach: timedelta) -> set[dt.date]:
        """Return the moments and, where only the day is named, the days that do not take place."""
        found: set[dt.date] = set()
        for each in properties:
            if each.parameters.get("RANGE"):
                raise ValueError("a change of all that follow")
            for value in each.value.split(","):
                start = self._start(Property(value, each.parameters))
                if self._is_near(start.local, reach):
                    found.add(start.local.date() if start.is_day else start.moment)
        return found

    def _length(self, entry: Component, start: _Start) -> timedelta:
        if ends := entry.one("DTEND"):
            end = self._start(ends)
            return end.local - start.local if start.is_day else end.moment - start.moment
        if lasts := entry.one("DURATION"):
            return _duration(lasts.value)
        return _DAY if start.is_day else timedelta(0)

    def _stated(self, free_busy: Component) -> Iterator[Span]:
        for each in free_busy.properties.get("FREEBUSY", ()):
            if each.parameters.get("FBTYPE", "BUSY").upper() != "FREE":
                for period in each.value.split(","):
                    first, _, last = period.partition("/")
                    start = self._start(Property(first, each.parameters))
                    length = self._until(last, each, start)
                    if self._is_near(start.local, length):
                        self.found.spend(1)
                        yield Span(start.moment, start.moment + length)

    def _until(self, last: str, source: Property, start: _Start) -> timedelta:
        if last.upper().startswith(("P", "+P")):
            return _duration(last)
        return self._start(Property(last, source.parameters)).moment - start.moment

    def _start(self, source: Property) -> _Start:
        read = read_date(source.value)
        if not isinstance(read, datetime):
            return _Start(datetime.combine(read, time()), self.zone, is_day=True)
        if read.tzinfo is not None:
            return _Start(read.replace(tzinfo=None), UTC, is_day=False)
        name = source.parameters.get("TZID")
        return _Start(read, self.zones.named(name) if name else self.zone, is_day=False)

    def _is_near(self, local: datetime, reach: timedelta) -> bool:
        begins = self.window.starts_at.replace(tzinfo=None) - _ANY_ZONE
        ends = self.window.ends_at.replace(tzinfo=None) + _ANY_ZONE
        return local < ends and local + reach >= begins


def _newest(entries: Iterable[Component]) -> list[Component]:
    """Return the entries without those that a later SEQUENCE replaces."""
    newest: dict[tuple[str, str], Component] = {}
    for at, each in enumerate(entries):
        key = each.text("UID") or str(at), each.text("RECURRENCE-ID")
        if key not in newest or _sequence(newest[key]) <= _sequence(each):
            newest[key] = each
    return list(newest.values())


def _sequence(entry: Component) -> int:
    return int(entry.text("SEQUENCE") or 0)


def _end(start: _Start, local: datetime, length: timedelta) -> datetime:
    """Whole days end at a midnight, also when the clocks change; else the length is exact."""
    return start.at(local + length) if start.is_day else start.at(local) + length


def _required(found: Property | None) -> Property:
    if found is None:
        raise ValueError("no start")
    return found


def _duration(value: str) -> timedelta:
    return cast("timedelta", vDuration.from_ical(value))  # type: ignore[no-untyped-call]  # icalendar has none


def _last(until: dt.date, start: _Start) -> datetime:
    """Return the last moment of a rule on the clock of the entry; a day counts as a whole."""
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    return (until.astimezone(start.zone) if until.tzinfo else until).replace(tzinfo=None)


def _within(spans: Iterable[Span], window: Span) -> Iterator[Span]:
    for each in spans:
        first = max(each.starts_at, window.starts_at)
        last = min(each.ends_at, window.ends_at)
        if first < last:
            yield Span(first, last)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for each in sorted(spans, key=lambda span: span.starts_at):
        if merged and each.starts_at <= merged[-1].ends_at:
            last = merged.pop()
            merged.append(Span(last.starts_at, max(last.ends_at, each.ends_at)))
        else:
            merged.append(each)
    return merged
