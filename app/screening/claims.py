"""What later stages hold for a finalist, such as a slot: given up with the place among them."""

from datetime import datetime

from app.later import later
from app.proposals.models import Proposal


@later
def release_claims(proposal: Proposal, now: datetime) -> object:
    """Give up what later stages hold for the proposal, so that none of it comes back with it."""
