"""Who may pick, place and see the schedule while it is made."""

from app.editions.kinds import Role
from app.editions.permissions import User
from app.proposals.models import Proposal
from app.proposals.permissions import can_write
from app.schedule.claims import Swap
from app.workflow import Status


def can_pick(user: User, proposal: Proposal, **_records: object) -> bool:
    """Tell whether the user may pick a slot for the proposal: an author of a finalist."""
    return can_write(user, proposal) and proposal.status is Status.FINALIST


def can_answer(user: User, swap: Swap, **_records: object) -> bool:
    """Tell whether the user may say yes or no to a change of places: an author who is asked."""
    return can_pick(user, swap.asked)


def can_take_back(user: User, swap: Swap, **_records: object) -> bool:
    """Tell whether the user may take a wish to change places back: an author who asks."""
    return can_pick(user, swap.asking)


def can_place(user: User) -> bool:
    """Tell whether the user may place and move any presentation."""
    return user.is_a(Role.ORGANISER)
