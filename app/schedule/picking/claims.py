"""What a finalist had claimed before it withdrew or was none any more: nothing comes back."""

from datetime import datetime

from sqlalchemy import delete, update

from app.database import db
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking
from app.schedule.picking.models import Hold, Swap, Waiting


def give_up_claims(proposal: Proposal, now: datetime) -> None:
    """Give up the proposal's slot and hold, its places in queues and its open swaps.

    The slot counts as free without a finalist in it, so whoever waits for it is offered it anyway.
    """
    db.session.execute(
        update(Booking)
        .where(Booking.proposal_id == proposal.id, Booking.given_up_at.is_(None))
        .values(given_up_at=now)
    )
    for claim in (Hold, Waiting):
        db.session.execute(delete(claim).where(claim.proposal_id == proposal.id))
    is_party = (Swap.asking_id == proposal.id) | (Swap.asked_id == proposal.id)
    db.session.execute(
        update(Swap).where(is_party, Swap.settled_at.is_(None)).values(settled_at=now)
    )
