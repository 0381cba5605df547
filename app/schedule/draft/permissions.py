"""Who may pick a slot for a proposal, and who may place any."""

from app.editions.kinds import Role
from app.editions.permissions import User
from app.proposals.models import Proposal
from app.proposals.permissions import can_write
from app.workflow import Status


def can_pick(user: User, proposal: Proposal, **_records: object) -> bool:
    """Return whether the user may pick a slot for the proposal, as an author of a finalist."""
    return can_write(user, proposal) and proposal.status is Status.FINALIST


def can_place(user: User) -> bool:
    """Return whether the user may place and move any presentation."""
    return user.is_a(Role.ORGANISER)
