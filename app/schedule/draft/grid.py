"""Days of the draft as grids: rows in time, a column for each room, breaks as bands.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.editions.parts import Room
from app.programme.extracts import Extract
from app.programme.timegrid import TimeRow, lanes, time_rows
from app.schedule.draft.dayplans import BreakOnDay
from app.schedule.draft.timetable import Bench, Sitting, Timetable
from app.schedule.draft.warnings import ScheduleWarning, people_in

MOST_UNPLACED = 60  # finalists without a slot that are shown beside the grid


@dataclass(frozen=True)
class Cell:
    """A slot in the grid: the talk in it, and what is wrong there.

    It reaches over so many `rows`, and `continues` a talk that has begun in the slot before.
    `bench` is who would judge the talk in hand, None without one; `fits` says whether it is long
    enough for that, `is_possible` whether its presenters have time too.
    """

    sitting: Sitting
    talk_id: int | None
    continues: bool
    rows: int
    warnings: Sequence[ScheduleWarning]
    bench: Bench | None
    fits: bool
    is_possible: bool


@dataclass(frozen=True)
class DayGrid:
    """A day: its rooms, its lines, and the warnings that concern it as a whole."""

    day: date
    rooms: Sequence[Room | None]
    lines: Sequence[TimeRow[Cell, BreakOnDay]]
    warnings: Sequence[ScheduleWarning]


@dataclass(frozen=True)
class Grid:
    """Days of a draft, how many have no slot yet, and the first of those (ids)."""

    days: Sequence[DayGrid]
    without_slot: int
    unplaced: Sequence[int]

    @property
    def talks(self) -> set[int]:
        """All talks that are shown (ids)."""
        return {cell.talk_id for cell in self._cells if cell.talk_id}.union(self.unplaced)

    @property
    def people(self) -> set[int]:
        """The people whom the shown warnings are about (ids)."""
        found = [cell.warnings for cell in self._cells] + [shown.warnings for shown in self.days]
        return set().union(*(people_in(warnings) for warnings in found))

    @property
    def _cells(self) -> Iterator[Cell]:
        return (cell for shown in self.days for line in shown.lines for cell in line.cells if cell)


def grid_of(
    timetable: Timetable,
    shown: Extract,
    found: Iterable[ScheduleWarning],
    rooms: Sequence[Room],
    *,
    pauses: Sequence[BreakOnDay] = (),
    in_hand: int | None,
) -> Grid:
    """Return the grids of some days, or of some rooms of a day, with warnings where they belong."""
    by_sitting, of_day = defaultdict(list), defaultdict(list)
    for warning in found:
        for sitting_id in warning.sittings:
            by_sitting[sitting_id].append(warning)
        if warning.day is not None:
            of_day[warning.day].append(warning)
    talk = timetable.talk_of.get(in_hand or 0)

    def cell(sitting: Sitting, rows: int) -> Cell:
        talk_id = timetable.talk_in.get(sitting.id)
        return Cell(
            sitting,
            talk_id,
            talk_id is not None and timetable.placed[talk_id] != sitting.id,
            rows,
            by_sitting[sitting.id],
            timetable.bench_as_placed(talk, sitting) if talk else None,
            fits=talk is not None and timetable.fits(talk, sitting),
            is_possible=talk is not None and timetable.can_be_there(talk, sitting),
        )

    days = []
    for day in shown.days:
        columns = _columns(timetable, day, shown, rooms)
        lanes_of_day = [sittings for _, sittings in columns]
        lines = time_rows(lanes_of_day, _pauses_between(lanes_of_day, pauses), cell)
        days.append(DayGrid(day, [room for room, _ in columns], lines, of_day[day]))
    unplaced = _unplaced(timetable)
    return Grid(days, without_slot=len(unplaced), unplaced=unplaced[:MOST_UNPLACED])


def _columns(
    timetable: Timetable, day: date, shown: Extract, rooms: Sequence[Room]
) -> list[tuple[Room | None, list[Sitting]]]:
    """Return the rooms in use, each with its sittings; last, sittings that have lost their room."""
    of_room: dict[int, list[Sitting]] = defaultdict(list)
    for sitting in timetable.sittings_on.get(day, ()):
        if shown.holds(day, sitting.room_id):
            of_room[sitting.room_id].append(sitting)
    ordered: list[Room | None] = [*rooms, None]
    return [(room, lane) for room in ordered for lane in lanes(of_room[room.id if room else 0])]


def _pauses_between(
    columns: Sequence[Sequence[Sitting]], pauses: Sequence[BreakOnDay]
) -> list[BreakOnDay]:
    """Return the breaks of the day during which no slot of these columns lies."""
    sittings = [sitting for column in columns for sitting in column]
    if not sittings:
        return []
    first, last = min(each.starts_at for each in sittings), max(each.ends_at for each in sittings)
    return [
        pause
        for pause in pauses
        if first < pause.starts_at < last
        and not any(
            sitting.starts_at < pause.ends_at and pause.starts_at < sitting.ends_at
            for sitting in sittings
        )
    ]


def _unplaced(timetable: Timetable) -> list[int]:
    return [
        talk.id
        for talk in timetable.talks
        if timetable.placed.get(talk.id) not in timetable.sitting_of
    ]
