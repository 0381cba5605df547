"""Files that are no calendar, and those made to keep a server busy instead."""

import time
from datetime import timedelta

import pytest

from app.schedule.benches.busy.spans import NotACalendar, busy_spans
from tests.schedule.test_busy import BEGIN, END, WITA, busy, calendar, event

ORDINARY = event("DTSTART:20191005T003000Z", "DURATION:PT30M")
START = "DTSTART:20191005T003000Z"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a workbook",
        b"<html>not signed in</html>",
        "BEGIN:VCALENDAR\r\nSUMMARY:é".encode("latin-1"),
        calendar(ORDINARY)[:-15],
        calendar(ORDINARY.replace("END:VEVENT", "END:VTODO")),
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        calendar(event("SUMMARY:without a start")),
        calendar(event("DTSTART:yesterday")),
        calendar(event("DTSTART:20191305T003000Z")),
        calendar(event("DTSTART:P1D")),
        calendar(event(START, "DTEND:never")),
        calendar(event(START, "DURATION:long")),
        calendar(event(START, "DURATION:P99999999999999D")),
        calendar(event(START, "RRULE:FREQ=FORTNIGHTLY")),
        calendar(event(START, "RRULE:FREQ=YEARLY;BYWEEKNO=3")),
        calendar(event(START, "EXDATE:x")),
        calendar(event("RECURRENCE-ID;RANGE=THISANDFUTURE:20191005T003000Z", START), ORDINARY),
        calendar(event("DTSTART;TZID=Mars/Olympus:20191005T003000")),
        calendar(event("DTSTART;TZID=" + "x" * 5000 + ":20191005T003000")),
        calendar(event("DTSTART;TZID=../../etc/passwd:20191005T003000")),
        calendar(event(START, "SEQUENCE:x"), event(START)),
        calendar(ORDINARY) + b"x" * 1_000_000,
        calendar("BEGIN:X\nEND:X\n" * 20_001),
        b"BEGIN:VCALENDAR\r\n" * 5000,
    ],
)
def test_what_is_no_calendar_is_refused(content):
    with pytest.raises(NotACalendar, match="can't be read as a calendar"):
        busy_spans(content, begin=BEGIN, end=END, zone=WITA)


def zoned(rule: str, dates: str = "") -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:Buatan\nBEGIN:STANDARD\nDTSTART:19000101T000000\nRRULE:{rule}\n{dates}"
        "TZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nBEGIN:DAYLIGHT\n"
        "DTSTART:19000601T000000\nTZOFFSETFROM:+0800\nTZOFFSETTO:+0900\nEND:DAYLIGHT\n"
        "END:VTIMEZONE\n"
    )


DEAD = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
IN_A_ZONE = event("DTSTART;TZID=Buatan:20191005T083000", "DURATION:PT1H")
FIRST_DAY = "DTSTART:00010101T000000Z"
HOSTILE = {
    "every second since the year 1": [event(FIRST_DAY, "RRULE:FREQ=SECONDLY")],
    "every minute": [event(FIRST_DAY, "RRULE:FREQ=MINUTELY;COUNT=99999999")],
    "counted from the year 1": [
        event(FIRST_DAY, "RRULE:FREQ=DAILY;COUNT=9999999", uid=str(n)) for n in range(300)
    ],
    "never, often": [event(START, DEAD, uid=str(n)) for n in range(9_000)],
    "the same, counted": [event(FIRST_DAY, f"{DEAD};COUNT=2", uid=str(n)) for n in range(7_000)],
    "many times a day": [
        event(
            START, "RRULE:FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7;BYMINUTE=0,5,10,15,20,25", uid=str(n)
        )
        for n in range(5_000)
    ],
    "positions": [
        event(START, "RRULE:FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367))), uid=str(n))
        for n in range(500)
    ],
    "many dates": [
        event(START, "DURATION:PT1H", "RDATE:" + "20191005T003000Z," * 50_000 + START[8:])
    ],
    "many dates left out": [
        event(START, DEAD, "EXDATE:" + "20191005T003000Z," * 50_000 + START[8:])
    ],
    "many entries": [event(START, "DURATION:PT1H", uid=str(n)) for n in range(11_000)],
    "long lines": [event(START, "DURATION:PT1H", "SUMMARY:" + "\\;" * 400_000)],
    "quotes": [event(f'DTSTART;X="{"a" * 300_000};Y={"b;" * 300_000}:20191005T003000Z')],
    "a zone of seconds": [zoned("FREQ=SECONDLY"), IN_A_ZONE],
    "a zone without an end": [zoned("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), IN_A_ZONE],
    "a zone of many dates": [zoned("FREQ=YEARLY", "RDATE:20190101T000000\n" * 20_000), IN_A_ZONE],
    "a zone for many entries": [
        zoned("FREQ=YEARLY;UNTIL=21000101T000000Z"),
        *(
            event("DTSTART;TZID=Buatan:20191005T083000", "DURATION:PT1H", uid=str(n))
            for n in range(9_000)
        ),
    ],
    "folds": ["BEGIN:VEVENT\n" + "U\n " * 200_000 + "\nEND:VEVENT\n"],
}


@pytest.mark.parametrize("components", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_done_with_soon(components):
    content = calendar(*components)
    assert len(content) < 1_000_000
    began = time.monotonic()
    try:
        spans = busy_spans(content, begin=BEGIN, end=END, zone=WITA)
    except NotACalendar:
        spans = []
    assert time.monotonic() - began < 10
    assert len(spans) <= 20_000


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY"])
def test_what_repeats_within_a_day_is_refused_with_the_reason(rule):
    with pytest.raises(NotACalendar, match="repeat within a day"):
        busy(event(FIRST_DAY, f"RRULE:{rule}"))


def test_a_year_of_an_ordinary_full_calendar_is_read_quickly():
    weekly = [
        event(
            f"DTSTART;TZID=Asia/Makassar:20100104T{n % 10 + 8:02}0000",
            "DURATION:PT30M",
            f"RRULE:FREQ=WEEKLY;BYDAY={day}",
            uid=f"{day}{n}",
        )
        for day in ("MO", "TU", "WE")
        for n in range(30)
    ]
    single = [
        event(f"DTSTART:2019{n % 12 + 1:02}{n % 28 + 1:02}T003000Z", "DURATION:PT1H", uid=str(n))
        for n in range(3_000)
    ]
    began = time.monotonic()
    spans = busy_spans(
        calendar(*weekly, *single), begin=BEGIN, end=BEGIN + timedelta(days=365), zone=WITA
    )
    assert len(spans) > 100
    assert time.monotonic() - began < 10
