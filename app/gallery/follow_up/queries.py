"""Reading what became of innovations."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from app.awards.models import Result
from app.database import db
from app.editions.models import Edition
from app.gallery.follow_up.models import Afterwards, FollowUp, FollowUpCall
from app.gallery.queries import catalogue
from app.proposals.models import Proposal
from app.workflow import COMPETING


def reports_on(proposal: Proposal) -> list[FollowUp]:
    """Return what its authors said became of an innovation, the newest first."""
    return reports_by_innovation([proposal]).get(proposal.id, [])


def reports_by_innovation(proposals: Collection[Proposal]) -> dict[int, list[FollowUp]]:
    """Return what became of these innovations, by the proposal's id, the newest first."""
    keys = [proposal.id for proposal in proposals]
    statement = select(FollowUp).where(FollowUp.proposal_id.in_(keys))
    found: dict[int, list[FollowUp]] = {}
    for report in db.session.scalars(statement.order_by(FollowUp.year.desc())):
        found.setdefault(report.proposal_id, []).append(report)
    return found


def newest_call(edition: Edition) -> FollowUpCall | None:
    """Return when the edition's authors were last asked, if they were."""
    statement = select(FollowUpCall).where(FollowUpCall.edition_id == edition.id)
    return db.session.scalar(statement.order_by(FollowUpCall.year.desc()).limit(1))


def unreported(edition: Edition, year: int) -> Select[Proposal]:
    """Select the innovations of whose year nothing is known, nor of a later one."""
    return catalogue(edition).where(~_is_reported(year)).options(selectinload(Proposal.authors))


def unreported_among(proposals: Collection[Proposal], edition: Edition) -> set[int]:
    """Return the proposals (ids) whose authors were asked, and haven't said anything since."""
    call = newest_call(edition) if proposals else None
    if call is None:
        return set()
    known = reports_by_innovation(proposals)
    return {
        proposal.id
        for proposal in proposals
        if all(report.year < call.year for report in known.get(proposal.id, ()))
    }


def counts_in(edition: Edition) -> dict[Afterwards, int]:
    """Return how many innovations were, when last heard of, in each state."""
    last = (
        select(FollowUp.proposal_id, func.max(FollowUp.year).label("year"))
        .group_by(FollowUp.proposal_id)
        .subquery()
    )
    rows = db.session.execute(
        select(FollowUp.state, func.count())
        .join(last, (last.c.proposal_id == FollowUp.proposal_id) & (last.c.year == FollowUp.year))
        .join(Proposal, Proposal.id == FollowUp.proposal_id)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING))
        .group_by(FollowUp.state)
    )
    return {row[0]: row[1] for row in rows}


class LastCall(NamedTuple):
    """When an edition's result became public, and when its authors were last asked, if ever."""

    edition: Edition
    publish_at: datetime
    called_at: datetime | None


def last_calls(*, since: datetime, until: datetime) -> list[LastCall]:
    """Return the editions with a result of this time, and when their authors were last asked."""
    called = func.max(FollowUpCall.called_at).label("called_at")
    last = select(FollowUpCall.edition_id, called).group_by(FollowUpCall.edition_id).subquery()
    rows = db.session.execute(
        select(Edition, Result.publish_at, last.c.called_at)
        .join(Result, Result.edition_id == Edition.id)
        .outerjoin(last, last.c.edition_id == Edition.id)
        .where(Result.publish_at > since, Result.publish_at <= until)
        .order_by(Edition.id)
    )
    return [LastCall(row[0], row[1], row[2]) for row in rows]


def _is_reported(year: int) -> ColumnElement[bool]:
    known = select(FollowUp.proposal_id).where(
        FollowUp.proposal_id == Proposal.id, FollowUp.year >= year
    )
    return known.exists()
