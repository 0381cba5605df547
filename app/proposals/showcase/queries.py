"""Reading what authors agreed to show."""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from app.database import db
from app.proposals.models import Proposal
from app.proposals.showcase.models import Showcase

OF_PROPOSALS = select(Showcase).where(
    Showcase.proposal_id.in_(bindparam("proposals", expanding=True))
)


def showcase_of(proposal: Proposal) -> Showcase | None:
    """Return what the proposal's authors agreed to show, None before they were asked."""
    return db.session.get(Showcase, proposal.id)


def showcases_of(proposals: Collection[Proposal]) -> dict[int, Showcase]:
    """Return what the authors of these proposals agreed to show, by the proposal's id."""
    found = db.session.scalars(OF_PROPOSALS, {"proposals": [own.id for own in proposals]})
    return {own.proposal_id: own for own in found}
