"""Breaks between what is presented: on the public schedule, on the wall and the run sheet."""

import datetime as dt
import re
from datetime import datetime, timedelta

import pytest

from app import clock
from app.editions.models import Edition
from app.editions.parts import Break
from app.programme.breaks import ShownBreak, break_at, with_breaks
from app.programme.models import Appearance
from app.schedule.day.routes import _line
from tests.conftest import E

EDITION = Edition(
    timezone="Asia/Makassar",
    breaks=[
        Break(name="Rehat", starts_at=dt.time(10, 30), ends_at=dt.time(10, 45)),
        Break(name="Ishoma", starts_at=dt.time(12, 15), ends_at=dt.time(13, 15)),
    ],
)


def presented(*times: str) -> list[Appearance]:
    """What is presented at these times of the 5th, such as "08:30-09:00"."""
    spans = ([moment(time) for time in each.split("-")] for each in times)
    return [Appearance(starts_at=begin, ends_at=end) for begin, end in spans]


def moment(time: str) -> datetime:
    written = datetime.fromisoformat(f"2019-10-05T{time}")
    return written.replace(tzinfo=EDITION.zone).astimezone(dt.UTC)


def names(*times: str) -> list[str]:
    """What stands among these presentations, in order."""
    entries = with_breaks(presented(*times), EDITION)
    return [entry.named.name if isinstance(entry, ShownBreak) else "–" for entry in entries]


@pytest.mark.field("calendars F11")
@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["10:00-10:30", "10:45-11:15"], ["–", "Rehat", "–"]),
        (["10:00-10:30", "10:00-10:30", "13:15-13:45"], ["–", "–", "Rehat", "Ishoma", "–"]),
        (["09:30-10:00", "12:00-12:15"], ["–", "Rehat", "–"]),
        (["10:00-10:40", "10:45-11:15"], ["–", "–"]),
        (["10:00-10:30", "10:40-11:15"], ["–", "–"]),
        (["08:00-08:30"], ["–"]),
        (["10:45-11:15"], ["–"]),
        ([], []),
    ],
)
def test_a_break_stands_where_something_comes_before_and_after_it_and_nothing_within(
    times, expected
):
    assert names(*times) == expected


def test_a_break_lasts_until_just_before_its_end():
    at = [break_at(moment(time), EDITION) for time in ("10:29", "10:30", "10:44", "10:45")]
    assert [pause is not None for pause in at] == [False, True, True, False]


@pytest.mark.field("calendars F11")
def test_the_breaks_are_on_the_public_schedule_and_the_wall(make_app, browse):
    stranger = browse(make_app("scoring"))  # Saturday, 10.35
    schedule = stranger.get(f"{E}/schedule").text
    assert len(re.findall("Rehat pagi|Ishoma|Rehat sore", schedule)) == 6
    assert schedule.index("Rehat pagi") < schedule.index("10.30–10.45") < schedule.index("Ishoma")
    assert "Rehat pagi" in stranger.get(f"{E}/wall").text
    clock.shift(clock.now() - clock.real_now() + timedelta(minutes=15))
    assert "Rehat pagi" not in stranger.get(f"{E}/wall").text


@pytest.mark.field("calendars F11")
def test_a_break_is_a_line_of_the_run_sheet(make_app):
    with make_app().test_request_context():
        [_, pause, _] = with_breaks(presented("10:00-10:30", "10:45-11:15"), EDITION)
        assert _line(pause, {}, EDITION) == ["10.30–10.45", "Rehat", ""]
