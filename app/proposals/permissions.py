"""Who may write a proposal; who may see it is in `queries.visible_proposals`."""

from app.editions.kinds import Role
from app.editions.permissions import User
from app.proposals.models import Proposal


def can_write(user: User, proposal: Proposal) -> bool:
    """Return whether the user is one of the proposal's authors."""
    person = user.person
    return (
        person is not None
        and user.is_a(Role.INNOVATOR)
        and any(author.id == person.id for author in proposal.authors)
    )


def can_hand_over(user: User, proposal: Proposal) -> bool:
    """Return whether the user says who writes the proposal: the organiser, its agency's delegate.

    Unlike its authors they may do so at any time, with a reason.
    """
    return user.is_a(Role.ORGANISER) or user.delegate_agency == proposal.agency_id


def can_start(user: User) -> bool:
    """Return whether the user may write proposals in this edition."""
    return user.is_a(Role.INNOVATOR)
