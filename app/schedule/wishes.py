"""Ranked wishes for slots, which the computed schedule follows as far as it can."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, flush_or
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule import queries
from app.schedule.claims import Wish
from app.schedule.models import Slot
from app.workflow import COMPETING, N_, Conflict, DomainError, NotAllowedNow

MOST = 5


def wishes(edition: Edition) -> dict[int, tuple[int, ...]]:
    """Return which slots each finalist wishes for (ids), the dearest first."""
    rows = db.session.execute(
        select(Wish.proposal_id, Wish.slot_id)
        .join(Proposal, Proposal.id == Wish.proposal_id)
        .join(Slot, Slot.id == Wish.slot_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Slot.removed_at.is_(None),
        )
        .order_by(Wish.proposal_id, Wish.rank)
    )
    found: dict[int, tuple[int, ...]] = {}
    for proposal_id, slot_id in rows:
        found[proposal_id] = (*found.get(proposal_id, ()), slot_id)
    return found


def wish(proposal: Proposal, slots: Sequence[int], *, by: Person, now: datetime) -> None:
    """Wish for these slots (ids), the dearest first, in the place of what was wished before."""
    edition = proposal.edition
    if edition.picking is not Picking.WISHES or not edition.is_open(Stage.PICKING, now=now):
        raise NotAllowedNow(N_("Wishes are not taken now."))
    if len(set(slots)) < len(slots):
        raise DomainError(N_("The same slot stands there twice."))
    if len(slots) > MOST or not set(slots) <= {each.id for each in queries.slots(edition)}:
        raise DomainError(N_("One of these slots exists no more. Choose again."))
    db.session.execute(delete(Wish).where(Wish.proposal_id == proposal.id))
    db.session.add_all(
        Wish(proposal_id=proposal.id, rank=rank, slot_id=slot_id)
        for rank, slot_id in enumerate(slots, 1)
    )
    flush_or(Conflict(N_("Somebody else has wished for this proposal meanwhile. Look again.")))
    record(edition.id, "slot.wish", by=by, now=now, subject=proposal.code, slots=list(slots))
