"""Who may examine a proposal and who may read the findings: nobody whom a conflict bars from it."""

from app.editions.models import Edition
from app.editions.permissions import User, committee, committee_or_observer
from app.evaluation.access import is_barred
from app.proposals.models import Proposal


def examiner(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Allow the committee to examine the proposal, except members whom a conflict bars from it."""
    return committee(user) and not is_barred(user, edition, proposal)


def inspector(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Allow the committee and observers to read the findings, except those barred."""
    return committee_or_observer(user) and not is_barred(user, edition, proposal)
