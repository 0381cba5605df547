"""What a change of the rooms does to the slots, told before it is made."""

from app.editions.consequences import Consequence, Rows
from app.editions.models import Edition
from app.schedule.draft import queries
from app.workflow import N_

LOST = N_("“%(name)s” goes, with %(slots)s slots; %(count)s presentations lose theirs.")


def of_rooms(edition: Edition, rows: Rows) -> list[Consequence]:
    """Say which slots and presentations a room takes with it."""
    kept = {row_id for row_id, _ in rows}
    lost = [room for room in edition.rooms if room.id not in kept]
    if not lost:
        return []
    slots, booked = queries.slots(edition), queries.bookings(edition)
    found = [
        (
            room,
            sum(each.room_id == room.id for each in slots),
            sum(each.slot.room_id == room.id for each in booked),
        )
        for room in lost
    ]
    return [
        Consequence(LOST, {"name": room.name, "slots": count, "count": taken})
        for room, count, taken in found
        if count
    ]
