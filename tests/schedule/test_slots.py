"""Which slots the settings make."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

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
