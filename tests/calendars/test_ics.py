"""Calendar entries: read back by two parsers, whatever stands in the texts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from icalendar import Calendar

from app.calendars.entries import calendar_zone
from app.calendars.ics import Frame, Presentation, feed
from app.calendars.links import google, outlook
from app.editions.models import Edition
from app.editions.parts import PresentationDay

START = datetime(2019, 10, 5, 0, 30, tzinfo=UTC)
FRAME = Frame(name="KIPP 2019", timezone="Asia/Makassar", around=START)


def presentation(title: str = "Kesraku", revision: int = 0) -> Presentation:
    return Presentation(
        uid="presentation-1@kipp.ajang",
        revision=revision,
        stamp=START,
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        timezone="Asia/Makassar",
        title=title,
        location="Warkop Indah",
        url="http://127.0.0.1/1",
        category="Dinas Pendidikan",
    )


HOSTILE = [
    "Kesraku; a, b \\ c",
    "baris\nBEGIN:VEVENT\nSUMMARY:palsu",
    "x" * 500,
    "日本語" * 60,
    '"kutip" <b>&amp;',
    "a\r\nb\u2028c\u2029d\x85e",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_two_parsers_read_one_event_with_its_title(title):
    body = feed(FRAME, [presentation(title)])
    event = Calendar.from_ical(body).walk("VEVENT")
    other = vobject.readOne(body.decode())
    assert len(event) == len(other.vevent_list) == 1
    assert str(event[0]["SUMMARY"]) == other.vevent.summary.value
    assert other.vevent.dtstart.value.astimezone(UTC) == START


@pytest.mark.parametrize("title", HOSTILE)
def test_no_line_is_longer_than_seventy_five_bytes(title):
    lines = feed(FRAME, [presentation(title)]).split(b"\r\n")
    assert max(map(len, lines)) <= 75


def test_the_time_stands_in_the_zone_of_the_edition():
    body = feed(FRAME, [presentation()]).decode()
    assert "DTSTART;TZID=Asia/Makassar:20191005T083000" in body
    assert "TZID:Asia/Makassar" in body


def test_a_change_keeps_the_uid_and_raises_the_sequence():
    first, second = (
        Calendar.from_ical(feed(FRAME, [presentation(revision=n)])).walk("VEVENT")[0]
        for n in (0, 1)
    )
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)


def test_an_alarm_rings_so_many_minutes_before():
    entry = replace(presentation(), alarm=60)
    body = feed(FRAME, [entry])
    alarms = Calendar.from_ical(body).walk("VALARM")
    assert [each["TRIGGER"].dt for each in alarms] == [timedelta(minutes=-60)]
    assert vobject.readOne(body.decode()).vevent.valarm.action.value == "DISPLAY"
    assert b"VALARM" not in feed(FRAME, [presentation()])


@pytest.mark.parametrize("title", HOSTILE)
def test_web_calendars_get_the_same_times_and_the_whole_title(title):
    by_google, by_outlook = (
        parse_qs(urlsplit(address(presentation(title))).query) for address in (google, outlook)
    )
    assert by_google["dates"] == ["20191005T003000Z/20191005T010000Z"]
    assert by_outlook["startdt"] == ["2019-10-05T00:30:00+00:00"]
    assert by_google["text"] == by_outlook["subject"] == [title]


ELSEWHERE = [
    *("Asia/Jakarta", "Asia/Jayapura", "Africa/Casablanca", "Europe/London", "Europe/Dublin"),
    *("America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"),
]


@pytest.mark.field("calendars F11")
@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_zone_in_a_calendar_has_every_change_of_its_clock(name):
    """As dateutil reads it, which knows no zones but those of the file."""
    noon = datetime(2019, 7, 1, 12, tzinfo=UTC)
    body = feed(replace(FRAME, timezone=name, around=noon), []).decode()
    read = tzical(StringIO(body)).get(name)
    for number in range(-390, 390):
        local = (noon + timedelta(days=number)).astimezone(ZoneInfo(name)).replace(tzinfo=None)
        assert read.utcoffset(local) == ZoneInfo(name).utcoffset(local), local


def edition(zone: str, *dates: date) -> Edition:
    days = [PresentationDay(date=each, starts_at=time(8), ends_at=time(17)) for each in dates]
    return Edition(timezone=zone, days=days)


@pytest.mark.field("calendars F11")
@pytest.mark.parametrize(
    ("zone", "dates", "given_in"),
    [
        ("Asia/Jakarta", (date(2027, 3, 27), date(2027, 3, 28)), "Asia/Jakarta"),
        ("Europe/Berlin", (date(2027, 3, 26), date(2027, 3, 27)), "Europe/Berlin"),
        ("Europe/Berlin", (date(2027, 3, 28),), "UTC"),
        ("Europe/Berlin", (date(2027, 3, 26), date(2027, 3, 29)), "UTC"),
        ("Africa/Casablanca", (date(2019, 5, 4), date(2019, 5, 6)), "UTC"),
        ("Asia/Jayapura", (), "Asia/Jayapura"),
    ],
)
def test_calendars_are_in_utc_where_clocks_change_meanwhile(zone, dates, given_in):
    assert calendar_zone(edition(zone, *dates)) == given_in


@pytest.mark.field("calendars F11")
def test_a_calendar_in_utc_leaves_no_reader_a_zone_to_guess():
    again = datetime(2027, 10, 31, 1, 0, tzinfo=UTC)  # two o'clock in Berlin, the second time
    shown = replace(presentation(), starts_at=again, timezone="UTC")
    body = feed(replace(FRAME, timezone="UTC"), [shown]).decode()
    assert "DTSTART:20271031T010000Z" in body
    assert "VTIMEZONE" not in body
    assert "TZID" not in body
