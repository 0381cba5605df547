"""Which sheets somebody still owes: how many, since when, and which presentation comes next."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, func, not_, select, true

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Look, Sheet
from app.evaluation.queries import counting_in
from app.programme.models import Appearance
from app.proposals.models import Proposal


def open_sheets(person: Person, edition: Edition, kind: SheetKind, look: Look = Look.FIRST) -> int:
    """Count the person's sheets of a look that they have not submitted yet.

    Those of presentations that nobody came to are not waited for.
    """
    missed = select(Appearance.proposal_id).where(
        Appearance.edition_id == edition.id,
        Appearance.missed_at.is_not(None),
        Appearance.cancelled_at.is_(None),
    )
    statement = (
        select(func.count())
        .select_from(Sheet)
        .join(Sheet.proposal)
        .where(
            *counting_in(edition, kind),
            Sheet.evaluator_id == person.id,
            Sheet.look == look,
            not_(Sheet.is_locked),
            true() if kind is SheetKind.DESK else Sheet.proposal_id.not_in(missed),
        )
    )
    return db.session.scalar(statement) or 0


def overdue_sheets(
    edition: Edition, *, by_others_than: Person, without: Collection[int], now: datetime
) -> int:
    """Count the others' open sheets of presentations that were held and are over.

    Those of proposals in `without` (ids) are left out.
    """
    statement = (
        select(func.count())
        .select_from(Sheet)
        .join(Sheet.proposal)
        .join(Appearance, Appearance.proposal_id == Sheet.proposal_id)
        .where(
            *counting_in(edition, SheetKind.PRESENTATION),
            *_overdue(now),
            Sheet.evaluator_id != by_others_than.id,
            Sheet.proposal_id.not_in(without),
        )
    )
    return db.session.scalar(statement) or 0


def overdue_by(edition: Edition, *, now: datetime) -> list[tuple[Person, int, datetime]]:
    """Return who has open sheets of presentations that were held and are over.

    With each person: how many sheets, and since when the first is due.
    """
    rows = db.session.execute(
        select(Person, func.count(), func.min(Appearance.ends_at))
        .join(Sheet, Sheet.evaluator_id == Person.id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .join(Appearance, Appearance.proposal_id == Sheet.proposal_id)
        .where(*counting_in(edition, SheetKind.PRESENTATION), *_overdue(now))
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    return [(person, count, since) for person, count, since in rows]


def overdue_of(person: Person, edition: Edition, *, now: datetime) -> tuple[int, datetime | None]:
    """Return how many of the person's own sheets are overdue, and since when the first is."""
    count, since = db.session.execute(
        select(func.count(), func.min(Appearance.ends_at))
        .select_from(Sheet)
        .join(Sheet.proposal)
        .join(Appearance, Appearance.proposal_id == Sheet.proposal_id)
        .where(
            *counting_in(edition, SheetKind.PRESENTATION),
            *_overdue(now),
            Sheet.evaluator_id == person.id,
        )
    ).one()
    return count, since


def next_heard(
    person: Person, edition: Edition, *, now: datetime
) -> tuple[Proposal, datetime] | None:
    """Return which presentation, on now or to come, the person scores next, and its start."""
    found = db.session.execute(
        select(Proposal, Appearance.starts_at)
        .join(Sheet, Sheet.proposal_id == Proposal.id)
        .join(Appearance, Appearance.proposal_id == Proposal.id)
        .where(
            *counting_in(edition, SheetKind.PRESENTATION),
            *_of_first_look(),
            Sheet.evaluator_id == person.id,
            Appearance.ends_at > now,
        )
        .order_by(Appearance.starts_at, Proposal.number)
        .limit(1)
    ).first()
    return (found.Proposal, found.starts_at) if found else None


def _overdue(now: datetime) -> tuple[ColumnExpressionArgument[bool], ...]:
    """Return the conditions of open sheets whose presentation was held and is over.

    Those of a second look are asked for later, and not overdue with the presentation.
    """
    return (*_of_first_look(), Appearance.ends_at <= now)


def _of_first_look() -> tuple[ColumnExpressionArgument[bool], ...]:
    """Return the conditions of open sheets whose presentation takes place."""
    return (
        not_(Sheet.is_locked),
        Sheet.look == Look.FIRST,
        Appearance.cancelled_at.is_(None),
        Appearance.missed_at.is_(None),
    )
