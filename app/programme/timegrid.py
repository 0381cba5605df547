"""A day drawn true to time: rows from one moment at which something begins or ends to the next.

Pure.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from app.web.pictures import bounds_of, units


class TimeSpan(Protocol):
    """A stretch of time."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it ends."""


AnyTimed = TypeVar("AnyTimed", bound=TimeSpan)
AnyPause = TypeVar("AnyPause", bound=TimeSpan)
AnyCell = TypeVar("AnyCell")

UNIT = timedelta(minutes=5)
"""What the height of a row is measured in."""
HIGHEST_ROW = 24  # units: a longer row is drawn as high as this one


@dataclass(frozen=True)
class TimeRow(Generic[AnyCell, AnyPause]):
    """A stretch of a day in which nothing begins or ends.

    There is a cell for each column, None where nothing begins; `covered` are the columns (places)
    in which something has begun before. A row that is a `pause` has nothing else.
    """

    starts_at: datetime
    ends_at: datetime
    cells: Sequence[AnyCell | None]
    covered: frozenset[int] = frozenset()
    pause: AnyPause | None = None

    @property
    def units(self) -> int:
        """How many units of time it takes, at most the highest that is drawn."""
        return min(units(self.starts_at, self.ends_at, unit=UNIT), HIGHEST_ROW)

    @property
    def begins_anything(self) -> bool:
        """Whether something begins with it."""
        return self.pause is not None or any(self.cells)


def time_rows(
    columns: Sequence[Sequence[AnyTimed]],
    pauses: Sequence[AnyPause],
    cell: Callable[[AnyTimed, int], AnyCell],
) -> list[TimeRow[AnyCell, AnyPause]]:
    """Return the rows of a day; stretches in which there is nothing at all are left out.

    `cell` makes one of a stretch and of how many rows it reaches over. In no column may two
    stretches overlap: `lanes` parts those that do.
    """
    spans: list[TimeSpan] = [*(own for column in columns for own in column), *pauses]
    bounds = bounds_of((span.starts_at, span.ends_at) for span in spans)
    pause_at = {pause.starts_at: pause for pause in pauses}
    in_column = [{own.starts_at: own for own in column} for column in columns]
    row_of = {moment: row for row, moment in enumerate(bounds)}
    rows = []
    for start, end in pairwise(bounds):
        begun = [any(own.starts_at < start < own.ends_at for own in column) for column in columns]
        beginning = [column.get(start) for column in in_column]
        if start not in pause_at and not any(begun) and not any(beginning):
            continue
        cells = [
            cell(own, row_of[own.ends_at] - row_of[start]) if own is not None else None
            for own in beginning
        ]
        covered = frozenset(place for place, is_begun in enumerate(begun) if is_begun)
        rows.append(TimeRow(start, end, cells, covered, pause_at.get(start)))
    return rows


def lanes(stretches: Iterable[AnyTimed]) -> list[list[AnyTimed]]:
    """Split stretches of time into lanes in which none overlaps another, in the order of time.

    A room's slots form one lane; slots that have lost their rooms may overlap.
    """
    result: list[list[AnyTimed]] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch.starts_at):
        lane = next((lane for lane in result if lane[-1].ends_at <= stretch.starts_at), None)
        if lane is None:
            result.append([stretch])
        else:
            lane.append(stretch)
    return result
