"""Stages that overlap or stand in an unusual order are pointed out, and saved all the same."""

from datetime import UTC, datetime, timedelta

import pytest

from app.demo.moments import WINDOWS
from app.editions.kinds import Stage
from app.editions.sequence import unusual_orders
from tests.conftest import E

pytestmark = pytest.mark.field("empty 12")

START = datetime(2019, 9, 1, tzinfo=UTC)


def spans(**days: tuple[int, int]) -> dict[Stage, tuple[datetime, datetime]]:
    """Windows from one day of the month to another."""
    return {
        Stage(name): (START + timedelta(first), START + timedelta(last))
        for name, (first, last) in days.items()
    }


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (spans(), []),
        (spans(submission=(0, 9), screening=(9, 19), picking=(20, 25), scoring=(26, 28)), []),
        (spans(submission=(0, 9), screening=(8, 19), picking=(20, 25)), [Stage.SCREENING]),
        (spans(submission=(0, 9), screening=(9, 19), picking=(15, 25)), [Stage.PICKING]),
        (spans(picking=(20, 25), scoring=(18, 19)), [Stage.SCORING]),
        (spans(submission=(0, 9), scoring=(8, 19)), [Stage.SCORING]),
    ],
)
def test_what_overlaps_or_stands_in_another_order_is_named(given, named):
    assert [oddity.stage for oddity in unusual_orders(given)] == named


def test_the_windows_of_the_case_are_as_usual():
    assert unusual_orders(WINDOWS) == []


def test_picking_before_screening_ends_is_saved_and_pointed_out(make_app, browse):
    organiser, words = browse(make_app("draft"), "sekretariat"), "masih dibuka"
    assert words not in organiser.get(f"{E}/windows").text
    early = {"opens_at": "2019-09-26T08:00", "closes_at": "2019-10-03T16:00"}
    assert organiser.fill(f"{E}/windows", "/windows/picking", **early).status_code == 302
    for page in ("windows", "settings"):
        assert words in organiser.get(f"{E}/{page}").text


def test_scoring_before_picking_is_saved_and_pointed_out(make_app, browse):
    organiser = browse(make_app("draft"), "sekretariat")
    early = {"opens_at": "2019-09-20T08:00", "closes_at": "2019-09-21T16:00"}
    assert organiser.fill(f"{E}/windows", "/windows/scoring", **early).status_code == 302
    assert "dibuka sebelum" in organiser.get(f"{E}/windows").text
