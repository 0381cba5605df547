"""What happens in each room now, as published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.editions.models import Edition
from app.editions.parts import Room
from app.programme.extracts import Extract
from app.programme.models import Appearance
from app.programme.queries import appearances, published_places


@dataclass(frozen=True)
class RoomNow:
    """What happens in a room: what is presented now, and what comes next."""

    room: Room | None
    present: Appearance | None
    following: tuple[Appearance, ...]


def rooms_now(edition: Edition, *, now: datetime) -> list[RoomNow]:
    """Return what happens in each room on the day of `now`, or else on the next one in use."""
    coming = _coming(edition, now=now)
    return [
        RoomNow(
            room,
            next((appearance for appearance in own if appearance.starts_at <= now), None),
            tuple(appearance for appearance in own if appearance.starts_at > now),
        )
        for room, own in _by_room(coming, edition)
    ]


def _coming(edition: Edition, *, now: datetime) -> list[Appearance]:
    """Return what is still to come today, or else everything on the next day in use."""
    today = now.astimezone(edition.zone).date()
    days = sorted({day for day, _ in published_places(edition) if day >= today})
    for day in days[:2]:
        rows = appearances(edition, Extract((day,)))
        if coming := [
            appearance
            for appearance in rows
            if appearance.missed_at is None and appearance.ends_at > now
        ]:
            return coming
    return []


def _by_room(
    rows: Sequence[Appearance], edition: Edition
) -> list[tuple[Room | None, list[Appearance]]]:
    rooms: list[Room | None] = [*edition.rooms, None]
    found = [
        (
            room,
            [
                appearance
                for appearance in rows
                if appearance.room_id == (room.id if room else None)
            ],
        )
        for room in rooms
    ]
    return [(room, own) for room, own in found if own]
