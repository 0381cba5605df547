"""Who may see and who may write a proposal."""

from app.editions.models import Role
from app.editions.permissions import User
from app.proposals.models import Proposal
from app.workflow import COMPETING, SUBMITTED_ONCE, Status


def can_write(user: User, proposal: Proposal) -> bool:
    """Tell whether the user is one of the proposal's authors."""
    person = user.person
    return (
        person is not None
        and user.is_a(Role.INNOVATOR)
        and any(author.id == person.id for author in proposal.authors)
    )


def can_start(user: User) -> bool:
    """Tell whether the user may write proposals in this edition."""
    return user.is_a(Role.INNOVATOR)


def visible_statuses(user: User) -> frozenset[Status]:
    """Return the statuses in which the user may read any proposal of the edition.

    The committee reads what was submitted, a judge what is presented; an author's own come on top.
    """
    if user.is_a(Role.ORGANISER):
        return frozenset(Status)
    if user.is_a(Role.SCREENER, Role.OBSERVER):
        return SUBMITTED_ONCE
    if user.is_a(Role.JUDGE):
        return COMPETING
    return frozenset()
