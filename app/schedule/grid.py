"""A day of the draft, or some rooms of it, as a grid: a row for each time, a column for each room.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.editions.parts import Room
from app.schedule.concerns import Concern, people_in
from app.schedule.extracts import Extract
from app.schedule.timetable import Bench, Sitting, Timetable

MOST_UNPLACED = 60  # finalists without a slot that stand beside the grid


@dataclass(frozen=True)
class Cell:
    """A slot in the grid: what stands in it, and what is wrong there.

    `bench` is who would judge what is in hand, None while nothing is; `is_possible` tells whether
    its presenters have time.
    """

    sitting: Sitting
    talk_id: int | None
    concerns: Sequence[Concern]
    bench: Bench | None
    is_possible: bool


@dataclass(frozen=True)
class Line:
    """The slots that begin at one moment, one for each room or None where it has none then."""

    starts_at: datetime
    ends_at: datetime
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Grid:
    """A day: its rooms, its lines, how many have no slot yet, and the first of those (ids)."""

    rooms: Sequence[Room | None]
    lines: Sequence[Line]
    without_slot: int
    unplaced: Sequence[int]
    of_day: Sequence[Concern]

    @property
    def talks(self) -> set[int]:
        """Everything that is shown, by its id."""
        return {each.talk_id for each in self._cells if each.talk_id}.union(self.unplaced)

    @property
    def people(self) -> set[int]:
        """Whom the concerns are about that are shown (ids)."""
        return people_in(self.of_day).union(*(people_in(each.concerns) for each in self._cells))

    @property
    def _cells(self) -> Iterator[Cell]:
        return (cell for line in self.lines for cell in line.cells if cell)


def grid_of(
    timetable: Timetable,
    shown: Extract,
    found: Iterable[Concern],
    rooms: Sequence[Room],
    *,
    in_hand: int | None,
) -> Grid:
    """Return the grid of a day or of some of its rooms, with the concerns where they belong."""
    by_sitting, of_day = defaultdict(list), []
    for each in found:
        for sitting_id in each.sittings:
            by_sitting[sitting_id].append(each)
        if each.day is not None and each.day == shown.day:
            of_day.append(each)
    talk = timetable.talk_of.get(in_hand or 0)
    lines: dict[datetime, dict[int, Cell]] = {}
    for sitting in timetable.sittings_on.get(shown.day, ()) if shown.day else ():
        if not shown.holds(sitting.day, sitting.room_id):
            continue
        cell = Cell(
            sitting,
            timetable.talk_in.get(sitting.id),
            by_sitting[sitting.id],
            timetable.bench_as_placed(talk, sitting) if talk else None,
            is_possible=talk is not None and timetable.can_be_there(talk, sitting),
        )
        lines.setdefault(sitting.starts_at, {})[sitting.room_id] = cell
    used: list[Room | None] = [
        room for room in rooms if any(room.id in line for line in lines.values())
    ]
    if any(0 in line for line in lines.values()):
        used.append(None)  # whose room was taken away
    unplaced = _unplaced(timetable)
    return Grid(
        rooms=used,
        lines=[_line(line, used) for line in lines.values()],
        without_slot=len(unplaced),
        unplaced=unplaced[:MOST_UNPLACED],
        of_day=of_day,
    )


def _line(cells: Mapping[int, Cell], rooms: Sequence[Room | None]) -> Line:
    first = next(iter(cells.values())).sitting
    return Line(
        first.starts_at, first.ends_at, [cells.get(room.id if room else 0) for room in rooms]
    )


def _unplaced(timetable: Timetable) -> list[int]:
    return [
        each.id
        for each in timetable.talks
        if timetable.placed.get(each.id) not in timetable.sitting_of
    ]
