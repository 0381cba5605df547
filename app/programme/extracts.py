"""What one page shows of a schedule: whole days, or some rooms of a day that is too long. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

MOST_SLOTS = 64

RoomDay = tuple[date, int | None]
"""A day, and the id of a room on it; None for what has no room."""


@dataclass(frozen=True)
class Extract:
    """Successive days with all their rooms, or one day with these rooms (ids)."""

    days: tuple[date, ...] = ()
    rooms: tuple[int | None, ...] | None = None

    @property
    def day(self) -> date | None:
        """The first day, None for an empty schedule."""
        return self.days[0] if self.days else None

    @property
    def room(self) -> int | None:
        """The first of its rooms (0 stands for none), None if it shows all."""
        return None if self.rooms is None else self.rooms[0] or 0

    def holds(self, day: date | None, room: int | None) -> bool:
        """Return whether it shows the day, and the room (0 stands for none) if one is given."""
        shows_room = self.rooms is None or room is None or (room or None) in self.rooms
        return day in self.days and shows_room


def extracts_of(
    places: Iterable[RoomDay], *, most: int = MOST_SLOTS, joins_days: bool = True
) -> list[Extract]:
    """Return the pages of a schedule, each of at most `most` slots; `places` are in its order.

    Days share a page if they fit on it and `joins_days` is set. Only a day that is too long by
    itself is split, by its rooms; a room's day stays on one page.
    """
    extracts: list[Extract] = []
    filled = most
    for day, of_day in groupby(places, key=lambda place: place[0]):
        rooms = [room for _, room in of_day]
        fits = len(rooms) <= most
        if joins_days and fits and filled + len(rooms) <= most:
            extracts[-1] = Extract((*extracts[-1].days, day))
        else:
            extracts += [Extract((day,))] if fits else _parted(day, rooms, most)
            filled = 0 if fits else most
        filled += len(rooms)
    return extracts


def extract_with(extracts: Sequence[Extract], day: date | None, room: int | None = None) -> Extract:
    """Return the page that holds the day and the room, else that of the day, else the first."""
    for asked in ((day, room), (day, None)):
        for extract in extracts:
            if extract.holds(*asked):
                return extract
    return extracts[0] if extracts else Extract()


def _parted(day: date, rooms: Sequence[int | None], most: int) -> list[Extract]:
    parts: list[tuple[int | None, ...]] = []
    filled = most
    for room in dict.fromkeys(rooms):
        count = rooms.count(room)
        if filled + count > most:
            parts.append(())
            filled = 0
        parts[-1] = (*parts[-1], room)
        filled += count
    return [Extract((day,), part) for part in parts]
