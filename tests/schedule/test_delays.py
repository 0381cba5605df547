"""What a delay does to one room's day, and which slots form a session."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timetables import sitting, span

from app.programme.timegrid import lanes
from app.schedule.draft.slots import Times, later, sessions_of

MIDNIGHT = datetime(2019, 10, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(time: str) -> datetime:
    hours, minutes = time.split(":")
    return MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))


def spans(text: str) -> list[Times]:
    """Read "08:00-08:30 08:30-09:00"."""
    pairs = (each.split("-") for each in text.split())
    return [(at(begin), at(end)) for begin, end in pairs]


def shifted(text: str, start: str, minutes: int) -> str:
    """What becomes of the spans, in the same words."""
    found = later(spans(text), at(start), minutes * MINUTE, BREAKS)
    return " ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in found)


BREAKS = spans("10:30-10:45 12:15-13:15")
DAY = "09:30-10:00 10:00-10:30 10:45-11:15 11:15-11:45 11:45-12:15 13:15-13:45"


def test_rule_7_what_would_run_into_a_break_begins_after_it_and_the_rest_follows():
    expected = "09:30-10:00 10:45-11:15 11:15-11:45 11:45-12:15 13:15-13:45 13:45-14:15"
    assert shifted(DAY, "10:00", 15) == expected


def test_what_begins_before_the_moment_stays():
    expected = "09:30-10:00 10:00-10:30 10:45-11:15 11:15-11:45 11:45-12:15 13:20-13:50"
    assert shifted(DAY, "11:46", 5) == expected
    assert shifted(DAY, "13:16", 5) == DAY


@pytest.mark.parametrize("minutes", [-5, -30, -240])
def test_nothing_comes_before_what_comes_before_it(minutes):
    assert shifted("09:00-09:30 09:30-10:00", "09:30", minutes) == "09:00-09:30 09:30-10:00"
    assert shifted("09:00-09:30 09:35-10:05", "09:35", minutes) == "09:00-09:30 09:30-10:00"


def test_what_is_brought_forward_begins_after_a_break_or_fits_before_it():
    assert shifted("10:55-11:25 11:30-12:00", "10:55", -20) == "10:45-11:15 11:15-11:45"
    assert shifted("10:55-11:25 11:30-12:00", "10:55", -55) == "10:00-10:30 10:45-11:15"


def test_each_keeps_its_length():
    expected = "09:15-09:35 09:35-10:05 10:45-11:45"
    assert shifted("09:00-09:20 09:20-09:50 09:50-10:50", "09:00", 15) == expected


def test_what_ends_as_a_break_begins_does_not_run_into_it():
    assert shifted("09:50-10:20", "09:50", 10) == "10:00-10:30"
    assert shifted("09:50-10:20", "09:50", 11) == "10:45-11:15"


def test_breaks_that_follow_each_other_are_all_kept():
    closed = spans("10:00-10:15 10:15-10:45 11:00-11:30")
    found = later(spans("09:30-10:00"), at("09:30"), MINUTE, closed)
    assert found == spans("11:30-12:00")


def test_an_empty_day_stays_empty():
    assert shifted("", "08:00", 15) == ""


@st.composite
def days(draw) -> tuple[list[Times], list[Times]]:
    """A day's spans and its breaks, in order; none overlaps another."""
    kinds: dict[bool, list[Times]] = {False: [], True: []}
    now = at("08:00")
    parts = st.tuples(st.sampled_from([0, 0, 5, 40]), st.integers(5, 90), st.booleans())
    for gap, length, is_break in draw(st.lists(parts, min_size=1, max_size=12)):
        begin = now + gap * MINUTE
        now = begin + length * MINUTE
        kinds[is_break].append((begin, now))
    return kinds[False], kinds[True]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(days(), st.integers(0, 12 * 60), st.integers(-240, 240).filter(bool))
def test_rule_7_no_delay_lets_anything_overlap_or_wait_longer_than_it_must(day, start, minutes):
    before, breaks = day
    moment, by = at("08:00") + start * MINUTE, minutes * MINUTE
    after = later(before, moment, by, breaks)
    assert [end - begin for begin, end in after] == [end - begin for begin, end in before]
    assert all(first[1] <= second[0] for first, second in pairwise(after))
    ends = {end for _, end in [*after, *breaks]}
    for (was, _), (begin, end) in zip(before, after, strict=True):
        if was < moment:
            assert begin == was
            continue
        assert all(end <= closed or begin >= opened for closed, opened in breaks)
        assert begin >= was + by
        assert begin == was + by or begin in ends
        assert begin <= was or minutes > 0


def test_slots_of_one_room_that_follow_each_other_form_a_session():
    stretches = [
        sitting(1),
        sitting(2, hour=9),
        sitting(3, hour=11),  # after a break
        sitting(4, room=2, hour=12),  # in another room
        sitting(5, room=2, hour=13),
        sitting(6, room=2, day=1, hour=13),
    ]
    assert sessions_of(stretches) == [0, 0, 1, 2, 2, 3]


def test_slots_without_a_room_form_sessions_too():
    first, second = (sitting(n, room=None, hour=7 + n, session=0) for n in (1, 2))
    assert sessions_of([first, second]) == [0, 0]
    assert sessions_of([first, sitting(3, hour=9)]) == [0, 1]


def test_without_slots_there_is_no_session():
    assert sessions_of([]) == []


def test_stretches_that_overlap_lie_in_rows_of_their_own():
    stretches = [span(0, 8, 9), span(0, 8, 10), span(0, 9, 10), span(0, 10, 11), span(1, 8, 9)]
    assert lanes(stretches) == [[stretches[0], *stretches[2:]], [stretches[1]]]
    assert lanes([]) == []
