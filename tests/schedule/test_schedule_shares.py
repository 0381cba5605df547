"""How a computed schedule shares the work, and what it says of those it leaves out."""

import datetime as dt
from dataclasses import replace

from checker import check
from timetables import (
    DAY,
    go_on,
    open_panels,
    panels,
    proposed,
    sitting,
    sittings,
    span,
    stop,
    talks,
    timetable,
    value,
)

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import Timetable
from app.schedule.draft.warnings import WarningKind, warnings_of
from app.schedule.solver.bounds import least
from app.schedule.solver.goals import USUAL_ORDER, Goal
from app.schedule.solver.leftover import Remedy, left_out
from app.schedule.solver.model import SchedulingProblem
from app.schedule.solver.solve import complete
from app.schedule.solver.tradeoffs import tradeoffs

# Work is shared


def loads(plan, table: Timetable) -> dict[int, int]:
    """How many talks each room has."""
    counts = dict.fromkeys(sorted({each.room_id for each in table.sittings}), 0)
    for there in plan.placed.values():
        counts[table.sitting_of[there].room_id] += 1
    return counts


def test_rooms_get_their_share_of_the_day():
    table = timetable(16, sittings(days=2, rooms=2, hours=8))
    plan = proposed(table)
    assert loads(plan, table) == {1: 8, 2: 8}
    assert (value(plan, Goal.UNEVEN), value(plan, Goal.WAITING), plan.is_proven) == (0, 0, True)


def test_no_panel_has_nothing_to_judge():
    """Three talks, four rooms: as even as can be, one panel judges nothing."""
    table = timetable(3, sittings(rooms=3, hours=4), wishes={1: (1,), 2: (2,), 3: (3,)})
    idle_last = [goal for goal in USUAL_ORDER if goal not in {Goal.IDLE, Goal.UNEVEN}]
    plan = complete(table, pinned=(), listen=go_on, order=[*idle_last, Goal.IDLE])
    check(table, plan)
    assert value(plan, Goal.IDLE) == 2
    first = complete(table, pinned=(), listen=go_on, order=[Goal.IDLE, *idle_last])
    check(table, first)
    assert (value(first, Goal.IDLE), first.is_proven) == (0, True)


def test_no_judge_hears_more_a_day_than_agreed():
    table = timetable(6, sittings(days=2, rooms=2, hours=4), panels((1, 2, 3), (4, 5, 6)))
    table = replace(table, most_a_day=2, wishes={talk: (talk,) for talk in (1, 2, 3, 4)})
    plan = proposed(table)
    assert value(plan, Goal.OVERLOAD) == 0
    heard = [plan.placed[talk] for talk in plan.placed if plan.placed[talk] <= 4]
    assert len(heard) <= 2
    too_many = replace(table, sittings=sittings(days=1, rooms=2, hours=3))
    assert value(proposed(too_many), Goal.OVERLOAD) == 6  # one more for each of six judges


def test_a_panel_that_judges_nothing_gets_nobody_for_its_open_seats():
    table = timetable(2, sittings(rooms=2, hours=2), open_panels(2, 3), free=tuple(range(1, 7)))
    wishes = {1: (1,), 2: (2,)}
    plan = proposed(replace(table, wishes=wishes))
    assert {panel: len(people) for panel, people in plan.seats.items()} == {1: 3}


def test_the_edition_chooses_which_goal_comes_first():
    """Two wish for the first and last hour of four: somebody waits, or somebody gives up a wish."""
    table = timetable(2, wishes={1: (1,), 2: (4,)})
    assert value(proposed(table), Goal.WAITING) == 6
    order = [Goal.WAITING, *(goal for goal in USUAL_ORDER if goal is not Goal.WAITING)]
    plan = complete(table, pinned=(), listen=go_on, order=order)
    check(table, plan)
    assert (value(plan, Goal.WAITING), value(plan, Goal.WISHES, 2), plan.is_proven) == (0, 1, True)


def test_what_another_order_would_change_is_computed():
    table = timetable(2, wishes={1: (1,), 2: (4,)})

    def solve(order):
        return complete(table, pinned=(), listen=go_on, order=order)

    (found,) = tradeoffs(proposed(table), USUAL_ORDER, solve)
    assert found.goal is Goal.WAITING
    assert [(now.goal, now.value, then.value) for now, then in found.gains] == [("waiting", 6, 0)]
    assert [(now.goal, now.value, then.value) for now, then in found.costs] == [("wishes", 0, 1)]


# Who is left out


def test_who_is_left_out_is_told_who_needs_the_same_sittings():
    """Of 1, 2 and 3, who have time at two hours only, one is left out; 4 has time at any."""
    away = {100 + number: (span(0, 10, 12),) for number in (1, 2, 3)}
    table = timetable(4, places=sittings(hours=4), away=away)
    plan = proposed(table)
    (left,) = left_out(table, plan.placed)
    assert {*left.talks, *left.rivals} == {1, 2, 3}
    assert left.sittings == 2
    assert {remedy.person_id for remedy in left.remedies} == {101, 102, 103}
    assert {remedy.span for remedy in left.remedies} == {span(0, 10, 12)}


def test_those_who_are_left_out_of_the_same_sittings_are_told_together():
    away = {100 + number: (span(0, 9, 12),) for number in (1, 2, 3)}
    table = timetable(3, places=sittings(rooms=1, hours=4), away=away)
    (left,) = left_out(table, proposed(table).placed)
    assert (len(left.talks), len(left.rivals), left.sittings) == (2, 1, 1)


def test_a_break_is_named_where_a_slot_in_it_would_let_one_more_in():
    """Both have time from eight to ten only; the room rests from nine to ten."""
    places = (sitting(1), sitting(2, hour=10), sitting(3, hour=11))
    away = {person: (span(0, 10, 12),) for person in (101, 102)}
    table = timetable(2, places=places, away=away)
    (left,) = left_out(table, proposed(table).placed)
    assert Remedy(span(0, 9, 10), room_id=1) in left.remedies


def test_what_would_let_nobody_in_is_no_remedy():
    """Who presents both talks would have to be in two rooms, whatever is given up."""
    shown = tuple(replace(each, presenters=frozenset({100})) for each in talks(2))
    table = timetable(talks=shown, places=sittings(rooms=2, hours=1), away={100: (span(0, 9, 12),)})
    (left,) = left_out(table, proposed(table).placed)
    assert (left.sittings, left.remedies) == (None, ())


def test_who_has_no_time_at_all_is_told_so_and_who_presents_twice_not():
    away = {101: (span(0, 0, 23),)}
    (never,) = left_out(timetable(1, away=away), {})
    assert (never.talks, never.rivals, never.sittings) == ((1,), (), 0)
    assert never.remedies == (Remedy(span(0, 0, 23), person_id=101),)
    shown = tuple(replace(each, presenters=frozenset({100})) for each in talks(2))
    twice = timetable(talks=shown, places=sittings(rooms=2, hours=1))
    plan = proposed(twice)
    assert [left.sittings for left in left_out(twice, plan.placed)] == [None]


def test_stopped_at_once_the_seats_that_a_quorum_needs_are_found():
    """One by one, the first panel would take those whom the second can't do without."""
    places = tuple(sitting(n, room=n, panel=n) for n in (1, 2))
    barred = frozenset({(judge, 2) for judge in (3, 4)})
    table = timetable(2, places, open_panels(2, 2), free=(1, 2, 3, 4), barred=barred)
    plan = proposed(replace(table, placed={1: 1, 2: 2}), pinned=(1, 2), listen=stop)
    assert plan.seats == {1: (3, 4), 2: (1, 2)}
    assert value(plan, Goal.WITHOUT_QUORUM) == 0


def test_the_neighbours_that_an_agency_must_lack_are_counted():
    """Five talks of one agency, sessions of four and two: at least one doesn't follow another."""
    places = (*sittings(hours=4), sitting(5, day=1), sitting(6, day=1, hour=9))
    shown = tuple(replace(each, agency_id=1) for each in talks(5))
    table = timetable(talks=shown, places=places, order=AgencyOrder.TOGETHER)
    assert least((Goal.NEIGHBOURS, 0), SchedulingProblem(table), {}) == 1
    assert value(proposed(table), Goal.NEIGHBOURS) == 1


def test_the_wishes_that_can_not_all_be_granted_are_counted():
    """Three want the first sitting; two of them would take the second, one names no other."""
    table = timetable(3, sittings(hours=4), wishes={1: (1, 2), 2: (1, 2), 3: (1,)})
    problem = SchedulingProblem(table)
    assert least((Goal.WISHES, 3), problem, {(Goal.WISHES, 3): 0, (Goal.WISHES, 2): 2}) == 0
    assert least((Goal.WISHES, 2), problem, {(Goal.WISHES, 3): 0, (Goal.WISHES, 2): 2}) == 2
    assert least((Goal.WISHES, 2), problem, {(Goal.WISHES, 3): 1, (Goal.WISHES, 2): 1}) == 1
    plan = proposed(table)
    assert [(score.rank, score.value) for score in plan.scores if score.rank] == [(3, 0), (2, 2)]


def test_those_who_can_not_but_leave_home_early_are_counted():
    """One sitting of four is late enough for three who live far away."""
    far = tuple(replace(each, travel=dt.timedelta(hours=4)) for each in talks(3))
    starts = sorted(each.starts_at for each in sittings(hours=4))
    table = timetable(talks=far, places=sittings(hours=4))
    table = replace(table, earliest={DAY: starts[-1] - dt.timedelta(hours=4)})
    problem = SchedulingProblem(table)
    assert least((Goal.EARLY, 0), problem, {(Goal.UNPLACED, 0): 0}) == 2
    assert least((Goal.EARLY, 0), problem, {(Goal.UNPLACED, 0): 1}) == 1
    assert value(proposed(table), Goal.EARLY) == 2


# Warnings of what is shared


def test_a_judge_who_hears_more_on_a_day_than_agreed_is_named():
    table = timetable(3, sittings(hours=4), placed={1: 1, 2: 2, 3: 3}, most_a_day=2)
    found = [each for each in warnings_of(table) if each.kind is WarningKind.OVERLOADED]
    assert [(each.people, each.day, each.count) for each in found] == [
        ((judge,), DAY, 3) for judge in (1, 2, 3)
    ]
    calm = replace(table, most_a_day=3)
    assert not any(each.kind is WarningKind.OVERLOADED for each in warnings_of(calm))


def test_a_panel_with_nothing_to_judge_is_named_once_anything_is_placed():
    table = timetable(1, sittings(rooms=2, hours=2), placed={1: 1})
    (idle,) = [each for each in warnings_of(table) if each.kind is WarningKind.IDLE]
    assert idle.people == (11, 12, 13)
    empty = replace(table, placed={})
    assert not any(each.kind is WarningKind.IDLE for each in warnings_of(empty))
