"""A day of the draft, or some rooms of it, as a grid: a row for each time, a column for each room.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.editions.parts import Room
from app.programme.extracts import Extract
from app.schedule.draft.slots import Times, lanes
from app.schedule.draft.timetable import Bench, Sitting, Timetable
from app.schedule.draft.warnings import ScheduleWarning, people_in

MOST_UNPLACED = 60  # finalists without a slot that are shown beside the grid


@dataclass(frozen=True)
class Cell:
    """A slot in the grid: the talk in it, and what is wrong there.

    It `continues` a talk that has begun in the slot before. `bench` is who would judge the talk in
    hand, None without one; `fits` says whether it is long enough for that, `is_possible` whether
    its presenters have time too.
    """

    sitting: Sitting
    talk_id: int | None
    continues: bool
    warnings: Sequence[ScheduleWarning]
    bench: Bench | None
    fits: bool
    is_possible: bool


@dataclass(frozen=True)
class GridLine:
    """The slots that begin at one moment, one for each room, or None if it has none then."""

    starts_at: datetime
    ends_at: datetime
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Grid:
    """A day: its rooms, its lines, how many have no slot yet, and the first of those (ids)."""

    rooms: Sequence[Room | None]
    lines: Sequence[GridLine]
    without_slot: int
    unplaced: Sequence[int]
    of_day: Sequence[ScheduleWarning]

    @property
    def talks(self) -> set[int]:
        """All talks that are shown (ids)."""
        return {cell.talk_id for cell in self._cells if cell.talk_id}.union(self.unplaced)

    @property
    def people(self) -> set[int]:
        """The people whom the shown warnings are about (ids)."""
        return people_in(self.of_day).union(*(people_in(cell.warnings) for cell in self._cells))

    @property
    def _cells(self) -> Iterator[Cell]:
        return (cell for line in self.lines for cell in line.cells if cell)


def grid_of(
    timetable: Timetable,
    shown: Extract,
    found: Iterable[ScheduleWarning],
    rooms: Sequence[Room],
    *,
    in_hand: int | None,
) -> Grid:
    """Return the grid of a day or of some of its rooms, with the warnings where they belong."""
    by_sitting, of_day = defaultdict(list), []
    for warning in found:
        for sitting_id in warning.sittings:
            by_sitting[sitting_id].append(warning)
        if warning.day is not None and warning.day == shown.day:
            of_day.append(warning)
    columns = _columns(timetable, shown, rooms)
    unplaced = _unplaced(timetable)
    in_column = [{sitting.starts_at: sitting for sitting in sittings} for _, sittings in columns]
    talk = timetable.talk_of.get(in_hand or 0)

    def cell(sitting: Sitting | None) -> Cell | None:
        if sitting is None:
            return None
        talk_id = timetable.talk_in.get(sitting.id)
        return Cell(
            sitting,
            talk_id,
            talk_id is not None and timetable.placed[talk_id] != sitting.id,
            by_sitting[sitting.id],
            timetable.bench_as_placed(talk, sitting) if talk else None,
            fits=talk is not None and timetable.fits(talk, sitting),
            is_possible=talk is not None and timetable.can_be_there(talk, sitting),
        )

    return Grid(
        rooms=[room for room, _ in columns],
        lines=[
            GridLine(start, end, [cell(column.get(start)) for column in in_column])
            for start, end in _times(columns)
        ],
        without_slot=len(unplaced),
        unplaced=unplaced[:MOST_UNPLACED],
        of_day=of_day,
    )


def _columns(
    timetable: Timetable, shown: Extract, rooms: Sequence[Room]
) -> list[tuple[Room | None, list[Sitting]]]:
    """Return the rooms in use, each with its sittings; last, sittings that have lost their room."""
    of_room: dict[int, list[Sitting]] = defaultdict(list)
    for sitting in timetable.sittings_on.get(shown.day, ()) if shown.day else ():
        if shown.holds(sitting.day, sitting.room_id):
            of_room[sitting.room_id].append(sitting)
    ordered: list[Room | None] = [*rooms, None]
    return [(room, lane) for room in ordered for lane in lanes(of_room[room.id if room else 0])]


def _times(columns: Iterable[tuple[Room | None, list[Sitting]]]) -> list[Times]:
    """Return when the lines begin and end; a line ends with the first of its sittings."""
    ends: dict[datetime, datetime] = {}
    for _, sittings in columns:
        for sitting in sittings:
            ends.setdefault(sitting.starts_at, sitting.ends_at)
    return sorted(ends.items())


def _unplaced(timetable: Timetable) -> list[int]:
    return [
        talk.id
        for talk in timetable.talks
        if timetable.placed.get(talk.id) not in timetable.sitting_of
    ]
