"""When somebody is busy, from the calendars people export."""

import gc
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.timezone import tzp

from app.schedule.benches.busy import own_entries
from app.schedule.benches.calendar_reader.components import CalendarRefused
from app.schedule.benches.calendar_reader.occurrences import read

WITA = ZoneInfo("Asia/Makassar")
BEGIN = datetime(2019, 10, 5, tzinfo=WITA)
END = datetime(2019, 10, 12, tzinfo=WITA)


def calendar(*components: str) -> bytes:
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//X//ID\n"
    return (head + "".join(components) + "END:VCALENDAR\n").replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "a") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def found(content: bytes, **given: object) -> dict:
    """What the reader finds on the days, in this very process.

    Meanwhile no garbage of other tests is collected: a finalizer swallows what the reader's timer
    raises, and warns of it. In its own process the timer rings again, and that is all.
    """
    options = {
        "begin": BEGIN,
        "end": END,
        "zone": WITA,
        "own": own_entries("luwu-utara-2019.ajang"),
    }
    gc.disable()
    try:
        return read(content, **(options | given))
    finally:
        gc.enable()


def busy(*components: str) -> list[str]:
    """When one is busy, where every entry can be read."""
    return complete(calendar(*components))


def complete(content: bytes) -> list[str]:
    answer = found(content)
    assert answer["left_out"] == 0
    return told(answer)


def told(answer: dict) -> list[str]:
    """The busy times as day and times, in the zone of the edition."""
    spans = [[datetime.fromisoformat(moment) for moment in span] for span in answer["busy"]]
    assert all(moment.tzinfo is UTC for span in spans for moment in span)
    return [_told(*(moment.astimezone(WITA) for moment in span)) for span in spans]


def _told(start: datetime, end: datetime) -> str:
    is_same = end.date() == start.date()
    return f"{start:%d %H:%M}–{end:%H:%M}" if is_same else f"{start:%d %H:%M}–{end:%d %H:%M}"


# What programs write

GOOGLE = """BEGIN:VTIMEZONE
TZID:Asia/Makassar
X-LIC-LOCATION:Asia/Makassar
BEGIN:STANDARD
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
TZNAME:WITA
DTSTART:19700101T000000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Asia/Makassar:20190107T090000
DTEND;TZID=Asia/Makassar:20190107T100000
RRULE:FREQ=WEEKLY;WKST=SU;UNTIL=20191231T155959Z;BYDAY=MO,WE
EXDATE;TZID=Asia/Makassar:20191009T090000
DTSTAMP:20191001T000000Z
UID:rapat@google.example
SUMMARY:Rapat staf
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P0DT0H10M0S
END:VALARM
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20191011
DTEND;VALUE=DATE:20191012
UID:libur@google.example
SUMMARY:Libur
TRANSP:TRANSPARENT
END:VEVENT
"""
OUTLOOK = """METHOD:PUBLISH
BEGIN:VTIMEZONE
TZID:Singapore Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CLASS:PUBLIC
DTSTART;TZID="Singapore Standard Time":20191007T130000
DTEND;TZID="Singapore Standard Time":20191007T150000
UID:040000008200E00074C5B7101A82E008
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Customized Time Zone:20191008T030000
DTEND;TZID=Customized Time Zone:20191008T040000
UID:2
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=W. Europe Standard Time:20191009T030000
DURATION:PT30M
UID:3
END:VEVENT
"""
APPLE = """CALSCALE:GREGORIAN
BEGIN:VEVENT
CREATED:20190901T000000Z
UID:7A
DTSTART;VALUE=DATE:16041006
DTEND;VALUE=DATE:16041007
RRULE:FREQ=YEARLY
SUMMARY:Ulang tahun
END:VEVENT
BEGIN:VEVENT
UID:7B
DTSTART;TZID=Asia/Makassar:20191002T080000
DTEND;TZID=Asia/Makassar:20191002T090000
RRULE:FREQ=DAILY
SEQUENCE:1
END:VEVENT
BEGIN:VEVENT
UID:7B
RECURRENCE-ID;TZID=Asia/Makassar:20191007T080000
DTSTART;TZID=Asia/Makassar:20191007T140000
DTEND;TZID=Asia/Makassar:20191007T150000
END:VEVENT
BEGIN:VEVENT
UID:7B
RECURRENCE-ID;TZID=Asia/Makassar:20191008T080000
DTSTART;TZID=Asia/Makassar:20191008T080000
DTEND;TZID=Asia/Makassar:20191008T090000
STATUS:CANCELLED
END:VEVENT
BEGIN:VTODO
UID:7C
DTSTART:20191006T000000Z
END:VTODO
"""


def test_a_calendar_of_google():
    assert busy(GOOGLE) == ["07 09:00–10:00"]


def test_a_calendar_of_outlook_with_names_of_windows_and_a_zone_of_its_own():
    assert busy(OUTLOOK) == ["07 13:00–15:00", "08 09:00–10:00", "09 09:00–09:30"]


def test_a_calendar_of_apple_with_a_birthday_and_changed_instances():
    assert busy(APPLE) == [
        "05 08:00–09:00",
        "06 00:00–07 00:00",
        "07 14:00–15:00",
        "09 08:00–09:00",
        "10 08:00–09:00",
        "11 08:00–09:00",
    ]


# Times


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20191005T003000Z", "DTEND:20191005T010000Z"], ["05 08:30–09:00"]),
        (["DTSTART:20191005T083000", "DTEND:20191005T090000"], ["05 08:30–09:00"]),
        (["DTSTART:20191005T083000", "DURATION:PT1H30M"], ["05 08:30–10:00"]),
        (["DTSTART:20191005T083000", "DURATION:P1D"], ["05 08:30–06 08:30"]),
        (["DTSTART;VALUE=DATE:20191006"], ["06 00:00–07 00:00"]),
        (["DTSTART;VALUE=DATE:20191006", "DURATION:P2D"], ["06 00:00–08 00:00"]),
        (["DTSTART:20191005T083000"], []),
        (["DTSTART:20191005T083000", "DTEND:20191005T083000"], []),
        (["DTSTART:20191005T083000", "DTEND:20191005T080000"], ["05 08:00–08:30"]),
        (["DTSTART;VALUE=DATE:20191006", "DTEND;VALUE=DATE:20191006"], ["06 00:00–07 00:00"]),
        (["DTSTART;VALUE=DATE;TZID=Asia/Makassar:20191006"], ["06 00:00–07 00:00"]),
        (["DTSTART;TZID=Asia/Jayapura:20191005T093000", "DURATION:PT1H"], ["05 08:30–09:30"]),
        (
            ["DTSTART;TZID=/x.org/1/Asia/Jayapura:20191005T093000", "DURATION:PT1H"],
            ["05 08:30–09:30"],
        ),
        (
            ["DTSTART;TZID=/x.org/America/Argentina/Salta:20191004T213000", "DURATION:PT1H"],
            ["05 08:30–09:30"],
        ),
        (["DTSTART:20191004T220000", "DTEND:20191005T010000"], ["05 00:00–01:00"]),
        (["DTSTART:20191011T230000", "DTEND:20191012T010000"], ["11 23:00–12 00:00"]),
        (["DTSTART:20190101T000000", "DTEND:20200101T000000"], ["05 00:00–12 00:00"]),
        (["DTSTART:20191004T220000", "DTEND:20191005T000000"], []),
        (["DTSTART:20191012T000000", "DTEND:20191012T010000"], []),
    ],
)
def test_one_entry(lines, expected):
    assert busy(event(*lines)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["RRULE:FREQ=WEEKLY;BYDAY=SA,SU"], ["05 08:00–09:00", "06 08:00–09:00"]),
        (["RRULE:FREQ=DAILY;INTERVAL=3"], ["07 08:00–09:00", "10 08:00–09:00"]),
        (["RRULE:FREQ=DAILY;COUNT=6"], ["05 08:00–09:00", "06 08:00–09:00"]),
        (["RRULE:FREQ=DAILY;UNTIL=20191006T000000Z"], ["05 08:00–09:00", "06 08:00–09:00"]),
        (["RRULE:FREQ=DAILY;UNTIL=20191005T235959Z"], ["05 08:00–09:00"]),
        (["RRULE:FREQ=DAILY;UNTIL=20191006"], ["05 08:00–09:00", "06 08:00–09:00"]),
        (["RDATE:20191006T013000Z,20191007T000000Z"], ["06 09:30–10:30", "07 08:00–09:00"]),
        (["RDATE;VALUE=PERIOD:20191006T000000Z/PT3H"], ["06 08:00–11:00"]),
        (["RDATE;VALUE=PERIOD:20191006T000000Z/20191006T020000Z"], ["06 08:00–10:00"]),
        (
            ["RRULE:FREQ=DAILY;COUNT=7", "EXDATE:20191005T000000Z,20191006T000000Z"],
            ["07 08:00–09:00"],
        ),
        (["RRULE:FREQ=DAILY;COUNT=7", "EXDATE;VALUE=DATE:20191005,20191006"], ["07 08:00–09:00"]),
        (["RRULE:FREQ=DAILY;COUNT=7", "EXDATE:20191005T003000Z"], None),
    ],
)
def test_a_recurring_entry(lines, expected):
    start = ["DTSTART;TZID=Asia/Makassar:20191001T080000", "DURATION:PT1H"]
    every = ["05 08:00–09:00", "06 08:00–09:00", "07 08:00–09:00"]
    assert busy(event(*start, *lines)) == (every if expected is None else expected)


def test_whole_days_recur_and_are_left_out_by_their_date():
    lines = ["DTSTART;VALUE=DATE:20191001", "RRULE:FREQ=WEEKLY;BYDAY=TU,TH"]
    assert busy(event(*lines)) == ["08 00:00–09 00:00", "10 00:00–11 00:00"]
    left_out = event(*lines, "EXDATE;VALUE=DATE:20191008")
    assert busy(left_out) == ["10 00:00–11 00:00"]


def test_a_recurring_entry_keeps_its_clock_when_the_clocks_change():
    lines = [
        "DTSTART;TZID=Europe/Berlin:20191025T020000",
        "DTEND;TZID=Europe/Berlin:20191025T030000",
        "RRULE:FREQ=DAILY;COUNT=5",
    ]
    begin, end = datetime(2019, 10, 25, tzinfo=UTC), datetime(2019, 10, 30, tzinfo=UTC)
    answer = found(calendar(event(*lines)), begin=begin, end=end)
    assert [start[11:13] for start, _ in answer["busy"]] == ["00", "00", "00", "01", "01"]


def test_a_long_entry_that_began_before_recurs_into_the_stretch():
    lines = ["DTSTART:20190928T120000", "DTEND:20190930T120000", "RRULE:FREQ=WEEKLY"]
    assert busy(event(*lines)) == ["05 12:00–07 12:00"]


# What counts


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "transp:transparent",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ],
)
def test_what_is_free_or_cancelled_is_left_out(line):
    times = ["DTSTART:20191005T003000Z", "DTEND:20191005T010000Z"]
    assert busy(event(*times)) == ["05 08:30–09:00"]
    assert busy(event(*times, line)) == []


def test_a_tentative_entry_counts():
    assert busy(event("DTSTART:20191005T003000Z", "DURATION:PT30M", "STATUS:TENTATIVE")) != []


def test_the_newest_revision_of_an_entry_counts():
    old = event("SEQUENCE:1", "DTSTART:20191005T003000Z", "DURATION:PT30M")
    new = event("SEQUENCE:2", "DTSTART:20191006T003000Z", "DURATION:PT30M")
    assert busy(old, new) == busy(new, old) == ["06 08:30–09:00"]


def test_busy_times_of_a_free_busy_export_count():
    lines = [
        "BEGIN:VFREEBUSY",
        "FREEBUSY:20191005T003000Z/20191005T010000Z,20191006T003000Z/PT1H",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20191007T003000Z/PT1H",
        "FREEBUSY;FBTYPE=FREE:20191008T003000Z/PT1H",
        "END:VFREEBUSY",
        "",
    ]
    assert busy("\n".join(lines)) == ["05 08:30–09:00", "06 08:30–09:30", "07 08:30–09:30"]


def test_spans_that_overlap_or_touch_are_one():
    times = [
        ("0000", "0100"),
        ("0030", "0130"),
        ("0130", "0200"),
        ("0045", "0050"),
        ("0300", "0400"),
    ]
    events = [
        event(f"DTSTART:20191005T{first}00Z", f"DTEND:20191005T{last}00Z", uid=first)
        for first, last in times
    ]
    assert busy(*events) == ["05 08:00–10:00", "05 11:00–12:00"]


def test_several_calendars_in_one_file_count():
    one, other = (calendar(event(f"DTSTART:2019100{n}T003000Z", "DURATION:PT30M")) for n in (5, 6))
    assert complete(b"\xef\xbb\xbf" + one + other) == ["05 08:30–09:00", "06 08:30–09:00"]


def test_an_empty_calendar_leaves_one_free():
    assert busy() == []


def test_a_zone_of_one_file_means_nothing_in_the_next():
    assert "08 09:00–10:00" in busy(OUTLOOK)
    assert tzp.timezone("Customized Time Zone") is None
    with pytest.raises(CalendarRefused, match="unreadable"):
        busy(event("DTSTART;TZID=Customized Time Zone:20191008T030000", "DURATION:PT1H"))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    content = bytearray(calendar(data.draw(st.sampled_from([GOOGLE, OUTLOOK, APPLE]))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        new = data.draw(
            st.one_of(st.binary(max_size=6), st.text("0123456789TZ;:=,-P/", max_size=6))
        )
        content[at : at + data.draw(st.integers(0, 3))] = (
            new if isinstance(new, bytes) else new.encode()
        )
    try:
        answer = found(bytes(content), patience=0.1)
    except CalendarRefused:
        return
    spans = [[datetime.fromisoformat(moment) for moment in span] for span in answer["busy"]]
    assert spans == sorted(spans)
    assert all(BEGIN <= start < end <= END for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
