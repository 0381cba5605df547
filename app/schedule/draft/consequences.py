"""What a change of the rooms does to the slots, shown before it is made: their slots go too."""

from app.editions.consequences import Consequence, Rows
from app.editions.models import Edition
from app.editions.parts import Room
from app.schedule.draft import queries
from app.workflow import NN_

LOST = NN_(
    "“%(name)s” will be removed, with %(slots)s slots; %(count)s presentation will lose its slot.",
    "“%(name)s” will be removed, with %(slots)s slots; %(count)s presentations will lose theirs.",
)


def of_rooms(edition: Edition, rows: Rows) -> list[Consequence]:
    """Return which slots and presentations are lost with each removed room."""
    lost = rooms_lost(edition, rows)
    if not lost:
        return []
    slots, booked = queries.slots(edition), queries.bookings(edition)
    found = [
        (
            room,
            sum(slot.room_id == room.id for slot in slots),
            len({booking.proposal_id for booking in booked if booking.slot.room_id == room.id}),
        )
        for room in lost
    ]
    return [
        Consequence(LOST, {"name": room.name, "slots": count, "count": taken})
        for room, count, taken in found
        if count
    ]


def rooms_lost(edition: Edition, rows: Rows) -> list[Room]:
    """Return the rooms that are not among the rows of the list as it will be."""
    kept = {row_id for row_id, _ in rows}
    return [room for room in edition.rooms if room.id not in kept]
