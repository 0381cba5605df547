"""The published presentations of a day as a grid: rooms as columns, breaks as bands. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.editions.models import Edition
from app.editions.parts import Room
from app.programme.breaks import ShownBreak, with_breaks
from app.programme.models import Appearance
from app.programme.timegrid import TimeRow, lanes, time_rows

PresentationRow = TimeRow[tuple[Appearance, int], ShownBreak]


@dataclass(frozen=True)
class ProgrammeDay:
    """A day of the published schedule: the rooms in use, and its rows in time."""

    date: dt.date
    rooms: Sequence[Room | None]
    rows: Sequence[PresentationRow]


def programme_days(found: Sequence[Appearance], edition: Edition) -> list[ProgrammeDay]:
    """Return the days of presentations, which are in order of time."""
    days: dict[dt.date, list[Appearance]] = {}
    for appearance in found:
        days.setdefault(appearance.starts_at.astimezone(edition.zone).date(), []).append(appearance)
    return [_day(day, own, edition) for day, own in days.items()]


def _day(day: dt.date, found: Sequence[Appearance], edition: Edition) -> ProgrammeDay:
    rooms: list[Room | None] = [*edition.rooms, None]
    columns = [
        (room, lane)
        for room in rooms
        for lane in lanes(own for own in found if own.room_id == (room.id if room else None))
    ]
    pauses = [own for own in with_breaks(found, edition) if isinstance(own, ShownBreak)]
    rows = time_rows([lane for _, lane in columns], pauses, lambda own, rows: (own, rows))
    return ProgrammeDay(day, [room for room, _ in columns], rows)
