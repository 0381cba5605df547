"""Proposals of the same title, as people see it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User
from app.proposals.models import Proposal
from app.proposals.queries import visible_proposals
from app.web.typed import likeness
from app.workflow import Status


def namesakes(proposal: Proposal, found: Select[Proposal]) -> list[Proposal]:
    """Return the other proposals among those found that have the same title, as people see it."""
    title = likeness(proposal.title)
    if not title:
        return []
    others = found.where(Proposal.id != proposal.id).options(
        load_only(Proposal.number, Proposal.title)
    )
    return [other for other in db.session.scalars(others) if likeness(other.title) == title]


def submitted_beside(user: User, edition: Edition) -> Select[Proposal]:
    """Select what the user may see of what was submitted and not withdrawn."""
    is_entered = Proposal.submitted_at.is_not(None) & (Proposal.status != Status.WITHDRAWN)
    return visible_proposals(user, edition).where(is_entered)


def agencys_own(proposal: Proposal) -> Select[Proposal]:
    """Select the entries of the proposal's agency, drafts included, without those withdrawn."""
    return (
        select(Proposal)
        .where(
            Proposal.edition_id == proposal.edition_id,
            Proposal.agency_id == proposal.agency_id,
            Proposal.status != Status.WITHDRAWN,
        )
        .order_by(Proposal.number)
    )
