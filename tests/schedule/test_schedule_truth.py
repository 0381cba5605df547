"""What the solver proves, beside all schedules that a small edition allows; and the inputs on which
an earlier one was wrong. `bin/bench schedule --truth` looks at thousands.
"""

import datetime as dt
from dataclasses import replace

import pytest
from timetables import (
    DAY,
    ZONE,
    proposed,
    repaired,
    sitting,
    sittings,
    span,
    talks,
    timetable,
    value,
)
from truth import MODES, compared, edition, planned

from app.schedule.draft.timetable import PanelSeats, Sitting, Talk, Timetable
from app.schedule.draft.warnings import warnings_of
from app.schedule.solver.goals import Goal

AT_NINE = (sitting(1, hour=9), sitting(2, hour=9, room=2, panel=2))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(25))
def test_what_is_proven_is_true_of_all_schedules(seed, mode):
    table = edition(seed)
    found = compared(table, planned(table, mode), mode)
    assert (found.miscounted, found.too_high) == ((), ())
    assert found.is_best or not found.is_proven


@pytest.mark.parametrize("seed", [343, 891])
def test_how_many_slots_are_taken_may_depend_on_who_is_left_out(seed):
    """A long talk or a short one has to stay out, and the shares of days and rooms differ."""
    table = edition(seed)
    found = compared(table, planned(table, "whole"), "whole")
    assert (found.is_wrong, found.too_high) == (False, ())


def panels_of(*panels: PanelSeats) -> dict[int | None, PanelSeats]:
    return {panel.id: panel for panel in panels}


def half_past(number: int, hour: int, room: int) -> Sitting:
    starts = dt.datetime.combine(DAY, dt.time(hour, 30), ZONE)
    return Sitting(starts, starts + dt.timedelta(hours=1), number, room, room, DAY, 10 * room)


ELSEWHERE = panels_of(PanelSeats(1, (), (12,)), PanelSeats(2, (12,)))
"""12 is the alternate of panel 1 and the member of panel 2."""


def test_an_alternate_whose_own_panel_has_nothing_on_stays_where_they_are():
    plan = repaired(Timetable(AT_NINE, talks(1), ELSEWHERE, placed={1: 1}))
    assert (plan.placed, plan.is_proven) == ({1: 1}, True)


def test_a_wish_for_a_room_of_such_an_alternate_is_granted():
    plan = proposed(Timetable(AT_NINE, talks(1), ELSEWHERE, wishes={1: (1,)}))
    assert (plan.placed, plan.is_proven) == ({1: 1}, True)


def test_the_rest_keeps_its_quorum_where_the_member_of_another_panel_can_be_called():
    places = (sitting(3, hour=11), sitting(5, hour=9, room=2, panel=2))
    places = (*places, sitting(6, hour=11, room=2, panel=2))
    judges = panels_of(PanelSeats(1, (1,)), PanelSeats(2, (), (1,)))
    table = Timetable(places, (Talk(3, 3, frozenset({103})), Talk(4, 4, frozenset({104}))), judges)
    plan = proposed(replace(table, placed={3: 6}), pinned={3})
    assert (plan.placed, plan.is_proven) == ({3: 6, 4: 5}, True)


def test_an_alternate_of_two_panels_counts_for_the_second_while_the_first_rests():
    shared = panels_of(PanelSeats(1, (), (21,)), PanelSeats(2, (), (21,)))
    plan = proposed(Timetable(AT_NINE, talks(1), shared, wishes={1: (2,)}))
    assert (plan.placed, plan.is_proven) == ({1: 2}, True)


def test_an_alternate_who_presents_then_gives_no_quorum():
    places = (*AT_NINE, sitting(3, hour=10, room=2, panel=2))
    shown = (Talk(1, 1, frozenset({101})), Talk(2, 2, frozenset({9})))
    judges = panels_of(PanelSeats(1, (1, 2), (9,), 3), PanelSeats(2, (11,)))
    plan = proposed(Timetable(places, shown, judges, wishes={1: (1,), 2: (2,)}))
    assert [value(plan, Goal.WITHOUT_QUORUM), value(plan, Goal.WISHES, 2)] == [0, 1]
    assert plan.is_proven


def test_in_staggered_rooms_who_begins_first_calls_first():
    places = (sitting(6, hour=10), half_past(8, 9, 2), sitting(9, hour=13, room=2, panel=2))
    judges = panels_of(PanelSeats(1, (), (21,)), PanelSeats(2, (), (21, 22)))
    shown = (Talk(2, 2, frozenset({102})), Talk(5, 5, frozenset({105})))
    plan = proposed(Timetable(places, shown, judges, wishes={2: (6,), 5: (8,)}))
    assert (plan.placed, value(plan, Goal.WITHOUT_QUORUM)) == ({2: 6, 5: 9}, 0)
    assert plan.is_proven


@pytest.mark.parametrize("person", [1, 101], ids=["judge", "presenter"])
def test_what_was_declined_is_no_warning_where_the_talk_moves(person):
    table = timetable(2, judges=panels_of(PanelSeats(1, (1, 2, 3), (), 3)), placed={1: 1, 2: 2})
    plan = repaired(replace(table, declined=frozenset({(person, 1, 1)})))
    then = replace(table, placed=plan.placed, declined=frozenset({(person, 1, 1)}))
    assert not [each for each in warnings_of(then) if each.kind.is_grave]
    assert (value(plan, Goal.MOVED), plan.is_proven) == (1, True)


def test_more_alternates_than_needed_leave_the_later_room_its_own():
    """Three rooms at once share two alternates; only two of them can have a quorum."""
    places = tuple(sitting(n, room=n, panel=n) for n in (1, 2, 3))
    judges = panels_of(*(PanelSeats(n, (n,), (21, 22), 2) for n in (1, 2, 3)))
    plan = proposed(Timetable(places, talks(3), judges))
    assert (value(plan, Goal.WITHOUT_QUORUM), plan.is_proven) == (1, True)


def test_an_alternate_away_or_barred_is_not_counted_on():
    judges = panels_of(PanelSeats(1, (1,), (21,), 2))
    table = Timetable(sittings(), talks(2), judges, away={21: (span(0, 8, 10),)})
    plan = proposed(replace(table, barred=frozenset({(21, 1)})))
    assert (value(plan, Goal.WITHOUT_QUORUM), plan.is_proven) == (1, True)
    assert plan.placed[2] in {3, 4}
