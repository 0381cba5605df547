"""Ranked wishes for slots, which the computed schedule follows as far as it can."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, flush_or
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.models import Slot, Wish
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken

MOST = 5


def set_wishes(proposal: Proposal, slots: Sequence[int], *, by: Person, now: datetime) -> None:
    """Wish for these slots (ids), most wanted first, instead of what was wished before."""
    edition = proposal.edition
    if edition.picking is not Picking.WISHES or not edition.is_open(Stage.PICKING, now=now):
        raise NotAllowedNow(N_("Preferences can't be given right now."))
    if len(set(slots)) < len(slots):
        raise DomainError(N_("The same slot is listed twice."))
    if len(slots) > MOST or not set(slots) <= {slot.id for slot in queries.slots(edition)}:
        raise DomainError(N_("One of these slots no longer exists. Choose again."))
    db.session.execute(delete(Wish).where(Wish.proposal_id == proposal.id))
    db.session.add_all(
        Wish(proposal_id=proposal.id, rank=rank, slot_id=slot_id)
        for rank, slot_id in enumerate(slots, 1)
    )
    flush_or(
        Overtaken(
            N_(
                "Someone else has saved preferences for this proposal in the "
                "meantime. Check them again."
            )
        )
    )
    record(edition.id, "slot.wish", by=by, now=now, subject=proposal.code, slots=list(slots))


def unwishing_finalists(edition: Edition) -> Select[Proposal]:
    """Select the finalists without a slot who have not said which slots they would like."""
    wishing = select(Wish.proposal_id).join(Slot).where(Slot.removed_at.is_(None))
    return queries.unplaced_finalists(edition).where(Proposal.id.not_in(wishing))
