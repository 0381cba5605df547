"""Reading findings, decisions and the reserve list."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.database import db
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.screening.models import Decision, EligibilityFinding, Finding, Outcome
from app.workflow import COMPETING, SUBMITTED_ONCE, Status

SCREENABLE = (Status.SUBMITTED, Status.ELIGIBLE, Status.RETURNED)


def screened(edition: Edition) -> Select[Proposal]:
    """Select the proposals in screening."""
    return (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(SCREENABLE))
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number)
    )


def findings_of(proposal: Proposal) -> dict[int, EligibilityFinding]:
    """Return the eligibility findings on the proposal, by the id of the checklist line."""
    rows = db.session.scalars(
        select(EligibilityFinding)
        .where(EligibilityFinding.proposal_id == proposal.id)
        .options(joinedload(EligibilityFinding.person))
    )
    return {finding.item_id: finding for finding in rows}


def prepared_in(edition: Edition, *, without: Collection[int] = ()) -> Select[Decision]:
    """Select the decisions awaiting announcement, except on the proposals `without` (ids)."""
    return (
        select(Decision)
        .join(Decision.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Decision.announced_at.is_(None),
            Proposal.id.not_in(without),
        )
        .options(
            contains_eager(Decision.proposal).options(
                joinedload(Proposal.agency), selectinload(Proposal.authors)
            )
        )
        .order_by(Decision.outcome, Proposal.number)
    )


def prepared_for(proposal: Proposal) -> Decision | None:
    """Return the prepared decision on the proposal, if there is one."""
    return db.session.scalar(
        select(Decision).where(Decision.proposal_id == proposal.id, Decision.announced_at.is_(None))
    )


def announced_for(proposal: Proposal) -> list[Decision]:
    """Return the announced decisions on the proposal that were not taken back, newest first."""
    return list(
        db.session.scalars(
            select(Decision)
            .where(
                Decision.proposal_id == proposal.id,
                Decision.announced_at.is_not(None),
                Decision.taken_back_at.is_(None),
            )
            .order_by(Decision.id.desc())
        )
    )


def next_unchecked(
    edition: Edition, after: Proposal, *, without: Collection[int]
) -> Proposal | None:
    """Return the next proposal in screening whose checklist has gaps, beginning anew at the end.

    Those in `without` (ids) are left out, and so is the one it comes after.
    """
    return _next_one(edition, after, _has_gaps(edition), without)


def unchecked_count(edition: Edition, *, without: Collection[int]) -> int:
    """Count the proposals in screening whose checklist has gaps, without those in `without`."""
    statement = select(func.count()).where(
        Proposal.edition_id == edition.id,
        Proposal.status.in_(SCREENABLE),
        Proposal.id.not_in(without),
        _has_gaps(edition),
    )
    return db.session.scalar(statement) or 0


def next_undecided(
    edition: Edition, after: Proposal, *, without: Collection[int]
) -> Proposal | None:
    """Return the next proposal in screening without a prepared decision, as `next_unchecked`."""
    prepared = (
        select(Decision.id)
        .where(Decision.proposal_id == Proposal.id, Decision.announced_at.is_(None))
        .correlate(Proposal)
    )
    return _next_one(edition, after, ~prepared.exists(), without)


def _has_gaps(edition: Edition) -> ColumnElement[bool]:
    found = (
        select(func.count())
        .where(EligibilityFinding.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )
    return found < len(edition.eligibility_items)


def _next_one(
    edition: Edition, after: Proposal, is_wanted: ColumnElement[bool], without: Collection[int]
) -> Proposal | None:
    return db.session.scalar(
        select(Proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(SCREENABLE),
            Proposal.id.not_in({after.id, *without}),
            is_wanted,
        )
        .order_by(Proposal.number <= after.number, Proposal.number)
        .limit(1)
    )


def screened_beside(
    edition: Edition, proposal: Proposal, *, without: Collection[int]
) -> tuple[Proposal | None, Proposal | None]:
    """Return the proposals in screening before and after this one, by number."""
    others = screened(edition).where(Proposal.id.not_in(without)).order_by(None).limit(1)
    before = others.where(Proposal.number < proposal.number).order_by(Proposal.number.desc())
    after = others.where(Proposal.number > proposal.number).order_by(Proposal.number)
    return db.session.scalar(before), db.session.scalar(after)


def finding_counts(proposals: Sequence[Proposal]) -> dict[int, dict[Finding, int]]:
    """Return how many checklist lines have each finding, by proposal id."""
    rows = db.session.execute(
        select(EligibilityFinding.proposal_id, EligibilityFinding.finding, func.count())
        .where(EligibilityFinding.proposal_id.in_([proposal.id for proposal in proposals]))
        .group_by(EligibilityFinding.proposal_id, EligibilityFinding.finding)
    )
    counts: dict[int, dict[Finding, int]] = defaultdict(dict)
    for proposal_id, finding, count in rows:
        counts[proposal_id][finding] = count
    return counts


def prepared_among(proposals: Sequence[Proposal]) -> dict[int, Decision]:
    """Return the prepared decisions on these proposals, by proposal id."""
    rows = db.session.scalars(
        select(Decision).where(
            Decision.proposal_id.in_([proposal.id for proposal in proposals]),
            Decision.announced_at.is_(None),
        )
    )
    return {decision.proposal_id: decision for decision in rows}


def finalist_ids(edition: Edition, *, without: Collection[int]) -> set[int]:
    """Return the ids of the finalists, and of proposals prepared to be, except those `without`."""
    prepared = select(Decision.proposal_id).where(
        Decision.outcome == Outcome.FINALIST, Decision.announced_at.is_(None)
    )
    is_prepared = Proposal.id.in_(prepared) & Proposal.id.not_in(without)
    found = select(Proposal.id).where(
        Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING) | is_prepared
    )
    return set(db.session.scalars(found))


def reserve_list(edition: Edition) -> list[Proposal]:
    """Return the reserve list in its order."""
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status == Status.RESERVE)
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.reserve_place, Proposal.number)
    )
    return list(db.session.scalars(statement))


def prepared_count(edition: Edition) -> int:
    """Count the decisions awaiting announcement."""
    statement = (
        select(func.count())
        .select_from(Decision)
        .join(Decision.proposal)
        .where(Proposal.edition_id == edition.id, Decision.announced_at.is_(None))
    )
    return db.session.scalar(statement) or 0


def screening_ended_at(edition: Edition) -> datetime | None:
    """Return when the last decision was announced, None while any proposal is in screening."""
    if db.session.scalar(screened(edition).with_only_columns(Proposal.id).limit(1)) is not None:
        return None
    statement = select(func.max(Decision.announced_at)).join(Decision.proposal)
    holds = Decision.taken_back_at.is_(None)
    return db.session.scalar(statement.where(Proposal.edition_id == edition.id, holds))


def proposals_numbered(
    edition: Edition, numbers: Collection[int], *, without: Collection[int]
) -> list[Proposal]:
    """Return the edition's proposals with these numbers, except those `without` (ids)."""
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(SUBMITTED_ONCE))
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number)
    )
    found = db.session.scalars(statement.where(Proposal.number.in_(numbers)))
    return [proposal for proposal in found if proposal.id not in without]
