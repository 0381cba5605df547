"""Which slot an address means."""

from app.editions.models import Edition
from app.editions.permissions import User
from app.schedule.draft import queries
from app.schedule.draft.models import Slot


def slot_of(slot_id: int, *, user: User, edition: Edition) -> Slot | None:
    """Return the edition's slot."""
    return queries.slot_with(slot_id, edition)
