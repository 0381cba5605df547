"""Calendar entries as iCalendar bytes (RFC 5545, RFC 7986), published or sent (RFC 5546). Pure.

An entry depends on its values alone, so its bytes are kept and joined; the frame with the time
zone is made once for each edition.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import timezone as tzone
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vCalAddress, vText, vUri

Method = Literal["REQUEST", "CANCEL"]
Status = Literal["CONFIRMED", "CANCELLED"]

PRODUCT = "-//Ajang//Ajang//ID"
REFRESH = timedelta(hours=1)
YEARS_AROUND = timedelta(days=400)
SECOND = timedelta(seconds=1)
GREENWICH = "UTC"
"""The zone of a calendar whose times need no zone to be read."""
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]
_HARMLESS = (0x09, 0x0A)  # a tab, and the line break, which has its own escape
_REPLACED = dict.fromkeys(set(_CONTROLS) - set(_HARMLESS), " ") | {0xFEFF: None}
_REPLACED_IN_NAMES = str.maketrans({'"': "'", "^": " ", "\\": " "})
_IN_MAILTO = "@!$'*+"  # RFC 6068; anything else that is not a letter or digit is percent-encoded
_IN_URI = ":/?#[]@!$&'()*+,;=%~"
_END = b"END:VCALENDAR\r\n"
_END_EVENT = b"END:VEVENT\r\n"


@dataclass(frozen=True)
class Frame:
    """What a whole calendar says about itself.

    `url` is a page that shows the same, `colour` a name of CSS3. The address to fetch it from again
    is left out: the addresses of people's own feeds are secret.
    """

    name: str
    timezone: str
    around: datetime
    colour: str = ""
    url: str = ""


@dataclass(frozen=True)
class Party:
    """Who invites."""

    name: str
    email: str


@dataclass(frozen=True)
class Attendee:
    """Who is invited, with what they answered so far (RFC 5545, PARTSTAT and ROLE)."""

    name: str
    email: str
    partstat: str = "NEEDS-ACTION"
    role: str = "REQ-PARTICIPANT"


@dataclass(frozen=True)
class Presentation:
    """One presentation as a calendar shows it.

    `revision` becomes the SEQUENCE: it rises with each change of slot or venue. `colour` is a name
    of CSS3.
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
    organizer: Party | None = None
    attendees: tuple[Attendee, ...] = ()
    status: Status = "CONFIRMED"
    description: str = ""
    colour: str = ""


def feed(
    frame: Frame,
    presentations: Iterable[Presentation],
    built: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Return a calendar of these presentations, in their order; it names nobody invited.

    `built` are entries built before, by their `digest`: building one costs half a millisecond, so
    a large calendar is joined from what was built when each changed.
    """
    entries = [_with_alarm(presentation, built) for presentation in presentations]
    return b"".join([_opening(frame), *entries, _END])


def digest(presentation: Presentation) -> str:
    """Return what identifies an entry, its alarm aside: SHA-256 in hexadecimal."""
    return sha256(repr(replace(presentation, alarm=None)).encode()).hexdigest()


@lru_cache(maxsize=20_000)
def entry(presentation: Presentation) -> bytes:
    """Return the lines of one presentation."""
    return bytes(_event(presentation).to_ical())


def invitation(frame: Frame, presentation: Presentation, method: Method) -> bytes:
    """Return the calendar that invites to one presentation, or calls it off.

    An update is a REQUEST again, with the same UID and a higher revision; a CANCEL needs a higher
    one too (RFC 5546, 3.2.2 and 3.2.5). Raise `ValueError` without an organizer or an attendee, or
    for an invitation to something called off.
    """
    if presentation.organizer is None or not presentation.attendees:
        raise ValueError("An invitation needs an organizer and an attendee.")
    if method == "CANCEL":
        presentation = replace(presentation, status="CANCELLED", alarm=None)
    elif presentation.status == "CANCELLED":
        raise ValueError("Nobody is invited to what is called off.")
    event = _event(presentation)
    for attendee in presentation.attendees:
        event.add("attendee", _invited(attendee, method))
    body = _ringing(bytes(event.to_ical()), presentation)
    return _sent_opening(frame.timezone, frame.around, method) + body + _END


def entries_built() -> int:
    """Return how many entries have been built rather than found in the cache."""
    return entry.cache_info().misses


def _with_alarm(presentation: Presentation, built: Mapping[str, bytes]) -> bytes:
    silent = replace(presentation, alarm=None)
    body = built.get(digest(silent)) if built else None
    body = body or entry(silent)
    return _ringing(body, presentation)


def _ringing(body: bytes, presentation: Presentation) -> bytes:
    """Return an entry's lines with its alarm, if it has one."""
    if presentation.alarm is None:
        return body
    alarm = _alarm(presentation.title, presentation.alarm)
    return body.removesuffix(_END_EVENT) + alarm + _END_EVENT


def _event(presentation: Presentation) -> Event:
    zone = ZoneInfo(presentation.timezone)
    stamp = presentation.stamp.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", plain(presentation.uid))
    event.add("sequence", presentation.revision)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", presentation.starts_at.astimezone(zone))
    event.add("dtend", presentation.ends_at.astimezone(zone))
    event.add("summary", plain(presentation.title))
    event.add("location", plain(presentation.location))
    event.add("url", _uri(presentation.url))
    event.add("categories", [plain(presentation.category)])
    event.add("status", presentation.status)
    event.add("transp", "OPAQUE")
    _add_texts(event, description=presentation.description, color=presentation.colour)
    if presentation.organizer is not None:
        event.add("organizer", _address(presentation.organizer))
    return event


def _add_texts(component: Event | Calendar, **texts: str) -> None:
    for name, text in texts.items():
        if text:
            component.add(name, plain(text))


@lru_cache(maxsize=20_000)
def _alarm(title: str, minutes: int) -> bytes:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", plain(title))
    return bytes(alarm.to_ical())


def _invited(attendee: Attendee, method: Method) -> vCalAddress:
    address = _address(attendee)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = attendee.role
    address.params["PARTSTAT"] = attendee.partstat
    if method == "REQUEST":
        address.params["RSVP"] = "TRUE"
    return address


def _address(party: Party | Attendee) -> vCalAddress:
    address = vCalAddress("mailto:" + quote(plain(party.email), safe=_IN_MAILTO))
    address.params["CN"] = plain_name(party.name) or plain_name(party.email)
    return address


@lru_cache(maxsize=1_000)
def _opening(frame: Frame) -> bytes:
    calendar = _calendar("PUBLISH", frame.timezone, frame.around)
    # icalendar and ical.js read (and the first writes) a NAME without escapes unless told its type.
    name = vText(plain(frame.name))
    calendar.add("name", vText(name, params={"VALUE": "TEXT"}))
    calendar.add("x-wr-calname", name)
    _add_texts(calendar, color=frame.colour)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vText(calendar["refresh-interval"].to_ical(), "ascii"))
    if frame.url:
        calendar.add("url", _uri(frame.url))
    return bytes(calendar.to_ical()).removesuffix(_END)


@lru_cache(maxsize=1_000)
def _sent_opening(timezone: str, around: datetime, method: Method) -> bytes:
    return bytes(_calendar(method, timezone, around).to_ical()).removesuffix(_END)


def _calendar(method: str, timezone: str, around: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if timezone != GREENWICH:
        calendar.add_component(_zone(timezone, around))
    return calendar


def _zone(timezone: str, around: datetime) -> Timezone:
    """Return the zone with an observance of its own for each change of its clock.

    Taken from the zone itself: icalendar overlooks changes (Morocco's), and collects others as
    RDATE, beside which ical.js overlooks the DTSTART.
    """
    here = ZoneInfo(timezone)
    zone = Timezone()
    zone.add("tzid", timezone)
    for onset in _onsets(here, around - YEARS_AROUND, around + YEARS_AROUND):
        before, after = (moment.astimezone(here) for moment in (onset - SECOND, onset))
        observance = TimezoneDaylight() if after.dst() else TimezoneStandard()
        observance.add("tzname", after.tzname())
        observance.TZOFFSETFROM, observance.TZOFFSETTO = before.utcoffset(), after.utcoffset()
        local = onset.astimezone(tzone(before.utcoffset() or timedelta(0)))
        observance.DTSTART = local.replace(tzinfo=None)
        zone.add_component(observance)
    return zone


def _onsets(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield `first` and each moment until `last`, to the second, at which the clocks change."""
    yield first
    day = timedelta(days=1)
    while first < last:
        if _clock(first, zone) != _clock(first + day, zone):
            yield _change(zone, first, first + day)
        first += day


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the moment between these two at which the clocks change."""
    old = _clock(before, zone)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        before, after = (middle, after) if _clock(middle, zone) == old else (before, middle)
    return after.replace(microsecond=0)


def _clock(moment: datetime, zone: ZoneInfo) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def plain(text: str) -> str:
    r"""Return the text without anything that breaks calendars or is not allowed in them.

    Control characters and line separators become spaces. icalendar writes `\N` as a line break
    wherever it stands, so the two are separated.
    """
    text = text.replace("\r\n", "\n").translate(_REPLACED).replace("\\N", "\\ N")
    return text.encode("utf-8", "replace").decode()


def plain_name(text: str) -> str:
    """Return a name as a parameter holds it: one line, no double quote (RFC 5545, 3.2).

    A caret (RFC 6868) or a backslash begins an escape there for some readers only.
    """
    return " ".join(plain(text).translate(_REPLACED_IN_NAMES).split())


def _uri(address: str) -> vUri:
    return vUri(quote(plain(address), safe=_IN_URI))
