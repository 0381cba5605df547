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

MOST_UNPLACED = 60  # finalists without a slot that stand beside the grid


@dataclass(frozen=True)
class Cell:
    """A slot in the grid: what stands in it, and what is wrong there.

    `bench` is who would judge what is in hand, None while nothing is; `is_possible` tells whether
    its presenters have time.
    """

    sitting: Sitting
    talk_id: int | None
    warnings: Sequence[ScheduleWarning]
    bench: Bench | None
    is_possible: bool


@dataclass(frozen=True)
class GridLine:
    """The slots that begin at one moment, one for each room or None where it has none then."""

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
        """Everything that is shown, by its id."""
        return {each.talk_id for each in self._cells if each.talk_id}.union(self.unplaced)

    @property
    def people(self) -> set[int]:
        """Whom the warnings are about that are shown (ids)."""
        return people_in(self.of_day).union(*(people_in(each.warnings) for each in self._cells))

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
    for each in found:
        for sitting_id in each.sittings:
            by_sitting[sitting_id].append(each)
        if each.day is not None and each.day == shown.day:
            of_day.append(each)
    columns = _columns(timetable, shown, rooms)
    unplaced = _unplaced(timetable)
    in_column = [{each.starts_at: each for each in row} for _, row in columns]
    talk = timetable.talk_of.get(in_hand or 0)

    def cell(sitting: Sitting | None) -> Cell | None:
        if sitting is None:
            return None
        return Cell(
            sitting,
            timetable.talk_in.get(sitting.id),
            by_sitting[sitting.id],
            timetable.bench_as_placed(talk, sitting) if talk else None,
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
    """Return the rooms that sit, each with its sittings; last, what has lost its room."""
    of_room: dict[int, list[Sitting]] = defaultdict(list)
    for each in timetable.sittings_on.get(shown.day, ()) if shown.day else ():
        if shown.holds(each.day, each.room_id):
            of_room[each.room_id].append(each)
    ordered: list[Room | None] = [*rooms, None]
    return [(room, row) for room in ordered for row in lanes(of_room[room.id if room else 0])]


def _times(columns: Iterable[tuple[Room | None, list[Sitting]]]) -> list[Times]:
    """Return when the lines begin and end; a line ends with the first of its sittings."""
    ends: dict[datetime, datetime] = {}
    for _, row in columns:
        for each in row:
            ends.setdefault(each.starts_at, each.ends_at)
    return sorted(ends.items())


def _unplaced(timetable: Timetable) -> list[int]:
    return [
        each.id
        for each in timetable.talks
        if timetable.placed.get(each.id) not in timetable.sitting_of
    ]
