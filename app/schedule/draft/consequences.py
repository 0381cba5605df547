"""What a change of the rooms does to the slots, shown before it is made."""

from app.editions.consequences import Consequence, Rows
from app.editions.models import Edition
from app.schedule.draft import queries
from app.workflow import N_

LOST = N_("“%(name)s” goes, with %(slots)s slots; %(count)s presentations lose theirs.")


def of_rooms(edition: Edition, rows: Rows) -> list[Consequence]:
    """Return which slots and presentations are lost with each removed room."""
    kept = {row_id for row_id, _ in rows}
    lost = [room for room in edition.rooms if room.id not in kept]
    if not lost:
        return []
    slots, booked = queries.slots(edition), queries.bookings(edition)
    found = [
        (
            room,
            sum(slot.room_id == room.id for slot in slots),
            sum(booking.slot.room_id == room.id for booking in booked),
        )
        for room in lost
    ]
    return [
        Consequence(LOST, {"name": room.name, "slots": count, "count": taken})
        for room, count, taken in found
        if count
    ]
