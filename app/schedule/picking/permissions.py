"""Who may answer a wish to change places, or take it back."""

from app.editions.permissions import User
from app.schedule.draft.permissions import can_pick
from app.schedule.picking.models import Swap


def can_answer(user: User, swap: Swap, **_records: object) -> bool:
    """Tell whether the user may say yes or no to a change of places: an author who is asked."""
    return can_pick(user, swap.asked)


def can_take_back(user: User, swap: Swap, **_records: object) -> bool:
    """Tell whether the user may take a wish to change places back: an author who asks."""
    return can_pick(user, swap.asking)
