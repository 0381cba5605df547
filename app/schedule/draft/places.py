"""Which panel sits in a room at a moment. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Seated(Protocol):
    """Where a panel sits: in a room, on every day or on one, from the beginning or from a time."""

    @property
    def room_id(self) -> int | None:
        """The room, None of a panel without one."""

    @property
    def day(self) -> dt.date | None:
        """The day, None for every day."""

    @property
    def begins_at(self) -> dt.time | None:
        """From when on that day, None from its beginning."""


AnySeated = TypeVar("AnySeated", bound=Seated)


def panel_at(
    panels: Iterable[AnySeated], room_id: int | None, moment: dt.datetime
) -> AnySeated | None:
    """Return the panel that sits in the room at a moment of the edition's zone, None if none does.

    One of the day goes before one of every day, and one that has begun before that of the whole
    day; of several that have begun, the last.
    """
    able = [
        panel
        for panel in panels
        if room_id is not None
        and panel.room_id == room_id
        and panel.day in {None, moment.date()}
        and (panel.begins_at is None or panel.begins_at <= moment.time())
    ]
    return max(
        able,
        key=lambda panel: (panel.day is not None, panel.begins_at or dt.time.min),
        default=None,
    )
