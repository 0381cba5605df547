"""A day of the draft as a grid: what stands in which line and column, and what is wrong there."""

from dataclasses import replace
from datetime import timedelta

from timetables import DAY, moment, panels, sitting, span, talks

from app.editions.parts import Break, Room
from app.programme.extracts import Extract
from app.programme.timegrid import TimeRow
from app.schedule.draft.dayplans import BreakOnDay
from app.schedule.draft.grid import MOST_UNPLACED, Grid, grid_of
from app.schedule.draft.timetable import Bench, Timetable
from app.schedule.draft.warnings import ScheduleWarning, WarningKind

HALF = timedelta(minutes=30)
NEXT_DAY = DAY + timedelta(days=1)
ROOMS = [Room(id=number, name=f"Ruang {number}") for number in (2, 1, 3)]
SITTINGS = (
    sitting(4, room=2, panel=2, hour=10),
    sitting(2, hour=9),
    sitting(1),
    sitting(3, room=2, panel=2),
    sitting(5, room=3, panel=3, day=1),
)


def table(number_of_talks: int = 3, sittings=SITTINGS, **rest) -> Timetable:
    return Timetable(sittings, talks(number_of_talks), panels((11, 12), (21,), (31,)), **rest)


def grid(timetable: Timetable, shown=None, *, found=(), in_hand=None) -> Grid:
    return grid_of(timetable, shown or Extract((DAY,)), found, ROOMS, in_hand=in_hand)


def columns(shown: Grid) -> list[int | None]:
    [day] = shown.days
    return [room.id if room else None for room in day.rooms]


def rows(shown: Grid) -> list[list[int | None]]:
    """The ids of the sittings, line by line."""
    return [[cell.sitting.id if cell else None for cell in line.cells] for line in lines(shown)]


def lines(shown: Grid) -> list[TimeRow]:
    return [line for day in shown.days for line in day.lines]


def cells(shown: Grid) -> dict:
    return {cell.sitting.id: cell for line in lines(shown) for cell in line.cells if cell}


def test_lines_follow_the_time_and_columns_the_order_of_the_rooms():
    shown = grid(table())
    assert columns(shown) == [2, 1]
    assert rows(shown) == [[3, 1], [None, 2], [4, None]]
    assert [line.starts_at for line in lines(shown)] == [moment(0, hour) for hour in (8, 9, 10)]
    assert [line.ends_at for line in lines(shown)] == [moment(0, hour) for hour in (9, 10, 11)]


def test_a_room_has_a_column_only_on_a_day_on_which_it_sits():
    shown = grid(table(), Extract((NEXT_DAY,)))
    assert (columns(shown), rows(shown)) == ([3], [[5]])


def test_slots_without_a_room_stand_in_a_last_column_of_their_own():
    roomless = (*SITTINGS, sitting(6, room=0), sitting(7, room=0, hour=11))
    shown = grid(table(sittings=roomless))
    assert columns(shown) == [2, 1, None]
    assert rows(shown) == [[3, 1, 6], [None, 2, None], [4, None, None], [None, None, 7]]


def test_what_lost_its_rooms_stands_side_by_side_where_it_is_at_the_same_time():
    roomless = [sitting(number, room=0, hour=hour) for number, hour in ((6, 8), (7, 8), (8, 9))]
    shown = grid(table(sittings=(*SITTINGS, *roomless), placed={1: 6, 2: 7}))
    assert columns(shown) == [2, 1, None, None]
    assert rows(shown) == [[3, 1, 6, 7], [None, 2, 8, None], [4, None, None, None]]
    assert (shown.talks, shown.without_slot) == ({1, 2, 3}, 1)


def test_a_room_that_begins_later_has_its_cells_over_the_rows_of_the_others():
    staggered = [
        sitting(1, hour=8),
        sitting(2, hour=9),
        replace(
            sitting(3, room=2, panel=2), starts_at=moment(0, 8) + HALF, ends_at=moment(0, 9) + HALF
        ),
    ]
    shown = grid(table(sittings=tuple(staggered)))
    assert rows(shown) == [[None, 1], [3, None], [None, 2], [None, None]]
    assert [line.covered for line in lines(shown)] == [set(), {1}, {0}, {1}]
    assert {key: cell.rows for key, cell in cells(shown).items()} == {1: 2, 2: 2, 3: 2}
    assert [line.units for line in lines(shown)] == [6, 6, 6, 6]


def test_several_days_stand_beside_each_other():
    shown = grid(table(), Extract((DAY, NEXT_DAY)))
    assert [[room.id for room in day.rooms] for day in shown.days] == [[2, 1], [3]]
    assert sorted(cells(shown)) == [1, 2, 3, 4, 5]


def a_break(start: int, end: int) -> BreakOnDay:
    return BreakOnDay(moment(0, start), moment(0, end), Break(name="Istirahat"))


def test_a_break_is_a_band_where_no_slot_lies_and_only_between_slots():
    mornings = (sitting(1, hour=8), sitting(2, hour=10))
    pauses = [a_break(9, 10), a_break(10, 11), a_break(7, 8), a_break(11, 12)]
    shown = grid_of(
        table(sittings=mornings), Extract((DAY,)), (), ROOMS, pauses=pauses, in_hand=None
    )
    named = [line.pause.pause.name if line.pause else None for line in lines(shown)]
    assert named == [None, "Istirahat", None]
    assert [line.units for line in lines(shown)] == [12, 12, 12]


def test_a_long_stretch_of_nothing_is_left_out():
    shown = grid(table(sittings=(sitting(1, hour=8), sitting(2, hour=14))))
    assert rows(shown) == [[1], [2]]


def test_an_extract_shows_its_rooms_only():
    roomless = table(sittings=(*SITTINGS, sitting(6, room=0)))
    first = grid(roomless, Extract((DAY,), (1,)))
    rest = grid(roomless, Extract((DAY,), (2, None)))
    assert (columns(first), rows(first)) == ([1], [[1], [2]])
    assert (columns(rest), rows(rest)) == ([2, None], [[3, 6], [4, None]])


def test_an_empty_schedule_has_no_lines_but_who_waits_for_a_slot():
    shown = grid(table(2, ()), Extract())
    assert shown == Grid(days=[], without_slot=2, unplaced=[1, 2])


def test_each_cell_tells_what_stands_in_it():
    shown = grid(table(placed={1: 2, 3: 4, 2: 5}))
    assert [cells(shown)[key].talk_id for key in (1, 2, 3, 4)] == [None, 1, None, 3]
    assert shown.talks == {1, 3}


def test_who_stands_nowhere_or_in_a_slot_that_exists_no_more_has_no_slot():
    shown = grid(table(4, placed={1: 2, 2: 5, 3: 99}))
    assert (shown.without_slot, shown.unplaced) == (2, [3, 4])
    assert shown.talks == {1, 3, 4}


def test_only_the_first_without_a_slot_stand_beside_the_grid_but_all_are_counted():
    exactly = grid(table(MOST_UNPLACED + 1, placed={1: 1}))
    more = grid(table(MOST_UNPLACED + 9, placed={1: 1}))
    shown = list(range(2, MOST_UNPLACED + 2))
    assert (exactly.without_slot, exactly.unplaced) == (MOST_UNPLACED, shown)
    assert (more.without_slot, more.unplaced) == (MOST_UNPLACED + 8, shown)


def test_concerns_stand_in_their_slots_or_with_their_day():
    twice = ScheduleWarning(WarningKind.JUDGE_TWICE, talks=(1, 2), sittings=(1, 3), people=(11,))
    recused = ScheduleWarning(WarningKind.RECUSED, talks=(1,), sittings=(1,), people=(12,))
    other_day = ScheduleWarning(WarningKind.JUDGE_AWAY, talks=(3,), sittings=(5,), people=(31,))
    often = ScheduleWarning(WarningKind.WALKOUTS, people=(21,), day=DAY, count=4)
    often_next = ScheduleWarning(WarningKind.WALKOUTS, people=(22,), day=NEXT_DAY, count=4)
    lacking = ScheduleWarning(WarningKind.UNPLACED, talks=(3,))
    found = [twice, other_day, recused, often, often_next, lacking]
    shown = grid(table(), found=found)
    beside = {key: each.warnings for key, each in cells(shown).items()}
    assert beside == {1: [twice, recused], 2: [], 3: [twice], 4: []}
    assert shown.days[0].warnings == [often]
    assert shown.people == {11, 12, 21}
    following = grid(table(), Extract((NEXT_DAY,)), found=found)
    assert cells(following)[5].warnings == [other_day]
    assert (following.days[0].warnings, following.people) == ([often_next], {22, 31})


def test_while_nothing_is_in_hand_no_cell_says_how_it_would_be():
    for in_hand in (None, 99):
        found = cells(grid(table(placed={1: 1}), in_hand=in_hand)).values()
        assert {(each.bench, each.is_possible) for each in found} == {(None, False)}


def test_what_is_in_hand_shows_in_each_cell_who_would_judge_it_and_whether_it_can_be_there():
    away = {101: (span(0, 9, 10),)}
    shown = cells(grid(table(away=away, barred=frozenset({(12, 1)})), in_hand=1))
    assert {key for key, each in shown.items() if each.is_possible} == {1, 3, 4}
    assert shown[1].bench == Bench((11,), (), recused=(12,), missing=(), quorum=2)
    assert shown[4].bench == Bench((21,), (), recused=(), missing=(), quorum=2)


def test_the_bench_of_what_is_in_hand_sees_what_else_is_placed():
    presenting = replace(table(placed={2: 3}), panels=panels((11, 102), (21,)))
    shown = cells(grid(presenting, in_hand=1))
    assert (shown[1].bench.missing, shown[2].bench.missing) == ((102,), ())
