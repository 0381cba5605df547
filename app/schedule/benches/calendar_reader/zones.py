"""The time zone that a name in somebody's calendar file means. Pure."""

import re
from collections.abc import Iterator
from datetime import timedelta, timezone, tzinfo
from io import StringIO
from typing import Any

from dateutil.tz import tzical
from icalendar.prop import vDDDTypes
from icalendar.timezone import tzp

from .components import Component, Property

CHANGE = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")  # of a zone's clock
LONGEST_NAME = 200
_OFFSET = re.compile(r"(?:UTC|GMT) ?([+-])(2[0-3]|[01]?\d)(?:[:.]?([0-5]\d))?(?!\d)")


class Zones:
    """The zones of one calendar: those known to the world or to Windows, then those it describes.

    Known names come first, because a file's own description may end with the year it was made.
    Descriptions are right only from the year `since` on.
    """

    def __init__(self, calendar: Component, usual: tzinfo, since: int) -> None:
        described = calendar.of_kind("VTIMEZONE")
        self._described = {part.text("TZID").strip("/"): part for part in described}
        self._since = since
        self._found: dict[str, tzinfo | None] = {}
        self._stated, self._usual = calendar.text("X-WR-TIMEZONE"), usual

    @property
    def stated(self) -> tzinfo | None:
        """The zone of the calendar as a whole, if it states one."""
        return self._named(self._stated)

    def moments(self, found: Property) -> list[Any]:
        """Return the days, the times in their zone, and the periods in a property."""
        name = found.parameters.get("TZID", "")
        return [self._moment(value, name) for value in found.word.split(",") if value]

    def _moment(self, value: str, name: str) -> Any:  # noqa: ANN401 -- a day, a time or a period
        if re.fullmatch(r"\d{8}", value) or "Z" in value:
            return _value(value, None)
        zone = self._named(name) if name else self.stated or self._usual
        if zone is None:
            raise ValueError(name)
        return _value(value, zone)

    def _named(self, name: str) -> tzinfo | None:
        if name not in self._found:
            self._found[name] = None  # stays if the description turns out to be damaged
            self._found[name] = self._find(name.strip("/")) if name else None
        return self._found[name]

    def _find(self, name: str) -> tzinfo | None:
        if known := _known(name):
            return known
        if name in self._described:
            return self._built(self._described[name])
        # Some programs put their own name before that of the zone: /example.org/Asia/Makassar.
        parts = name.split("/")[-4:]
        guesses = (_known("/".join(parts[at:])) for at in range(1, len(parts)))
        return next(filter(None, guesses), None) or _far_from_utc(name)

    def _built(self, described: Component) -> tzinfo | None:
        lines = ["BEGIN:VTIMEZONE", "TZID:described"]
        for part in described.inner:
            lines += [f"BEGIN:{part.kind}", "TZNAME:described", *self._change(part)]
            lines += [f"END:{part.kind}"]
        zone: tzinfo | None = tzical(StringIO("\n".join([*lines, "END:VTIMEZONE"]))).get()
        return zone

    def _change(self, part: Component) -> Iterator[str]:
        for name in CHANGE:
            for value in (line.word for line in part.all(name)):
                if name == "DTSTART" and not re.search("UNTIL|COUNT", part.word("RRULE")):
                    # Windows writes 1601; a rule that old slows down every lookup.
                    yield f"{name}:{max(int(value[:4]), self._since):04}{value[4:]}"
                else:
                    yield f"{name}:{value}"


def _value(value: str, zone: tzinfo | None) -> Any:  # noqa: ANN401 -- icalendar has no type for it
    return vDDDTypes.from_ical(value, timezone=zone)  # type: ignore[no-untyped-call]  # the same


def _known(name: str) -> tzinfo | None:
    """Return the zone that the world or Windows knows by this name."""
    if len(name) > LONGEST_NAME:  # each of its parts would cost a call within a call
        return None
    try:
        found: tzinfo | None = tzp.timezone(name)
    except OSError:  # it names a folder of time zones, or is too long for a file name
        return None
    return found


def _far_from_utc(name: str) -> tzinfo | None:
    """Return the zone whose name states its offset from UTC, as in Windows' names."""
    if not (found := _OFFSET.search(name)):
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-offset if found[1] == "-" else offset)
