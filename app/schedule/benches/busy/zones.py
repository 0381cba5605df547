"""The time zone that a name in somebody's calendar file means. Pure."""

import re
from datetime import datetime, tzinfo
from io import StringIO

from dateutil.tz import tzical
from icalendar.timezone import tzp

from app.schedule.benches.busy.components import Component, Property
from app.schedule.benches.busy.recurrence import Budget

CHANGES = 300  # of the clock, described by one file
_YEARLY = re.compile(
    r"FREQ=YEARLY(?:;(?:INTERVAL=1|BYMONTH=\d{1,2}|BYDAY=[+-]?[1-4]?(?:MO|TU|WE|TH|FR|SA|SU)"
    r"|BYMONTHDAY=(?:1?\d|2[0-8])(?:,(?:1?\d|2[0-8]))*|UNTIL=\d{8}(?:T\d{6}Z?)?"
    r"|WKST=(?:MO|SU)))*;?"
)
_KEPT = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")
DESCRIPTION = frozenset({"TZID", *_KEPT})  # what of a VTIMEZONE has to be read


class Zones:
    """The zones of one file: those the world or Windows knows, then those it describes itself.

    Known names come first, as a file's own description may end with the year it was made in.
    Descriptions are only right from the year of `since` on and cost up to the year of `before`.
    """

    def __init__(self, described: list[Component], *, since: datetime, before: datetime) -> None:
        self._described = {
            name.value.strip("/"): each for each in described if (name := each.one("TZID"))
        }
        self._years = since.year - 2, before.year + 1
        self._changes = Budget(CHANGES)
        self._found: dict[str, tzinfo] = {}

    def named(self, name: str) -> tzinfo:
        """Return the zone of this name; raise ValueError for one nobody describes."""
        if name not in self._found:
            self._found[name] = self._find(name.strip("/"))
        return self._found[name]

    def _find(self, name: str) -> tzinfo:
        if known := _known(name):
            return known
        if name in self._described:
            return self._build(self._described[name])
        # Some programs put their own name before that of the zone: /example.org/Asia/Makassar.
        parts = name.split("/")[-3:]
        for at in range(1, len(parts)):
            if known := _known("/".join(parts[at:])):
                return known
        raise ValueError(name)

    def _build(self, described: Component) -> tzinfo:
        lines = ["BEGIN:VTIMEZONE", "TZID:described"]
        for each in described.inner:
            lines += [f"BEGIN:{each.name}", *self._lines(each), f"END:{each.name}"]
        zone: tzinfo | None = tzical(StringIO("\r\n".join([*lines, "END:VTIMEZONE"]))).get()
        if zone is None:
            raise ValueError("no zone")
        return zone

    def _lines(self, part: Component) -> list[str]:
        """Return what dateutil needs; refuse a rule other than the yearly ones that zones have."""
        rules, dates = part.properties.get("RRULE", []), part.properties.get("RDATE", [])
        start = part.text("DTSTART")
        if len(rules) > 1 or not all(_YEARLY.fullmatch(each.value.upper()) for each in rules):
            raise ValueError("no rule for a time zone")
        first, last = self._years
        if rules and "UNTIL" not in rules[0].value.upper():
            start = f"{max(int(start[:4]), first):04}{start[4:]}"  # a rule of 1601 need not be run
        self._changes.spend(1 + sum(each.value.count(",") + 1 for each in dates))
        self._changes.spend(len(rules) * max(0, last - int(start[:4])))
        values = part.properties | {"DTSTART": [Property(start, {})]}
        return [f"{name}:{found.value.upper()}" for name in _KEPT for found in values.get(name, ())]


def _known(name: str) -> tzinfo | None:
    """Return the zone that the world or Windows calls so."""
    try:
        found: tzinfo | None = tzp.timezone(name)
    except OSError:  # it names a folder of the time zones, or is longer than a file's name
        return None
    return found
