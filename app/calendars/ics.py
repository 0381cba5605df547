"""Calendar entries as iCalendar bytes (RFC 5545, RFC 7986). Pure.

An entry depends on its values alone, so its bytes are kept and joined; the frame with the time
zone is made once for each edition.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone
from icalendar.prop import vText

PRODUCT = "-//Ajang//Ajang//ID"
REFRESH = timedelta(hours=1)
YEARS_AROUND = timedelta(days=400)
_FORBIDDEN = {"\r": " ", "\u2028": " ", "\u2029": " ", "\x85": " "}
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Frame:
    """What a whole calendar says of itself."""

    name: str
    timezone: str
    around: datetime


@dataclass(frozen=True)
class Presentation:
    """One presentation as a calendar shows it.

    `revision` becomes the SEQUENCE: it rises with each change of slot or venue.
    """

    uid: str
    revision: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    title: str
    location: str
    url: str
    category: str
    alarm: int | None = None  # minutes before it starts


def feed(frame: Frame, presentations: list[Presentation]) -> bytes:
    """Return a calendar of these presentations, in their order."""
    return b"".join([_opening(frame), *map(_entry, presentations), _END])


@lru_cache(maxsize=20_000)
def _entry(presentation: Presentation) -> bytes:
    zone = ZoneInfo(presentation.timezone)
    event = Event()
    event.add("uid", presentation.uid)
    event.add("sequence", presentation.revision)
    event.add("dtstamp", presentation.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", presentation.starts_at.astimezone(zone))
    event.add("dtend", presentation.ends_at.astimezone(zone))
    event.add("summary", plain(presentation.title))
    event.add("location", plain(presentation.location))
    event.add("url", presentation.url)
    event.add("categories", [plain(presentation.category)])
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    if presentation.alarm is not None:
        event.add_component(_alarm(presentation))
    return bytes(event.to_ical())


def _alarm(presentation: Presentation) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-(presentation.alarm or 0)))
    alarm.add("description", plain(presentation.title))
    return alarm


@lru_cache(maxsize=1_000)
def _opening(frame: Frame) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", plain(frame.name))
    calendar.add("x-wr-calname", vText(plain(frame.name)))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add_component(
        Timezone.from_tzid(
            frame.timezone,
            first_date=(frame.around - YEARS_AROUND).date(),
            last_date=(frame.around + YEARS_AROUND).date(),
        )
    )
    return bytes(calendar.to_ical()).removesuffix(_END)


def plain(text: str) -> str:
    """Return the text without the line separators that break calendars."""
    for character, replacement in _FORBIDDEN.items():
        text = text.replace(character, replacement)
    return text
