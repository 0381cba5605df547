"""Which slots the settings make."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from app.schedule.draft.slots import slot_times

WITA = ZoneInfo("Asia/Makassar")


def day(number: int, start: str = "08:30", end: str = "17:00") -> SimpleNamespace:
    return SimpleNamespace(
        date=dt.date(2019, 10, number),
        starts_at=dt.time.fromisoformat(start),
        ends_at=dt.time.fromisoformat(end),
    )


def pause(start: str, end: str) -> SimpleNamespace:
    return SimpleNamespace(
        starts_at=dt.time.fromisoformat(start), ends_at=dt.time.fromisoformat(end)
    )


PAUSES = [pause("12:15", "13:15"), pause("10:30", "10:45"), pause("15:15", "15:30")]


def local(times) -> list[str]:
    return [start.astimezone(WITA).strftime("%d %H:%M") for start, _ in times]


def test_two_days_of_the_default_template_hold_twenty_eight_presentations():
    times = slot_times([day(6), day(5)], PAUSES, 30, WITA)
    assert len(times) == 28
    morning = "08:30 09:00 09:30 10:00 10:45 11:15 11:45 13:15"
    assert local(times)[:8] == [f"05 {start}" for start in morning.split()]


def test_no_slot_runs_into_a_break_or_past_the_day():
    for length in (5, 25, 40, 50, 95):
        for start, end in slot_times([day(5)], PAUSES, length, WITA):
            begin, finish = start.astimezone(WITA).time(), end.astimezone(WITA).time()
            assert finish <= dt.time(17)
            assert all(finish <= p.starts_at or begin >= p.ends_at for p in PAUSES)


def test_a_day_shorter_than_a_slot_has_none():
    assert slot_times([day(5, "08:00", "08:20")], [], 30, WITA) == []


BERLIN = ZoneInfo("Europe/Berlin")
FORWARD, BACK = dt.date(2027, 3, 28), dt.date(2027, 10, 31)  # at two, at three


def night(date: dt.date, start: str, end: str) -> SimpleNamespace:
    return SimpleNamespace(
        date=date, starts_at=dt.time.fromisoformat(start), ends_at=dt.time.fromisoformat(end)
    )


def in_berlin(times) -> list[str]:
    return [start.astimezone(BERLIN).strftime("%H:%M%z") for start, _ in times]


@pytest.mark.field("calendars F11")
def test_an_hour_that_clocks_skip_has_no_slot():
    times = slot_times([night(FORWARD, "01:00", "04:00")], [], 30, BERLIN)
    assert in_berlin(times) == ["01:00+0100", "01:30+0100", "03:00+0200", "03:30+0200"]


@pytest.mark.field("calendars F11")
def test_an_hour_that_clocks_repeat_has_its_slots_twice():
    times = slot_times([night(BACK, "01:30", "03:30")], [], 30, BERLIN)
    twice = ["02:00+0200", "02:30+0200", "02:00+0100", "02:30+0100"]
    assert in_berlin(times) == ["01:30+0200", *twice, "03:00+0100"]
    assert all(end - start == dt.timedelta(minutes=30) for start, end in times)


@pytest.mark.field("calendars F11")
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("02:30", "04:00", ["03:00+0200", "03:30+0200"]),
        ("01:00", "02:30", ["01:00+0100", "01:30+0100"]),
        ("02:10", "02:50", []),
    ],
)
def test_a_day_that_starts_or_ends_in_a_skipped_hour_does_so_at_the_change(start, end, expected):
    assert in_berlin(slot_times([night(FORWARD, start, end)], [], 30, BERLIN)) == expected


@pytest.mark.field("calendars F11")
def test_a_break_in_a_skipped_hour_is_none_and_one_in_a_repeated_hour_lasts_through_both():
    skipped = slot_times([night(FORWARD, "01:45", "04:00")], [pause("02:10", "02:50")], 30, BERLIN)
    assert in_berlin(skipped) == ["01:45+0100", "03:15+0200"]
    repeated = slot_times([night(BACK, "01:30", "04:00")], [pause("02:00", "02:30")], 30, BERLIN)
    assert in_berlin(repeated) == [
        *("01:30+0200", "02:30+0100", "03:00+0100", "03:30+0100"),
    ]


@pytest.mark.field("calendars F11")
def test_a_day_in_any_zone_is_as_long_as_its_clocks_say():
    for name in ("Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns", "Asia/Kathmandu"):
        zone = ZoneInfo(name)
        for number in range(365):
            date = dt.date(2027, 1, 1) + dt.timedelta(days=number)
            times = slot_times([night(date, "00:00", "12:00")], [], 30, zone)
            begin = dt.datetime.combine(date, dt.time(), tzinfo=zone).astimezone(dt.UTC)
            end = dt.datetime.combine(date, dt.time(12), tzinfo=zone).astimezone(dt.UTC)
            assert len(times) == (end - begin) // dt.timedelta(minutes=30)
