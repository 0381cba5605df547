"""What later stages hold for a finalist, such as a slot: given up with the place among them."""

from collections.abc import Callable
from datetime import datetime

from app.proposals.models import Proposal

Release = Callable[[Proposal, datetime], object]

_releases: list[Release] = []


def release_by(*releases: Release) -> None:
    """Call these functions, of later stages, from now on."""
    _releases[:] = releases


def release_claims(proposal: Proposal, now: datetime) -> None:
    """Give up what later stages hold for the proposal, so that none of it comes back with it."""
    for release in _releases:
        release(proposal, now)
