"""Reading the result and its awards."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.awards.models import Award, Result
from app.database import db
from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.proposals.models import Proposal


def result_of(edition: Edition) -> Result | None:
    """Return the edition's result, prepared or confirmed, if there is one."""
    return db.session.scalar(
        select(Result)
        .where(Result.edition_id == edition.id)
        .options(joinedload(Result.prepared_by), joinedload(Result.confirmed_by))
    )


def awards_of(edition: Edition) -> list[Award]:
    """Return the awards, ordered by category and rank."""
    statement = (
        select(Award)
        .join(Award.category)
        .join(Award.proposal)
        .where(Award.edition_id == edition.id)
        .options(
            contains_eager(Award.category),
            contains_eager(Award.proposal).joinedload(Proposal.agency),
        )
        .order_by(AwardCategory.position, Award.rank, Proposal.title)
    )
    return list(db.session.scalars(statement))
