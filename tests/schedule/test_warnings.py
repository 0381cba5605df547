"""What is wrong with a schedule: each kind of warning alone, from a schedule without any."""

import datetime as dt
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import PanelSeats, Sitting, Span, Talk, Timetable
from app.schedule.draft.warnings import WarningKind, warnings_of

FIRST = datetime(2019, 10, 5, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)
DAY = dt.date(2019, 10, 5)


def sitting(number: int, *, room: int = 1, panel: int | None = 1, days: int = 0, at: int = 0):
    start = FIRST + at * HALF + timedelta(days=days)
    return Sitting(
        start, start + HALF, number, room, panel, DAY + timedelta(days=days), room + 10 * days
    )


def whole() -> Timetable:
    """Two rooms, two panels, two days, four talks: nothing to complain of."""
    return Timetable(
        sittings=(
            sitting(1),
            sitting(2, at=1),
            sitting(3, room=2, panel=2),
            sitting(4, days=1),
            sitting(5, days=1, room=2, panel=2),
            sitting(6, days=1, at=1),
        ),
        talks=tuple(Talk(n, 100 + n, frozenset({10 + n})) for n in range(1, 5)),
        panels={
            1: PanelSeats(1, (51, 52, 53), quorum=2),
            2: PanelSeats(2, (61, 62, 63), (64,), quorum=2),
        },
        placed={1: 1, 2: 3, 3: 4, 4: 5},
    )


def kinds(timetable: Timetable) -> list[WarningKind]:
    return [each.kind for each in warnings_of(timetable)]


def test_a_good_schedule_has_no_concern():
    assert warnings_of(whole()) == []


CHANGES = {
    WarningKind.PRESENTER_TWICE: {
        "talks": (
            Talk(1, 101, frozenset({11})),
            Talk(2, 102, frozenset({11, 12})),
            *whole().talks[2:],
        )
    },
    WarningKind.JUDGE_TWICE: {
        "panels": {**whole().panels, 2: PanelSeats(2, (51, 62, 63), quorum=2)}
    },
    WarningKind.PRESENTER_AWAY: {"away": {11: (Span(FIRST, FIRST + HALF / 2),)}},
    WarningKind.JUDGE_AWAY: {"away": {51: (Span(FIRST + HALF / 2, FIRST + HALF),)}},
    WarningKind.RECUSED: {"barred": frozenset({(51, 1)})},
    WarningKind.UNPLACED: {"placed": {1: 1, 2: 3, 3: 4}},
    WarningKind.EARLY: {
        "earliest": {DAY: FIRST - HALF},
        "talks": (Talk(1, 101, frozenset({11}), timedelta(hours=1)), *whole().talks[1:]),
    },
    WarningKind.UNBALANCED: {"placed": {1: 1, 2: 3, 3: 2}, "talks": whole().talks[:3]},
}


@pytest.mark.parametrize("kind", CHANGES)
def test_rule_7_each_concern_is_found_alone(kind):
    changed = replace(whole(), **CHANGES[kind])
    assert set(kinds(changed)) == {kind}


def test_who_declined_where_it_stands_is_away_but_not_after_a_move():
    declined = replace(whole(), declined=frozenset({(51, 1, 1), (12, 2, 3)}))
    assert kinds(declined) == [WarningKind.PRESENTER_AWAY, WarningKind.JUDGE_AWAY]
    assert declined.bench(declined.talk_of[1], declined.sitting_of[2]).missing == ()
    assert declined.can_be_there(declined.talk_of[2], declined.sitting_of[1])


def test_rule_7_too_few_judges_are_named_with_how_many_are_left():
    barred = replace(whole(), barred=frozenset({(51, 1), (52, 1)}))
    [lacking, recused] = warnings_of(barred)
    assert (lacking.kind, lacking.count, lacking.people) == (WarningKind.NO_QUORUM, 1, (51, 52))
    assert (recused.kind, recused.people) == (WarningKind.RECUSED, (51, 52))


def test_an_alternate_is_called_only_where_quorum_needs_one():
    one = replace(whole(), barred=frozenset({(61, 2)}))
    two = replace(whole(), barred=frozenset({(61, 2), (62, 2)}))
    assert kinds(one) == [WarningKind.RECUSED]
    assert kinds(two) == [WarningKind.ALTERNATE, WarningKind.RECUSED]
    assert two.bench(two.talk_of[2], two.sitting_of[3]).judges == (63, 64)


def test_agencies_stand_together_or_apart_as_the_edition_wishes():
    same = tuple(replace(each, agency_id=1) if each.id < 3 else each for each in whole().talks)
    beside = replace(whole(), talks=same, placed={1: 1, 2: 2, 3: 4, 4: 5})
    parted = replace(whole(), talks=same)
    assert WarningKind.NEIGHBOURS in kinds(replace(beside, order=AgencyOrder.APART))
    assert WarningKind.SCATTERED not in kinds(replace(beside, order=AgencyOrder.TOGETHER))
    assert kinds(replace(parted, order=AgencyOrder.TOGETHER)) == [WarningKind.SCATTERED]
    assert kinds(replace(parted, order=AgencyOrder.APART)) == []


def test_a_judge_who_leaves_the_room_again_and_again_is_named():
    sittings = tuple(sitting(n, at=n) for n in range(1, 10))
    talks = tuple(Talk(n, 100 + n, frozenset({10 + n})) for n in range(1, 10))
    every_other = frozenset((51, n) for n in (2, 4, 6, 8))
    table = replace(
        whole(),
        sittings=sittings,
        talks=talks,
        placed={n: n for n in range(1, 10)},
        barred=every_other,
    )
    [found] = [each for each in warnings_of(table) if each.kind is WarningKind.WALKOUTS]
    assert (found.people, found.count, found.day) == ((51,), 4, DAY)
    in_a_row = replace(table, barred=frozenset((51, n) for n in (2, 3, 4, 5)))
    assert WarningKind.WALKOUTS not in kinds(in_a_row)


def test_an_alternate_whose_own_panel_sits_is_not_called_into_another_room():
    panels = {**whole().panels, 2: PanelSeats(2, (61, 62), (51, 64), quorum=2)}
    barred = frozenset({(61, 2)})
    table = replace(whole(), panels=panels, barred=barred)
    assert table.bench_as_placed(table.talk_of[2], table.sitting_of[3]).judges == (62, 64)
    alone = replace(table, placed={2: 3})
    assert alone.bench_as_placed(alone.talk_of[2], alone.sitting_of[3]).judges == (51, 62)
