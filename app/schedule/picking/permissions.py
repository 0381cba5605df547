"""Who may answer a request to change places, or take it back."""

from app.editions.permissions import User
from app.schedule.draft.permissions import can_pick
from app.schedule.picking.models import Swap


def can_answer(user: User, swap: Swap, **_records: object) -> bool:
    """Return whether the user may agree or decline to change places, as an author who is asked."""
    return can_pick(user, swap.asked)


def can_take_back(user: User, swap: Swap, **_records: object) -> bool:
    """Return whether the user may take back a request to change places, as an author who asks."""
    return can_pick(user, swap.asking)
