"""Who examines, decides on and reads what the committee does; a conflict bars from a proposal."""

from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.permissions import User, committee, organiser, overseer, role
from app.proposals.models import Proposal
from app.screening.permissions import evaluator, is_bound
from app.screening.recusals import conflicts_between

reader = role(Role.ORGANISER, Role.OBSERVER)


def examiner(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in who examines a proposal: the committee, less those whom a conflict bars from it."""
    return committee(user) and not is_barred(user, edition, proposal)


def decider(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in an organiser whom no conflict bars from the proposal."""
    return organiser(user) and not is_barred(user, edition, proposal)


def inspector(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in who reads the findings: the committee and the observers, less those barred."""
    return overseer(user) and not is_barred(user, edition, proposal)


def bound(user: User, **_records: object) -> bool:
    """Let in who signs the integrity pledge."""
    return is_bound(user)


def is_barred(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Tell whether a conflict bars the user from the proposal."""
    return bool(conflicts_between(evaluator(user), proposal, edition))
