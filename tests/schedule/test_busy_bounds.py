"""Files made to keep a server busy: each is done with soon, and the rest of a calendar is read."""

import time
from datetime import timedelta

import pytest

from app.schedule.benches import busy as busy_module
from app.schedule.benches.busy import SIZE, Busy, NotACalendar, busy_spans
from app.schedule.benches.calendar_reader.components import CalendarRefused
from app.schedule.draft.timetable import Span
from tests.schedule.test_busy import BEGIN, END, WITA, calendar, event, found, told

START = "DTSTART:20191005T003000Z"
FIRST_DAY = "DTSTART:00010101T000000Z"
GOOD = event(START, "DURATION:PT30M", uid="good")
READ = [Span(BEGIN + timedelta(hours=8.5), BEGIN + timedelta(hours=9))]
DEAD = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


def spans_in(content: bytes) -> Busy:
    """What a file comes to by the way that the pages go: through a process of its own."""
    return busy_spans(content, begin=BEGIN, end=END, zone=WITA, domain="luwu-utara-2019.ajang")


def zoned(rule: str, dates: str = "") -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:Buatan\nBEGIN:STANDARD\nDTSTART:19000101T000000\nRRULE:{rule}\n{dates}"
        "TZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nBEGIN:DAYLIGHT\n"
        "DTSTART:19000601T000000\nTZOFFSETFROM:+0800\nTZOFFSETTO:+0900\nEND:DAYLIGHT\n"
        "END:VTIMEZONE\n"
    )


def numbers(last: int) -> str:
    return ",".join(map(str, range(last)))


IN_A_ZONE = event("DTSTART;TZID=Buatan:20191005T083000", "DURATION:PT30M")
HOSTILE = {
    "every second since the year 1": [event(FIRST_DAY, "RRULE:FREQ=SECONDLY")],
    "every minute, counted": [event(FIRST_DAY, "RRULE:FREQ=MINUTELY;COUNT=9999999999")],
    "never until 9999": [event(START, DEAD)],
    "all at once": [
        event(
            FIRST_DAY,
            f"RRULE:FREQ=YEARLY;BYSECOND={numbers(60)};BYMINUTE={numbers(60)};BYHOUR={numbers(24)}"
            f";BYYEARDAY={numbers(366)};BYSETPOS=-1",
        )
    ],
    "many dates": [event(START, "DURATION:PT30M", f"RDATE:{'20191005T003000Z,' * 50_000}")],
    "many entries of one UID": [event(START, "DURATION:PT30M")] * 2_000,
    "a number without end": [event(START, "SEQUENCE:" + "9" * 100_000)],
    "an interval without end": [event(START, "RRULE:FREQ=DAILY;INTERVAL=" + "9" * 4_000)],
    "quotes": [event(f'DTSTART;X="{"a" * 300_000};Y={"b;" * 300_000}:20191005T003000Z')],
    "folds": ["BEGIN:VEVENT\n" + "U\n " * 200_000 + "\nEND:VEVENT\n"],
    "a zone of seconds": [zoned("FREQ=SECONDLY"), IN_A_ZONE],
    "a zone without an end": [zoned("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), IN_A_ZONE],
    "a zone of many dates": [zoned("FREQ=YEARLY", "RDATE:20190101T000000\n" * 20_000), IN_A_ZONE],
}


@pytest.mark.parametrize("components", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_entry_costs_itself_alone(components):
    answer = found(calendar(GOOD, *components), patience=0.05)
    assert told(answer) == ["05 08:30–09:00"]


def test_an_endless_rule_is_left_out_by_the_reader_on_its_own():
    endless = event(FIRST_DAY, "RRULE:FREQ=SECONDLY", "SUMMARY:Detak", uid="endless")
    assert spans_in(calendar(endless, GOOD)) == Busy(READ, left_out=1, names=["Detak"])


@pytest.mark.parametrize("inner", ["X", "VEVENT", "VCALENDAR"])
def test_a_megabyte_of_components_in_each_other_is_refused(inner):
    content = b"BEGIN:VCALENDAR\r\n" + f"BEGIN:{inner}\r\n".encode() * 60_000
    with pytest.raises(CalendarRefused):
        found(content)


MANY = {
    "SECONDS": (1, calendar(*(event(START, DEAD, uid=str(n)) for n in range(9_000)))),
    "MEMORY": (60_000_000, calendar("BEGIN:VEVENT\nUID:x\nEND:VEVENT\n" * 250_000)),
}


@pytest.mark.parametrize("limit", MANY)
def test_a_file_that_needs_too_much_is_refused_with_what_to_do(monkeypatch, limit):
    few, content = MANY[limit]
    monkeypatch.setattr(busy_module, limit, few)
    with pytest.raises(NotACalendar, match=r"takes too long to read.*add the times by hand"):
        spans_in(content)


@pytest.mark.field("calendars F3")
def test_a_file_as_large_as_ordinary_exports_is_read():
    past = [
        event(
            f"DTSTART:2014{n % 12 + 1:02}{n % 28 + 1:02}T003000Z",
            "DURATION:PT1H",
            f"DESCRIPTION:{'Rapat koordinasi ' * 60}",
            uid=str(n),
        )
        for n in range(4_800)
    ]
    content = calendar(*past, GOOD)
    assert len(content) > 5_000_000
    assert spans_in(content) == Busy(READ, left_out=0, names=[])


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(NotACalendar, match="too large"):
        spans_in(b"x" * (SIZE + 1))


def test_a_refusal_of_the_reader_is_told_in_words():
    with pytest.raises(NotACalendar, match="This is a web page"):
        spans_in(b"<html>not signed in</html>")


def test_an_ordinary_full_calendar_is_read_quickly():
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
    began = time.process_time()
    answer = found(calendar(*weekly, *single), end=BEGIN + timedelta(days=60))
    assert len(answer["busy"]) > 50
    assert answer["left_out"] == 0
    assert time.process_time() - began < 10
