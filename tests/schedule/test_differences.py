"""What changes from one schedule to another."""

from dataclasses import replace
from datetime import UTC

import pytest
from timetables import moment

from app.programme.models import ChangeKind
from app.schedule.arranging.publishing import ScheduleDifference, Spot, differences

SPOT = Spot(moment(0, 9), moment(0, 10), "Aula", judges=(11, 12))
ELSEWHERE = replace(SPOT, location="Pendopo")


def starting(hour: int, *, day: int = 0) -> Spot:
    return replace(SPOT, starts_at=moment(day, hour), ends_at=moment(day, hour + 1))


def test_what_is_the_same_is_no_difference():
    assert differences({}, {}) == []
    assert differences({1: SPOT}, {1: replace(SPOT)}) == []


def test_the_same_moment_in_another_zone_is_no_difference():
    there = replace(
        SPOT, starts_at=SPOT.starts_at.astimezone(UTC), ends_at=SPOT.ends_at.astimezone(UTC)
    )
    assert differences({1: SPOT}, {1: there}) == []


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, SPOT, ChangeKind.NEW),
        (SPOT, None, ChangeKind.CANCELLED),
        (SPOT, starting(10), ChangeKind.MOVED),
        (SPOT, replace(SPOT, ends_at=moment(0, 11)), ChangeKind.MOVED),
        (SPOT, ELSEWHERE, ChangeKind.MOVED),
        (SPOT, replace(ELSEWHERE, judges=(13,)), ChangeKind.MOVED),
        (SPOT, replace(SPOT, judges=(11, 13)), ChangeKind.JUDGES),
        (SPOT, replace(SPOT, judges=()), ChangeKind.JUDGES),
    ],
)
def test_a_difference_is_of_one_kind(before, after, kind):
    old, new = ({1: spot} if spot else {} for spot in (before, after))
    [found] = differences(old, new)
    assert found == ScheduleDifference(1, before, after)
    assert found.kind is kind


def test_rule_7_only_what_differs_is_named():
    before = {1: SPOT, 2: starting(10), 3: starting(11)}
    after = {1: SPOT, 2: starting(12), 3: starting(11)}
    assert differences(before, after) == [ScheduleDifference(2, starting(10), starting(12))]


def test_differences_come_by_the_new_time_or_the_old_one_of_what_is_cancelled():
    before = {1: starting(8), 2: starting(10), 3: starting(9)}
    after = {1: starting(11), 3: replace(starting(9), judges=(13,)), 4: starting(8, day=1)}
    assert [each.proposal_id for each in differences(before, after)] == [3, 2, 1, 4]


def test_differences_at_one_time_come_by_the_number_of_the_proposal():
    spots = {number: replace(SPOT, location=f"Ruang {number}") for number in (30, 4, 17, 2)}
    assert [each.proposal_id for each in differences({}, spots)] == [2, 4, 17, 30]
    assert [each.proposal_id for each in differences(spots, {})] == [2, 4, 17, 30]


def test_two_spots_are_one_place_whoever_judges_there():
    assert SPOT.is_where(replace(SPOT, judges=()))
    assert not SPOT.is_where(ELSEWHERE)
    assert not SPOT.is_where(starting(10))
