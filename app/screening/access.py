"""Who examines, decides on and reads what the committee does; a conflict bars from a proposal."""

from app.editions.models import Edition
from app.editions.permissions import User, committee, committee_or_observer
from app.evaluation.access import is_barred
from app.proposals.models import Proposal


def examiner(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in who examines a proposal: the committee, less those whom a conflict bars from it."""
    return committee(user) and not is_barred(user, edition, proposal)


def inspector(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in who reads the findings: the committee and the observers, less those barred."""
    return committee_or_observer(user) and not is_barred(user, edition, proposal)
