"""Calendar files as people's programs write them, and what went wrong with them elsewhere."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.calendars.entries import uid_of
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.benches.busy import own_entries
from app.schedule.benches.calendar_reader.components import CalendarRefused
from tests.schedule.test_busy import calendar, complete, event, found, told

CALENDARS = Path(__file__).parents[1] / "calendars/field"
DAYS = range(5, 12)
FIRST = ["05 09:00–10:00"]
BOTH = ["05 09:00–10:00", "06 09:00–10:00"]
FILES = {
    "busy-01-folded-inside-a-character.ics": FIRST,
    "busy-02-thisandfuture.ics": [f"{day:02} 13:00–14:00" for day in DAYS],
    "busy-03a-windows-display-name-escaped-comma.ics": FIRST,
    "busy-03b-windows-display-name-jakarta.ics": FIRST,
    "busy-03c-windows-display-name-no-vtimezone.ics": FIRST,
    "busy-03d-windows-name-plain.ics": BOTH,
    "busy-04a-latin1.ics": FIRST,
    "busy-04c-utf8-bom-cr-only.ics": FIRST,
    "busy-06-zone-rule-with-byhour.ics": FIRST,
    "busy-07-one-impossible-date-in-2024.ics": FIRST,
    "busy-08-override-that-repeats-the-rule.ics": [],
    "busy-09-two-entries-with-one-uid.ics": BOTH,
    "busy-10-end-without-the-zone-of-the-start.ics": FIRST,
    "busy-11-byweekno.ics": FIRST,
    "busy-12-hourly-elsewhere.ics": FIRST,
    "busy-14-own-presentation-from-ajang.ics": [],
    "busy-17-busystatus-free.ics": [],
    "busy-20-vcalendar-1.ics": FIRST,
    "busy-21-indented-first-line.ics": FIRST,
    "busy-22-bare-event.ics": FIRST,
    "busy-24-allday-timed-exdate-date.ics": [f"{day:02} 08:00–09:00" for day in DAYS[1:]],
    "busy-25-rdate-periods.ics": ["05 10:00–10:30", "06 10:00–11:30"],
    "busy-27-override-by-date.ics": [
        "05 15:00–16:00",
        *(f"{day:02} 08:00–09:00" for day in DAYS[1:]),
    ],
    "busy-28-exdate-in-utc-and-space.ics": [f"{day:02} 08:00–09:00" for day in DAYS[2:]],
    "busy-29-until-date-only-last-day.ics": ["05 20:00–21:00"],
    "busy-35-date-with-value-date-and-time-end.ics": ["05 00:00–06 00:00"],
    "busy-36-transparent-lowercase-and-tentative.ics": BOTH[1:],
    "busy-40-google-export.ical.zip": FIRST,
}
REFUSED = {"busy-30-cut-off-download.ics": "cut off", "busy-31-html-login-page.ics": "web page"}
GOOD = event("DTSTART:20191005T003000Z", "DURATION:PT30M", uid="good")
READ = ["05 08:30–09:00"]
DAILY = event(
    "DTSTART;TZID=Asia/Makassar:20191001T080000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=6"
)


def test_every_file_here_is_expected_to_be_something():
    files = {file.name for file in CALENDARS.glob("busy-*")}
    assert files == FILES.keys() | REFUSED.keys()


@pytest.mark.field("calendars F1", "calendars F2", "calendars F3", "calendars F4", "calendars F6")
@pytest.mark.parametrize("name", FILES)
def test_a_file_from_the_field_is_read(name):
    assert complete((CALENDARS / name).read_bytes()) == FILES[name]


@pytest.mark.field("calendars F4")
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_from_the_field_is_refused(name):
    with pytest.raises(CalendarRefused, match=REFUSED[name]):
        found((CALENDARS / name).read_bytes())


OLD, NEW, FOREIGN = "", "0123456789ab", "ba9876543210"


@pytest.mark.field("calendars F1", "calendars F7")
@pytest.mark.parametrize(
    ("own", "slug", "key", "expected"),
    [
        (OLD, "luwu-utara-2019", OLD, []),
        (NEW, "luwu-utara-2019", NEW, []),
        (OLD, "luwu-utara-2020", OLD, READ),
        (NEW, "luwu-utara-2019", FOREIGN, READ),
        (NEW, "luwu-utara-2019", OLD, READ),
        (OLD, "luwu-utara-2019", FOREIGN, READ),
    ],
)
def test_our_own_entries_are_those_of_the_edition_that_asks(own, slug, key, expected):
    asks = Edition(slug="luwu-utara-2019", calendar_key=own)
    uid = uid_of(Proposal(id=7), Edition(slug=slug, calendar_key=key))
    content = calendar(event("DTSTART:20191005T003000Z", "DURATION:PT30M", uid=uid))
    assert told(found(content, own=own_entries(asks.calendar_domain))) == expected


# More of the same kinds


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        (
            ["BEGIN:VEVENT\nUID:b\nDTSTART:20191006T003000Z\nDURATION:PT1H\n", GOOD],
            [*READ, "06 08:30–09:30"],
        ),
        (
            ["X-WR-TIMEZONE:Asia/Jayapura\n", event("DTSTART:20191005T093000", "DURATION:PT30M")],
            READ,
        ),
        (
            ["X-WR-TIMEZONE:Mars/Olympus\n", event("DTSTART:20191005T083000", "DURATION:PT30M")],
            READ,
        ),
        (
            [
                "X-WR-TIMEZONE:Asia/Jayapura\n",
                event("DTSTART;TZID=Asia/Tokyo:20191005T093000", "DTEND:20191005T100000"),
            ],
            READ,
        ),
        (
            [
                "X-WR-TIMEZONE:Asia/Jayapura\n",
                event(
                    "DTSTART:20191004T090000",
                    "DURATION:PT1H",
                    "RRULE:FREQ=DAILY;UNTIL=20191006T090000",
                ),
            ],
            ["05 08:00–09:00", "06 08:00–09:00"],
        ),
        (
            [
                DAILY,
                event(
                    "RECURRENCE-ID:20191006T000000Z", "DTSTART:20191006T000000Z", "STATUS:cancelled"
                ),
            ],
            ["05 08:00–09:00"],
        ),
        (
            [
                DAILY,
                event(
                    "RECURRENCE-ID;TZID=Asia/Makassar:20191005T080000",
                    "DTSTART:20191120T000000Z",
                    "DURATION:PT1H",
                ),
            ],
            ["06 08:00–09:00"],
        ),
        (
            [
                DAILY,
                event(
                    "RECURRENCE-ID;RANGE=thisandfuture:20191003T000000Z",
                    "DTSTART:20191003T020000Z",
                    "DURATION:PT2H",
                ),
            ],
            ["05 10:00–12:00", "06 10:00–12:00"],
        ),
        (
            [DAILY.replace("RRULE", "EXDATE;TZID=Asia/Tokyo:20191005T090000\nRRULE")],
            ["06 08:00–09:00"],
        ),
        (
            [
                event(
                    "DTSTART;TZID=Asia/Makassar:20191005T080000",
                    "DURATION:PT1H",
                    "RRULE:FREQ=WEEKLY;BYDAY=MO",
                )
            ],
            ["05 08:00–09:00", "07 08:00–09:00"],
        ),
        (
            [event("DTSTART;VALUE=DATE:20191001", "RRULE:FREQ=DAILY;UNTIL=20191005T160000Z")],
            ["05 00:00–07 00:00"],
        ),
        (
            [
                event("DTSTART;VALUE=DATE:20191001", "RRULE:FREQ=DAILY;COUNT=6"),
                event("RECURRENCE-ID;VALUE=DATE:20191005", "DTSTART;VALUE=DATE:20191009"),
            ],
            ["06 00:00–07 00:00", "09 00:00–10 00:00"],
        ),
        ([GOOD.lower()], READ),
        ([GOOD.replace("\n", "\n\n")], READ),
        (["BEGIN:VTODO\nUID:t\nDTSTART:20191006T003000Z\nDURATION:PT1H\nEND:VTODO\n", GOOD], READ),
    ],
)
def test_what_programs_do_is_understood(components, expected):
    assert complete(calendar(*components)) == expected


def test_a_file_in_utf_16_is_read():
    assert complete(calendar(GOOD).decode().encode("utf-16")) == READ


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["DTSTART:20190230T100000Z", "RRULE:FREQ=DAILY", "SUMMARY:Apel"], "Apel"),
        (["DTSTART;TZID=Mars/Olympus:20191005T083000", "SUMMARY:A\\, <b>B</b>"], "A, <b>B</b>"),
        (["SUMMARY:without a start \u202e"], "without a start"),
        (["DTSTART:yesterday", "SUMMARY:" + "x" * 100], "x" * 60),
        (["DTSTART:20191005T003000Z", "DTEND:never"], "20191005T003000Z"),
        (["DTSTART:20191005T003000Z", "DURATION:P99999999999999D"], "20191005T003000Z"),
        (["DTSTART:20191005T003000Z", "RRULE:FREQ=FORTNIGHTLY"], "20191005T003000Z"),
        (["DTSTART:20191005T003000Z", "RRULE:D1 #0"], "20191005T003000Z"),
        (["DTSTART:20191005T003000Z", "EXDATE:x"], "20191005T003000Z"),
        (["DTSTART:20191005T003000Z", "SEQUENCE:x"], "20191005T003000Z"),
        (["DTSTART;TZID=Asia:20191005T003000"], "20191005T003000"),
        (["DTSTART;TZID=" + "x" * 5000 + ":20191005T003000"], "20191005T003000"),
        (["DTSTART;TZID=../../etc/passwd:20191005T003000"], "20191005T003000"),
    ],
)
def test_damage_in_an_entry_costs_that_entry(lines, name):
    answer = found(calendar(GOOD, event(*lines, uid="damaged"), GOOD.replace("good", "other")))
    assert told(answer) == READ
    assert (answer["left_out"], answer["names"]) == (1, [name])


def test_damage_in_a_changed_instance_leaves_the_others():
    damaged = event("RECURRENCE-ID:20191005T000000Z", "DTSTART:besok", "SUMMARY:Pindah")
    answer = found(calendar(DAILY, damaged))
    assert told(answer) == ["05 08:00–09:00", "06 08:00–09:00"]
    assert answer["names"] == ["Pindah"]


@pytest.mark.field("security F19")
@pytest.mark.parametrize(
    "name",
    ["a/" * 1000, "/" * 3000, "a" * 5000, "\\" * 1000, "UTC+99:99", "GMT-24", "..", "zone.tab"],
)
def test_a_name_that_is_no_zone_costs_what_needs_it(name):
    needing = event(f"DTSTART;TZID={name}:20191005T083000", "DURATION:PT30M", uid="needing")
    answer = found(calendar(needing, GOOD))
    assert (told(answer), answer["left_out"]) == (READ, 1)
    floating = event("DTSTART:20191005T083000", "DURATION:PT30M")
    assert complete(calendar(f"X-WR-TIMEZONE:{name}\n", floating)) == READ


@pytest.mark.field("security F19")
def test_a_long_name_before_that_of_a_zone_does_no_harm():
    named = f"DTSTART;TZID={'a/' * 300}Asia/Jayapura:20191005T093000"
    assert complete(calendar(event(named, "DURATION:PT30M"))) == READ


@pytest.mark.field("calendars F6")
@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:20191005T010000Z", "DTEND:20191005T003000Z"],
        ["DTSTART:20191005T010000Z", "DURATION:-PT30M"],
        ["DTSTART;TZID=Asia/Makassar:20191005T090000", "DTEND:20191005T083000"],
    ],
)
def test_an_end_before_its_start_means_the_time_between(lines):
    assert complete(calendar(event(*lines))) == READ


def test_a_damaged_zone_costs_what_needs_it():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Rusak\nBEGIN:STANDARD\nDTSTART:kapan\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    needing = event("DTSTART;TZID=Rusak:20191005T083000", "SUMMARY:Rapat", uid="needing")
    answer = found(calendar(zone, needing, GOOD))
    assert (told(answer), answer["names"]) == (READ, ["Rapat"])


def test_only_a_few_of_many_names_are_told():
    damaged = [event("DTSTART:besok", f"SUMMARY:Rapat {n}", uid=str(n)) for n in range(9)]
    answer = found(calendar(GOOD, *damaged))
    assert (answer["left_out"], answer["names"]) == (9, ["Rapat 0", "Rapat 1", "Rapat 2"])


# What is no calendar


def packed(*names: str, content: bytes = b"") -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, content or calendar(GOOD))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\n<!DOCTYPE html>", "web page"),
        (b"PK\x03\x04 a workbook", "no calendar"),
        (packed("xl/workbook.xml"), "no calendar"),
        (packed("saya.ics", "keluarga.ics"), "several"),
        (packed("saya.ics")[:-40], "no calendar"),
        (packed("saya.ics", content=b"0" * 30_000_001), "too large"),
        (b"\x89PNG\r\n\x1a\n\x00", "no calendar"),
        (b"Subject,Start Date\r\nRapat,10/5/2019\r\n", "no calendar"),
        (calendar(GOOD)[:-15], "cut off"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 100, "unreadable"),
        (calendar(event("DTSTART:yesterday")), "unreadable"),
    ],
)
def test_what_is_no_calendar_is_refused_with_the_reason(content, why):
    with pytest.raises(CalendarRefused, match=f"^{why}$"):
        found(content)
