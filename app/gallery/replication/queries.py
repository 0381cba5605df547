"""Reading requests to replicate innovations."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.secrets import digest
from app.database import db
from app.editions.models import Edition
from app.gallery.replication.models import Replication
from app.proposals.models import Proposal


class Counted(NamedTuple):
    """How many requests for an innovation were passed on, and how many of them wait."""

    passed_on: int
    waiting: int


def replication_with(edition: Edition, token: str, *, since: datetime) -> Replication | None:
    """Return the request with this link: one that was passed on, or made since then."""
    found = db.session.scalar(
        select(Replication)
        .join(Replication.proposal)
        .where(Proposal.edition_id == edition.id, Replication.token_hash == digest(token))
    )
    is_usable = found is not None and (found.confirmed_at or found.asked_at > since)
    return found if is_usable else None


def replications_of(proposal: Proposal) -> Select[Replication]:
    """Select the requests that were passed on to the proposal's authors, unanswered ones first."""
    return (
        select(Replication)
        .where(Replication.proposal_id == proposal.id, Replication.confirmed_at.is_not(None))
        .options(joinedload(Replication.answered_by))
        .order_by(Replication.answered_at.is_not(None), Replication.id.desc())
    )


def replication_of(proposal: Proposal, replication_id: int) -> Replication | None:
    """Return this request, if it was passed on to the proposal's authors."""
    return db.session.scalar(replications_of(proposal).where(Replication.id == replication_id))


def waits_already(asked: Replication) -> bool:
    """Return whether the same person's earlier request for the innovation waits for an answer."""
    earlier = select(Replication.id).where(
        Replication.proposal_id == asked.proposal_id,
        Replication.email == asked.email,
        Replication.id != asked.id,
        Replication.confirmed_at.is_not(None),
        Replication.answered_at.is_(None),
    )
    return db.session.scalar(earlier.limit(1)) is not None


def counts_of(proposals: Collection[Proposal]) -> dict[int, Counted]:
    """Return the requests for each of these innovations that has any, by the proposal's id."""
    answered = func.count(Replication.answered_at)
    rows = db.session.execute(
        select(Replication.proposal_id, func.count(), func.count() - answered)
        .where(
            Replication.proposal_id.in_([proposal.id for proposal in proposals]),
            Replication.confirmed_at.is_not(None),
        )
        .group_by(Replication.proposal_id)
    )
    return {row[0]: Counted(row[1], row[2]) for row in rows}
