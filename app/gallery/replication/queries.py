"""Reading requests to replicate innovations."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.accounts.secrets import digest
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.gallery.replication.models import Replication
from app.proposals.models import Proposal


class RequestCount(NamedTuple):
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


def passed_on_since(proposal: Proposal, moment: datetime) -> int:
    """Return how many requests for the innovation were passed on since then."""
    own = replications_of(proposal).where(Replication.confirmed_at > moment)
    return db.session.scalar(select(func.count()).select_from(own.order_by(None).subquery())) or 0


def evaluates(edition: Edition, email: str) -> bool:
    """Return whether somebody with this address evaluates in the edition."""
    statement = (
        select(Membership.id)
        .join(Membership.person)
        .where(
            Membership.edition_id == edition.id,
            Membership.role.in_([Role.SCREENER, Role.JUDGE]),
            Person.email == email,
        )
    )
    return db.session.scalar(statement.limit(1)) is not None


def counts_of(proposals: Collection[Proposal]) -> dict[int, RequestCount]:
    """Return the requests for each of these innovations that has any, by the proposal's id."""
    can_be_answered = Replication.answered_at.is_(None) & (Replication.email != "")
    waiting = func.coalesce(func.sum(case((can_be_answered, 1), else_=0)), 0)
    rows = db.session.execute(
        select(Replication.proposal_id, func.count(), waiting)
        .where(
            Replication.proposal_id.in_([proposal.id for proposal in proposals]),
            Replication.confirmed_at.is_not(None),
        )
        .group_by(Replication.proposal_id)
    )
    return {row[0]: RequestCount(row[1], row[2]) for row in rows}
