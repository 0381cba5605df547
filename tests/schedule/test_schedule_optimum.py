"""The solver in small timetables, beside all schedules there are: none is better."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from checker import count, violations
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timetables import DAY, moment, panels, proposed, repaired, sittings, span

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import Sitting, Talk, Timetable
from app.schedule.solver import solve as solver


@st.composite
def tables(draw) -> Timetable:
    """Small timetables: one room or two, and perhaps a sitting that overlaps two others."""
    rooms, hours = draw(st.sampled_from([(2, 2), (1, 4)]))
    places = sittings(rooms=rooms, hours=hours)
    if draw(st.booleans()):
        odd = Sitting(
            moment(0, 8) + dt.timedelta(minutes=30),
            moment(0, 9) + dt.timedelta(minutes=30),
            *(9, 3, 2, DAY, 77),
        )
        places = (*places, odd)
    people = st.frozensets(st.sampled_from([1, 11, 101, 102, 103]), min_size=1, max_size=2)
    shown = tuple(Talk(n, n % 2, draw(people)) for n in range(1, draw(st.integers(2, 4))))
    ids = [each.id for each in places]
    judges = st.lists(st.sampled_from([1, 2, 11]), min_size=1, max_size=3, unique=True)
    judges = panels(tuple(draw(judges)), tuple(draw(judges)), quorum=draw(st.integers(1, 2)))
    times = st.sampled_from([span(0, 8, 9), span(0, 9, 10)])
    wishes = st.lists(st.sampled_from(ids), max_size=2, unique=True).map(tuple)
    return Timetable(
        places,
        shown,
        judges,
        placed=draw(positions(shown, [*ids, 99])),
        barred=draw(st.frozensets(st.tuples(st.sampled_from([1, 2]), st.integers(1, 3)))),
        away=draw(st.dictionaries(st.sampled_from([1, 2, 101, 102]), times.map(lambda t: (t,)))),
        wishes={each.id: draw(wishes) for each in shown},
        order=draw(st.sampled_from(AgencyOrder)),
    )


def positions(shown, ids):
    return st.permutations(ids).map(
        lambda order: dict(zip([each.id for each in shown[:2]], order, strict=False))
    )


def every_schedule(table: Timetable):
    ways = [[None, *(each.id for each in table.sittings)] for _ in table.talks]
    for places in itertools.product(*ways):
        pairs = zip(table.talks, places, strict=True)
        found = {talk.id: place for talk, place in pairs if place is not None}
        if not violations(replace(table, placed=found)):
            yield replace(table, placed=found)


def ladder(table: Timetable, scores, was) -> list[int]:
    return [count(table, each.goal, each.rank, was) for each in scores]


@pytest.mark.parametrize("size", [10_000, 0])
@settings(max_examples=40, deadline=None)
@given(table=tables())
def test_no_schedule_is_better_than_the_one_proposed(size, table):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "MOST_PAIRS", size)
        plan = proposed(table)
    assert_best(table, plan, {}, is_whole=size > 0)


@pytest.mark.parametrize("size", [10_000, 0])
@settings(max_examples=40, deadline=None)
@given(table=tables())
def test_no_repair_is_better(size, table):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "MOST_PAIRS", size)
        plan = repaired(table)
    assert_best(table, plan, table.placed, is_whole=size > 0)


@settings(max_examples=40, deadline=None)
@given(table=tables())
def test_no_completion_is_better(table):
    pinned = [talk for talk, place in table.placed.items() if place != 99]
    kept = {talk: table.placed[talk] for talk in pinned}
    assume(not violations(replace(table, placed=kept)))
    plan = proposed(table, pinned=pinned)
    assert_best(table, plan, {}, is_whole=True, kept=kept)


def assert_best(table: Timetable, plan, was, *, is_whole: bool, kept=None) -> None:
    """Compare with all schedules: what is proven is best, and no bound claims too much."""
    found = [
        ladder(each, plan.scores, was)
        for each in every_schedule(table)
        if (kept or {}).items() <= each.placed.items()
    ]
    values = [each.value for each in plan.scores]
    for number, score in enumerate(plan.scores):
        as_good = [each for each in found if _is_as_good(each, values, number)]
        assert score.bound <= min(each[number] for each in as_good)
    if is_whole:
        assert values == min(found)
        assert plan.is_proven


def _is_as_good(one: list[int], other: list[int], places: int) -> bool:
    return one[0] == other[0] and all(a <= b for a, b in zip(one[:places], other, strict=False))


@settings(max_examples=25, deadline=None)
@given(table=tables())
def test_the_seats_keep_every_rule(table):
    judges = {key: replace(each, seats=2) for key, each in table.panels.items()}
    used = {judge for each in judges.values() for judge in each.members}
    free = tuple(each for each in (1, 2, 11, 12, 101) if each not in used)
    proposed(replace(table, panels=judges, free=free))
