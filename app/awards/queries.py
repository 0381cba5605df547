"""Reading the result, its awards, and what stands on record of the plenary."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Row, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.awards.models import (
    Agreement,
    Attendance,
    Award,
    Deviation,
    Readership,
    Result,
    ResultFile,
)
from app.database import db
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition, Membership
from app.editions.parts import AwardCategory
from app.evaluation.models import Participation, Score, Sheet
from app.proposals.models import Proposal


def result_of(edition: Edition) -> Result | None:
    """Return the edition's result, prepared or confirmed, if there is one."""
    return db.session.scalar(
        select(Result)
        .where(Result.edition_id == edition.id)
        .options(joinedload(Result.prepared_by), joinedload(Result.confirmed_by))
    )


def slugs_of_unnoted(*, now: datetime) -> list[str]:
    """Return the editions (slugs) whose result has become public, and nobody has noted it yet."""
    statement = (
        select(Edition.slug)
        .join(Result, Result.edition_id == Edition.id)
        .where(Result.publish_at <= now, Result.noted_at.is_(None))
        .order_by(Edition.id)
    )
    return list(db.session.scalars(statement))


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


def proposals_named(ids: Collection[int]) -> dict[int, Proposal]:
    """Return these proposals with their agencies, by id."""
    statement = select(Proposal).where(Proposal.id.in_(ids)).options(joinedload(Proposal.agency))
    return {proposal.id: proposal for proposal in db.session.scalars(statement)}


def entitled(edition: Edition) -> list[Person]:
    """Return who may prepare or confirm a result: the chair first, then the organisers, once."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.edition_id == edition.id,
            or_(Membership.is_chair, Membership.role == Role.ORGANISER),
        )
        .order_by(Membership.is_chair.desc(), Person.name, Person.id)
    )
    return list(dict.fromkeys(db.session.scalars(statement)))


def holders_by_name(edition: Edition, roles: Collection[Role]) -> list[Row[int, str, Role, str]]:
    """Return person id, name, role and title of who holds one of the roles, by name."""
    statement = (
        select(Person.id, Person.name, Membership.role, Membership.title)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.edition_id == edition.id, Membership.role.in_(roles))
        .order_by(Person.name, Person.id, Membership.id)
    )
    return list(db.session.execute(statement))


@dataclass(frozen=True)
class Recorded:
    """All that stands on record of an edition's plenary so far."""

    result: Result | None
    awards: Sequence[Award]
    attendances: Sequence[Attendance]
    agreements: Sequence[Agreement]
    deviations: Sequence[Deviation]


def recorded_in(edition: Edition) -> Recorded:
    """Return what stands on record of the edition's plenary, in five queries."""
    return Recorded(
        result_of(edition),
        awards_of(edition),
        attendances_of(edition),
        agreements_of(edition),
        deviations_of(edition),
    )


def attendances_of(edition: Edition) -> list[Attendance]:
    """Return who sat in the plenary and who didn't, by body and name."""
    statement = (
        select(Attendance)
        .join(Attendance.person)
        .where(Attendance.edition_id == edition.id)
        .options(contains_eager(Attendance.person))
        .order_by(Attendance.body, Person.name, Person.id)
    )
    return list(db.session.scalars(statement))


def agreements_of(edition: Edition) -> list[Agreement]:
    """Return what both bodies agreed to, by category and body."""
    statement = (
        select(Agreement)
        .where(Agreement.edition_id == edition.id)
        .order_by(Agreement.category_id, Agreement.body)
    )
    return list(db.session.scalars(statement))


def deviations_of(edition: Edition) -> list[Deviation]:
    """Return where the plenary deviated from the scores, by category."""
    statement = (
        select(Deviation).where(Deviation.edition_id == edition.id).order_by(Deviation.category_id)
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class SheetRow:
    """A counting sheet: points by criterion in their order, and whose of which look it is."""

    proposal_id: int
    kind: SheetKind
    evaluator_id: int
    look: int
    values: tuple[Fraction, ...]


def counting_rows(edition: Edition) -> list[SheetRow]:
    """Return every locked sheet of the edition that counts, by proposal, kind, person and look."""
    columns = {
        criterion.id: place
        for kind in SheetKind
        for place, criterion in enumerate(edition.criteria_of(kind))
    }
    rows = db.session.execute(
        select(
            Sheet.proposal_id,
            Sheet.kind,
            Sheet.evaluator_id,
            Sheet.look,
            Score.criterion_id,
            Score.value,
        )
        .join(Score, Score.sheet_id == Sheet.id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Sheet.is_locked,
            Sheet.counts,
            Score.value.is_not(None),
        )
        .order_by(Sheet.proposal_id, Sheet.kind, Sheet.evaluator_id, Sheet.look)
    )
    found: dict[tuple[int, SheetKind, int, int], dict[int, Fraction]] = {}
    for proposal_id, kind, person_id, look, criterion_id, value in rows:
        own = found.setdefault((proposal_id, kind, person_id, look), {})
        own[columns[criterion_id]] = Fraction(value or 0)
    return [
        SheetRow(*key, tuple(own[place] for place in sorted(own))) for key, own in found.items()
    ]


def uncounted_rows(
    edition: Edition,
) -> list[Row[int, SheetKind, int, Participation]]:
    """Return number, kind, evaluator_id and participation of the sheets that don't count."""
    statement = (
        select(Proposal.number, Sheet.kind, Sheet.evaluator_id, Sheet.participation)
        .join(Sheet, Sheet.proposal_id == Proposal.id)
        .where(Proposal.edition_id == edition.id, not_(Sheet.counts))
        .order_by(Proposal.number, Sheet.kind, Sheet.evaluator_id, Sheet.look)
    )
    return list(db.session.execute(statement))


def people_of_sheets(edition: Edition) -> list[int]:
    """Return who has a sheet in the edition, counting or not, as ids of people."""
    statement = (
        select(Sheet.evaluator_id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .where(Proposal.edition_id == edition.id)
        .distinct()
        .order_by(Sheet.evaluator_id)
    )
    return list(db.session.scalars(statement))


def files_of(edition: Edition) -> list[ResultFile]:
    """Return the files from which the edition's result can be recounted."""
    statement = select(ResultFile).where(ResultFile.edition_id == edition.id)
    return list(db.session.scalars(statement.order_by(ResultFile.scope)))


def file_of(edition: Edition, scope: Readership) -> ResultFile | None:
    """Return the file of this scope from which the edition's result can be recounted."""
    return db.session.get(ResultFile, (edition.id, scope))
