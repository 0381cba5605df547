"""Reading objections, decree, and withdrawn results."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.awards.publication.models import Decree, Objection, PastResult, Withdrawal
from app.database import db
from app.editions.models import Edition
from app.proposals.models import Proposal


def decree_of(edition: Edition) -> Decree | None:
    """Return the decree on the edition's present result, if it is recorded."""
    return db.session.get(Decree, edition.id)


def slugs_of_untold(*, now: datetime) -> list[str]:
    """Return in which editions a decree has made the result final and nobody was told yet."""
    statement = (
        select(Edition.slug)
        .join(Decree, Decree.edition_id == Edition.id)
        .where(Decree.final_at <= now, Decree.told_at.is_(None))
        .order_by(Edition.slug)
    )
    return list(db.session.scalars(statement))


def withdrawal_of(edition: Edition) -> Withdrawal | None:
    """Return what somebody wants the edition's result to be withdrawn for."""
    return db.session.get(Withdrawal, edition.id)


def past_results_of(edition: Edition) -> list[PastResult]:
    """Return the results that were withdrawn, the newest first."""
    statement = select(PastResult).where(PastResult.edition_id == edition.id)
    return list(db.session.scalars(statement.order_by(PastResult.round.desc())))


def round_of(edition: Edition) -> int:
    """Return how many results of the edition were withdrawn."""
    statement = select(func.count()).select_from(PastResult)
    return db.session.scalar(statement.where(PastResult.edition_id == edition.id)) or 0


def objections_in(edition: Edition) -> Select[Objection]:
    """Select the edition's objections: those without an answer first, then the newest."""
    return (
        select(Objection)
        .where(Objection.edition_id == edition.id)
        .options(
            joinedload(Objection.proposal).joinedload(Proposal.agency),
            joinedload(Objection.assigned_to),
            joinedload(Objection.answered_by),
        )
        .order_by(Objection.answered_at.is_not(None), Objection.filed_at.desc(), Objection.id)
    )


def objections_of(proposal: Proposal) -> list[Objection]:
    """Return what the proposal's authors objected to, the oldest first."""
    statement = (
        select(Objection)
        .where(Objection.proposal_id == proposal.id)
        .order_by(Objection.filed_at, Objection.id)
    )
    return list(db.session.scalars(statement))


def unanswered_in(edition: Edition) -> int:
    """Count the objections that nobody has answered."""
    statement = select(func.count()).select_from(Objection)
    return (
        db.session.scalar(
            statement.where(Objection.edition_id == edition.id, Objection.answer.is_(None))
        )
        or 0
    )


def objections_waiting(edition: Edition, person: Person) -> tuple[int, int]:
    """Count the objections that nobody was assigned, and those that wait for this person."""
    rows = db.session.scalars(
        select(Objection.assigned_to_id).where(
            Objection.edition_id == edition.id, Objection.answer.is_(None)
        )
    ).all()
    return rows.count(None), rows.count(person.id)


def objection_with(edition: Edition, objection_id: int) -> Objection | None:
    """Return the edition's objection with this id."""
    return db.session.scalar(objections_in(edition).where(Objection.id == objection_id))
