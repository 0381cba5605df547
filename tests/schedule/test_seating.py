"""Who judges a talk in a sitting: who is recused, away or elsewhere, which alternates are called.

Talk 1 stands in sitting 1, at eight in the first room, before panel 1. Sitting 3 is at the same
time in the second room, before panel 2; sitting 2 is in the first room at nine, 4 in the second.
"""

import datetime as dt
from dataclasses import replace

import pytest
from timetables import DAY, moment, proposed, sitting, span, talks, value

from app.schedule.draft.timetable import Bench, PanelSeats, Sitting, Talk, Timetable
from app.schedule.draft.warnings import WarningKind, warnings_of
from app.schedule.solver.goals import Goal

FIRST = PanelSeats(1, (11, 12, 13), quorum=2)
SECOND = PanelSeats(2, (21, 22), quorum=1)
SITTINGS = (
    sitting(1),
    sitting(2, hour=9),
    sitting(3, room=2, panel=2),
    sitting(4, room=2, panel=2, hour=9),
)


def table(first: PanelSeats = FIRST, **rest) -> Timetable:
    facts = {"talks": talks(2), "panels": {1: first, 2: SECOND}, "placed": {1: 1}} | rest
    return Timetable(SITTINGS, **facts)


def bench(timetable: Timetable, *, talk: int = 1, at: int = 1) -> Bench:
    return timetable.bench_as_placed(timetable.talk_of[talk], timetable.sitting_of[at])


def presented_by(*people: frozenset[int]) -> tuple[Talk, ...]:
    return tuple(Talk(n, n, each) for n, each in enumerate(people, 1))


def test_all_members_judge_and_no_alternate_is_called_while_nothing_hinders_them():
    found = bench(table(replace(FIRST, alternates=(14,))))
    assert found == Bench(seated=(11, 12, 13), called=(), recused=(), missing=(), quorum=2)
    assert (found.judges, found.has_quorum) == ((11, 12, 13), True)


def test_rule_3_a_judge_with_a_conflict_is_recused_from_that_talk_alone():
    barred = table(barred=frozenset({(12, 1)}))
    assert bench(barred) == Bench((11, 13), (), recused=(12,), missing=(), quorum=2)
    assert bench(barred, talk=2, at=2) == Bench((11, 12, 13), (), (), (), 2)


def test_rule_3_a_judge_who_presents_the_talk_is_recused_wherever_it_stands():
    own = table(talks=presented_by(frozenset({101, 12}), frozenset({102})))
    assert bench(own) == Bench((11, 13), (), recused=(12,), missing=(), quorum=2)
    assert bench(own, at=2).recused == (12,)
    assert bench(replace(own, placed={1: 3})).recused == (12,)
    assert bench(own, talk=2, at=2).recused == ()


def test_rule_3_an_alternate_with_a_conflict_or_who_presents_the_talk_is_passed_over():
    short = table(
        replace(FIRST, alternates=(14, 15, 16)),
        talks=presented_by(frozenset({101, 15}), frozenset({102})),
        barred=frozenset({(11, 1), (12, 1), (14, 1)}),
    )
    assert bench(short) == Bench((13,), called=(16,), recused=(11, 12), missing=(), quorum=2)


def test_a_recused_judge_who_is_also_away_is_recused_only():
    both = table(barred=frozenset({(12, 1)}), away={12: (span(0, 8, 9),)})
    assert bench(both) == Bench((11, 13), (), recused=(12,), missing=(), quorum=2)


@pytest.mark.parametrize(
    ("quorum", "called", "has_quorum"),
    [
        (2, (), True),
        (3, (16,), True),
        (4, (16, 14), True),
        (5, (16, 14, 15), True),
        (6, (16, 14, 15), False),
    ],
)
def test_rule_7_alternates_are_called_in_their_order_until_there_is_quorum(
    quorum, called, has_quorum
):
    panel = PanelSeats(1, (11, 12, 13), (16, 14, 15), quorum=quorum)
    found = bench(table(panel, barred=frozenset({(11, 1)})))
    assert (found.seated, found.called) == ((12, 13), called)
    assert found.judges == tuple(sorted((12, 13, *called)))
    assert found.has_quorum is has_quorum


@pytest.mark.parametrize(
    ("placed", "called"),
    [
        ({1: 1, 2: 3}, (14,)),  # 22 sits before talk 2 then
        ({1: 1, 2: 4}, (22,)),  # only once talk 1 is over
        ({1: 1}, (22,)),  # before nothing
        ({1: 3}, (22,)),  # before talk 1 itself, which would leave
    ],
)
def test_rule_7_an_alternate_is_called_unless_their_own_panel_sits_before_another_talk(
    placed, called
):
    panel = PanelSeats(1, (11, 12, 13), (22, 14), quorum=3)
    assert bench(table(panel, placed=placed, barred=frozenset({(11, 1)}))).called == called


def test_who_is_bound_elsewhere_is_a_fact_given_to_the_bench():
    short = table(PanelSeats(1, (11, 12), (22, 14), quorum=2), placed={1: 1, 2: 3})
    place = short.talk_of[1], short.sitting_of[1]
    assert short.bench(*place) == Bench((11, 12), (), (), (), 2)
    assert short.bench(*place, elsewhere=[11]) == Bench((12,), (22,), (), missing=(11,), quorum=2)
    assert short.bench(*place, elsewhere=[11, 22]).called == (14,)


def test_rule_7_a_judge_who_presents_something_else_at_that_time_is_missing():
    presenting = table(
        PanelSeats(1, (11, 12, 13), (14, 15), quorum=3),
        talks=presented_by(frozenset({101}), frozenset({12, 14})),
        placed={1: 1, 2: 3},
    )
    assert bench(presenting) == Bench((11, 13), (15,), recused=(), missing=(12,), quorum=3)
    after = replace(presenting, placed={1: 1, 2: 4})
    assert bench(after) == Bench((11, 12, 13), (), (), (), 3)


def test_what_stands_in_the_sitting_asked_about_keeps_nobody_from_it():
    taken = table(talks=presented_by(frozenset({101}), frozenset({12})), placed={2: 1})
    assert bench(taken).seated == (11, 12, 13)


@pytest.mark.parametrize(
    ("begins", "ends", "missing"), [(7, 8, ()), (7, 9, (12,)), (8, 10, (12,)), (9, 10, ())]
)
def test_who_is_away_at_some_moment_of_the_sitting_is_missing(begins, ends, missing):
    away = table(away={12: (span(1, 8, 9), span(0, begins, ends))})
    assert bench(away).missing == missing
    assert bench(away).seated == tuple(each for each in FIRST.members if each not in missing)


def test_an_alternate_who_is_away_is_passed_over():
    short = table(PanelSeats(1, (11,), (14, 15), quorum=2), away={14: (span(0, 8, 9),)})
    assert bench(short) == Bench((11,), called=(15,), recused=(), missing=(), quorum=2)


def test_who_has_declined_is_missing_where_the_talk_stands_now_and_nowhere_else():
    panel = PanelSeats(1, (11, 12), (14, 15), quorum=2)
    declined = table(panel, declined=frozenset({(12, 1, 1), (14, 1, 1)}))
    assert bench(declined) == Bench((11,), called=(15,), recused=(), missing=(12,), quorum=2)
    assert bench(declined, at=2) == Bench((11, 12), (), (), (), 2)
    assert bench(declined, talk=2, at=1) == Bench((11, 12), (), (), (), 2)


def test_a_panel_has_quorum_from_the_number_of_judges_on_that_it_needs():
    assert Bench((11,), (14,), (), (), quorum=2).has_quorum
    assert not Bench((11,), (), (12,), (13,), quorum=2).has_quorum


def test_a_panel_is_appointed_once_it_has_anybody_even_if_nobody_of_them_can_come():
    assert not bench(table(PanelSeats(1, (), quorum=2))).is_appointed
    assert bench(table(PanelSeats(1, (11,)))).is_appointed
    assert bench(table(PanelSeats(1, (), (14,)))).is_appointed
    assert bench(table(PanelSeats(1, (11,)), barred=frozenset({(11, 1)}))).is_appointed
    assert bench(table(PanelSeats(1, (11,)), away={11: (span(0, 8, 9),)})).is_appointed


def test_where_no_panel_sits_the_whole_team_judges_and_is_recused_in_the_same_way():
    team = PanelSeats(None, (11, 12, 21, 22), quorum=3)
    whole = Timetable(
        (sitting(1, panel=None),), talks(1), {1: FIRST, None: team}, barred=frozenset({(21, 1)})
    )
    found = bench(whole)
    assert found == Bench((11, 12, 22), (), recused=(21,), missing=(), quorum=3)
    assert found.has_quorum


def test_only_talks_that_stand_in_a_sitting_have_a_bench():
    placed = table(placed={1: 1, 2: 99})
    assert placed.benches == {1: Bench((11, 12, 13), (), (), (), 2)}


SHARED = {1: PanelSeats(1, (11,), (14,), quorum=2), 2: PanelSeats(2, (21,), (14,), quorum=2)}


def test_rule_7_an_alternate_of_two_panels_is_called_into_one_room_at_a_time():
    at_once = (sitting(1), sitting(2, room=2, panel=2))
    both = Timetable(at_once, talks(2), SHARED, placed={1: 1, 2: 2})
    assert [both.benches[talk].called for talk in (1, 2)] == [(14,), ()]
    assert not both.benches[2].has_quorum
    assert [each.kind for each in warnings_of(both)] == [
        WarningKind.NO_QUORUM,
        WarningKind.ALTERNATE,
    ]
    alone = replace(both, placed={1: 1})
    assert alone.bench_as_placed(alone.talk_of[2], at_once[1]).called == ()
    assert alone.bench_as_placed(alone.talk_of[1], at_once[1]).called == (14,)


def test_rule_7_an_alternate_of_two_panels_is_called_to_either_where_they_sit_at_other_times():
    one_by_one = (sitting(1), sitting(2, room=2, panel=2, hour=9))
    both = Timetable(one_by_one, talks(2), SHARED, placed={1: 1, 2: 2})
    assert [both.benches[talk].called for talk in (1, 2)] == [(14,), (14,)]


def test_rule_7_the_solver_lets_an_alternate_of_two_panels_be_called_once_at_a_time():
    at_once = (sitting(1), sitting(2, room=2, panel=2), sitting(3, room=2, panel=2, hour=9))
    plan = proposed(Timetable(at_once, talks(2), SHARED, wishes={1: (1,), 2: (2,)}))
    assert sorted(plan.placed.values()) == [1, 3]
    assert (value(plan, Goal.WITHOUT_QUORUM), plan.is_proven) == (0, True)


def test_rule_7_an_alternate_is_called_to_what_begins_first_wherever_it_is_asked():
    """Sitting 1 begins at nine, sitting 2 at half past eight: both want 14."""
    early = Sitting(
        moment(0, 8) + dt.timedelta(minutes=30),
        moment(0, 9) + dt.timedelta(minutes=30),
        *(2, 2, 2, DAY, 2),
    )
    staggered = (sitting(1, hour=9), early)
    table = Timetable(staggered, talks(2), SHARED, placed={1: 1})
    second = table.talk_of[2]
    assert table.bench_as_placed(second, early).called == (14,)
    then = replace(table, placed={1: 1, 2: 2})
    assert [then.benches[talk].called for talk in (1, 2)] == [(), (14,)]
    assert table.costs_a_quorum(second, early)
    assert not replace(table, placed={}).costs_a_quorum(second, early)
    assert (
        replace(table, placed={2: 2}).bench_as_placed(table.talk_of[1], staggered[0]).called == ()
    )


@pytest.mark.parametrize("presenter", [11, 14], ids=["a member", "an alternate who is called"])
def test_who_judges_then_can_not_present_without_costing_a_quorum(presenter):
    at_once = (sitting(1), sitting(2, room=2, panel=2), sitting(3, room=2, panel=2, hour=9))
    shown = presented_by(frozenset({101}), frozenset({presenter}))
    table = Timetable(at_once, shown, SHARED, placed={1: 1})
    assert [table.costs_a_quorum(shown[1], at) for at in at_once] == [False, True, False]
