"""What the public pages show, and nothing that isn't public."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.awards.models import Readership, Result, ResultFile
from app.database import db
from app.editions.models import Edition
from app.editions.queries import in_tree_of
from app.editions.units import Agency
from app.proposals.models import Proposal
from app.workflow import COMPETING, Status

ENTERED = frozenset(Status) - {Status.DRAFT, Status.WITHDRAWN}


def catalogue(edition: Edition) -> Select[Proposal]:
    """Select the innovations that are presented: what the committee announced as finalists."""
    return (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING))
        .options(joinedload(Proposal.agency), joinedload(Proposal.category))
        .order_by(Proposal.title, Proposal.id)
    )


def innovation(edition: Edition, number: int) -> Proposal | None:
    """Return the innovation of this number, if it is in the catalogue."""
    return db.session.scalar(catalogue(edition).where(Proposal.number == number))


def published_file_with(code: str, *, now: datetime) -> tuple[Edition, Readership, datetime] | None:
    """Return whose file of a public result has a digest that begins so, and since when."""
    row = db.session.execute(
        select(Edition, ResultFile.scope, Result.publish_at)
        .join(Result, Result.edition_id == Edition.id)
        .join(ResultFile, ResultFile.edition_id == Edition.id)
        .where(
            Edition.is_public,
            Result.publish_at <= now,
            ResultFile.digest >= code,
            ResultFile.digest <= code + "g",  # beyond every hexadecimal digit
        )
        .order_by(ResultFile.digest)
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row and row[2] else None


def coverage(edition: Edition) -> list[tuple[Agency, int]]:
    """Return every agency with the number of proposals it has entered, those with none first.

    One that can't enter, such as a judge's university, is left out.
    """
    entered = func.count(Proposal.id)
    statement = (
        select(Agency, entered)
        .outerjoin(
            Proposal,
            (Proposal.agency_id == Agency.id)
            & (Proposal.edition_id == edition.id)
            & Proposal.status.in_(ENTERED),
        )
        .where(in_tree_of(edition))
        .group_by(Agency.id)
        .having(or_(Agency.can_enter, entered > 0))
        .order_by(entered, Agency.name, Agency.id)
    )
    return [(agency, count) for agency, count in db.session.execute(statement)]
