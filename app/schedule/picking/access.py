"""Which swap an address means."""

from app.editions.models import Edition
from app.editions.permissions import User
from app.schedule.draft.permissions import can_pick
from app.schedule.picking import swaps
from app.schedule.picking.models import Swap


def swap_of(swap_id: int, *, user: User, edition: Edition) -> Swap | None:
    """Return the edition's swap, if the user is part of it."""
    found = swaps.swap_with(swap_id, edition)
    is_part = found is not None and (can_pick(user, found.asked) or can_pick(user, found.asking))
    return found if is_part else None
