"""The checker of plans finds each kind of fault: the negative control of the solver's tests."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from checker import check, count, finished, violations, wrong_seats
from timetables import DAY, moment, open_panels, panels, sittings, span, talks, timetable

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import Talk
from app.schedule.solver.goals import Goal


def plan_of(placed, seats=None):
    return SimpleNamespace(placed=placed, seats=seats or {}, scores=())


@pytest.mark.parametrize(
    ("change", "placed", "violation"),
    [
        ({}, {1: 99}, "gone 99"),
        ({}, {77: 1}, "unknown 77"),
        ({}, {1: 1, 2: 1}, "double 1"),
        ({"away": {101: (span(0, 8, 9),)}}, {1: 1}, "away 101"),
        (
            {"talks": (Talk(1, 1, frozenset({5})), Talk(2, 2, frozenset({5})))},
            {1: 1, 2: 5},
            "twice 5",
        ),
        ({"talks": (Talk(1, 1, frozenset({1})), *talks(2)[1:])}, {1: 5, 2: 1}, "twice 1"),
        ({"panels": panels((1, 2), (2, 3))}, {1: 1, 2: 5}, "twice 2"),
    ],
)
def test_the_checker_finds_what_breaks_a_rule(change, placed, violation):
    good = timetable(2, sittings(rooms=2))
    assert violations(replace(good, placed={1: 1, 2: 5})) == []
    assert violation in violations(replace(good, **change, placed=placed))
    with pytest.raises(AssertionError):
        check(replace(good, **change), plan_of(placed))


def test_the_checker_finds_wrong_seats_pins_and_claims():
    table = timetable(2, sittings(rooms=2), open_panels(2, 1), free=(1, 2), placed={1: 1})
    assert wrong_seats(table, plan_of({}, {1: (1,)})) == []
    assert wrong_seats(table, plan_of({}, {1: (1, 2)})) == ["seats 1"]
    assert wrong_seats(table, plan_of({}, {1: (8,)})) == ["not free 8"]
    both = plan_of({1: 1, 2: 5}, {1: (1,), 2: (1,)})
    assert violations(finished(table, both)) == ["twice 1"]
    with pytest.raises(AssertionError):
        check(table, plan_of({1: 2}), pinned={1})
    claim = SimpleNamespace(goal=Goal.UNPLACED, rank=0, value=0, bound=0)
    with pytest.raises(AssertionError):
        check(table, SimpleNamespace(placed={}, seats={}, scores=(claim,)))


def test_the_checker_counts_each_goal():
    table = timetable(
        3,
        sittings(hours=5),
        placed={1: 1, 2: 3, 3: 4},
        wishes={1: (2, 1), 2: (5,)},
        barred=frozenset({(1, 3)}),
        away={1: (span(0, 8, 9),), 2: (span(0, 8, 9),)},
        earliest={DAY: moment(0, 9)},
    )
    table = replace(table, talks=tuple(replace(each, agency_id=7) for each in table.talks))
    assert count(table, "unplaced") == 0
    assert count(table, "without_quorum") == 1
    assert [count(table, "wishes", rank) for rank in (3, 2, 1)] == [
        0,
        2,
        0,
    ]  # 2 missed its only one
    assert count(table, "early") == 1
    assert count(table, "waiting") == 3
    assert count(table, "walkouts") == 1
    assert count(table, "neighbours") == 1
    assert count(replace(table, order=AgencyOrder.TOGETHER), "neighbours") == 1
    assert count(table, "moved", 0, {1: 1, 2: 2, 3: 99}) == 2
    assert count(table, "affected", 0, {1: 1, 2: 2, 3: 99}) == 8
    lopsided = replace(table, sittings=sittings(days=2, hours=4))
    assert count(lopsided, "unbalanced") == 2
