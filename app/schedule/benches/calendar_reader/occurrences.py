"""When the owner of a calendar file is busy, entry by entry.

An entry that is damaged or takes too long is left out; the rest of the file still counts.
"""

import datetime as dt
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

import recurring_ical_events
import x_wr_timezone
from icalendar import Calendar, Event
from icalendar.prop import vDuration, vRecur

from .components import CalendarRefused, Component, Property, parsed, unpacked
from .zones import CHANGE, Zones

PATIENCE = 1.0  # seconds of processor time for one entry
NAMES, LONGEST_NAME = 3, 60  # shown for entries that are left out
_ANY_ZONE = timedelta(days=2)  # further apart than any two clocks in the world
_ELSEWHEN = {
    "RRULE",
    "RDATE",
    "RECURRENCE-ID",
    "DURATION",
}  # an entry with one reaches beyond its two dates
_FREE = {"TRANSP": "TRANSPARENT", "STATUS": "CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
_READ = frozenset({"UID", "SUMMARY", "SEQUENCE", "DTEND", "EXDATE", "FREEBUSY"})
_NAMES = _READ | _ELSEWHEN | _FREE.keys() | {"TZID", "X-WR-TIMEZONE", *CHANGE}

Period = tuple[datetime, datetime]


class _TooLong(Exception):
    """An entry that takes more time than it is worth."""


def read(
    content: bytes,
    *,
    begin: datetime,
    end: datetime,
    zone: tzinfo,
    own: str = "",
    patience: float = PATIENCE,
) -> dict[str, Any]:
    """Return when the owner is busy from `begin` to `end`, and which entries are left out.

    Whole days and times without a zone are taken in `zone`; entries whose UID matches `own` do not
    count. The times are in UTC, in order, none touching. Raises CalendarRefused.
    """
    root = parsed(unpacked(content), _NAMES)
    reader = _Reader(begin, end, zone, own, patience)
    for calendar in (root, *root.of_kind("VCALENDAR")):
        reader.look_through(calendar)
    if reader.left_out and not reader.understood:
        raise CalendarRefused("unreadable")
    titles = dict.fromkeys(_title(entry) for entry in reader.left_out)
    return {
        "busy": [[start.isoformat(), stop.isoformat()] for start, stop in reader.merged()],
        "left_out": len(reader.left_out),
        "names": [title for title in titles if title][:NAMES],
    }


class _Reader:
    """Looks through calendars for what falls between two moments."""

    def __init__(
        self, begin: datetime, end: datetime, zone: tzinfo, own: str, patience: float
    ) -> None:
        self.begin, self.end, self.zone = begin.astimezone(UTC), end.astimezone(UTC), zone
        self.own, self.patience = re.compile(own), patience
        self.understood = 0
        self.left_out: list[Component] = []
        self._found: list[Period] = []

    def look_through(self, calendar: Component) -> None:
        """Find the busy times of one calendar."""
        zones = Zones(calendar, self.zone, self.begin.year - 2)
        for series in _series(calendar.of_kind("VEVENT")):
            if self._can_matter(series):
                self._expand(series, zones)
            else:
                self.understood += len(series)
        for stated in calendar.of_kind("VFREEBUSY"):
            with self._patience_with(stated):
                self._found += self._stated(stated, zones)
                self.understood += 1

    def merged(self) -> list[list[datetime]]:
        """Return what was found, in UTC and in order, none touching."""
        merged: list[list[datetime]] = []
        for start, stop in sorted(self._found):
            first, last = max(start, self.begin), min(stop, self.end)
            if merged and first <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], last)
            elif first < last:
                merged.append([first, last])
        return merged

    def _can_matter(self, series: list[Component]) -> bool:
        if self.own.fullmatch(series[0].text("UID")) or all(map(_is_free, series)):
            return False
        return not all(self._is_far(entry) for entry in series)

    def _is_far(self, entry: Component) -> bool:
        """Return whether an entry is on other days, without understanding the rest of it."""
        days = [entry.word(name)[:8] for name in ("DTSTART", "DTEND") if entry.word(name)]
        if not days or entry.properties.keys() & _ELSEWHEN or not all(map(str.isdigit, days)):
            return False
        first, last = (f"{day:%Y%m%d}" for day in (self.begin - _ANY_ZONE, self.end + _ANY_ZONE))
        return max(days) < first or min(days) > last

    @contextmanager
    def _patience_with(self, entry: Component) -> Iterator[None]:
        """Leave out an entry that is damaged or takes too long."""
        signal.signal(signal.SIGPROF, _give_up)
        signal.setitimer(signal.ITIMER_PROF, self.patience, self.patience)
        try:
            yield
        except Exception:  # noqa: BLE001 -- the libraries raise whatever the damage leads them to
            self.left_out.append(entry)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _expand(self, series: list[Component], zones: Zones) -> None:
        events: list[Any] = []
        for entry in series:
            with self._patience_with(entry):
                events.append(_event(entry, zones))
        if events:
            with self._patience_with(series[0]):
                self._found += self._occurrences(events, zones.stated)
                self.understood += 1

    def _occurrences(self, events: list[Any], stated: tzinfo | None) -> list[Period]:
        """Return when the entries of one UID take place, without those marked as free.

        Of several that don't change another, the newest count: all of them if equally new.
        """
        changes = [event for event in events if "RECURRENCE-ID" in event]
        whole = [event for event in events if "RECURRENCE-ID" not in event]
        newest = max((event["SEQUENCE"] for event in whole), default=0)
        found: list[Period] = []
        for alone in [[event] for event in whole if event["SEQUENCE"] == newest] or [[]]:
            calendar: Any = Calendar()
            calendar.subcomponents = [*alone, *changes]
            calendar = x_wr_timezone.to_standard(calendar, timezone=stated)
            for event in calendar.events:
                _mend(event, calendar.events[0]["DTSTART"].dt, self.zone)
            begin, end = self.begin.astimezone(self.zone), self.end.astimezone(self.zone)
            occurrences = recurring_ical_events.of(calendar).between(begin, end)
            found += [self._period(event) for event in occurrences if "TRANSP" not in event]
        return found

    def _period(self, event: Any) -> Period:  # noqa: ANN401 -- icalendar has no type for a value
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if start == end and not isinstance(start, datetime):
            end += timedelta(days=1)
        return self._moment(start), self._moment(end)

    def _moment(self, moment: dt.date) -> datetime:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), self.zone)
        return moment.astimezone(UTC)

    def _stated(self, free_busy: Component, zones: Zones) -> Iterator[Period]:
        for periods in free_busy.all("FREEBUSY"):
            if periods.parameters.get("FBTYPE", "BUSY").upper() != "FREE":
                for start, end in zones.moments(periods):
                    last = end if isinstance(end, datetime) else start + end
                    yield self._moment(start), self._moment(last)


def _title(entry: Component) -> str:
    """Return the title by which its owner knows an entry, in one short line."""
    written = entry.text("SUMMARY") or entry.text("DTSTART")
    shown = "".join(sign if sign.isprintable() else " " for sign in written)
    return " ".join(shown.split())[:LONGEST_NAME]


def _is_free(entry: Component) -> bool:
    """Return whether an entry leaves its owner free."""
    return any(entry.word(name) == word for name, word in _FREE.items())


def _series(entries: Iterable[Component]) -> Iterable[list[Component]]:
    """Return the entries grouped by their UID; one without a UID is alone."""
    found: dict[str | int, list[Component]] = {}
    for at, entry in enumerate(entries):
        found.setdefault(entry.text("UID") or at, []).append(entry)
    return found.values()


def _event(entry: Component, zones: Zones) -> Event:
    """Return an entry as the library expects it; damage may raise any exception."""
    event = Event()
    event.add("UID", "one")
    if _is_free(entry):
        event.add("TRANSP", "TRANSPARENT")
    event.add("SEQUENCE", int(entry.word("SEQUENCE") or 0))
    event.add("DTSTART", zones.moments(entry.properties["DTSTART"][0])[0])
    for ends in entry.all("DTEND")[:1]:
        # An end without a zone is in the zone of its start.
        parameters = entry.properties["DTSTART"][0].parameters | ends.parameters
        event.add("DTEND", zones.moments(Property(ends.value, parameters))[0])
    if "DTEND" not in event and (lasts := entry.word("DURATION")):
        event.add("DURATION", vDuration.from_ical(lasts))  # type: ignore[no-untyped-call]  # icalendar's
    for changed in entry.all("RECURRENCE-ID")[:1]:
        reach = {name: word.upper() for name, word in changed.parameters.items() if name == "RANGE"}
        event.add("RECURRENCE-ID", zones.moments(changed)[0], parameters=reach)
    _repeat(event, entry, zones)
    return event


def _repeat(event: Event, entry: Component, zones: Zones) -> None:
    for rule in (vRecur.from_ical(written.word) for written in entry.all("RRULE")):
        event.add("RRULE", rule)
        if "FREQ" not in rule:
            raise ValueError(rule)  # the library would ignore such a rule
    for name in ("RDATE", "EXDATE"):
        for dates in entry.all(name):
            event.add(name, zones.moments(dates))


def _mend(event: Any, master: dt.date, zone: tzinfo) -> None:  # noqa: ANN401 -- as above
    """Correct what the library would misread in an entry: days where times are meant."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if "UNTIL" in rule:
            rule["UNTIL"] = [_last(rule["UNTIL"][0], event["DTSTART"].dt, zone)]
    changed = event.get("RECURRENCE-ID")
    if changed and isinstance(master, datetime) and not isinstance(changed.dt, datetime):
        changed.dt = datetime.combine(changed.dt, master.timetz())


def _last(until: dt.date, start: dt.date, zone: tzinfo) -> dt.date:
    """Return a rule's end in the form of its start, a day or a time; a day counts as a whole."""
    if not isinstance(start, datetime):
        return until.astimezone(zone).date() if isinstance(until, datetime) else until
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    return (until if until.tzinfo else until.replace(tzinfo=start.tzinfo)).astimezone(UTC)


def _give_up(_signal: int, _frame: object) -> None:
    raise _TooLong
