"""What the public pages show, and nothing that isn't public."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, bindparam, func, inspect, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload

from app.awards.models import Award, Readership, Result, ResultFile
from app.database import Moment, db
from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.editions.queries import in_tree_of
from app.editions.units import Agency
from app.programme.models import Version
from app.proposals.models import Proposal
from app.proposals.showcase.models import Showcase
from app.workflow import COMPETING, Status

BEST = 3  # places that a card of an edition names
TEXTS = (
    selectinload(Proposal.texts),
    joinedload(Proposal.edition).selectinload(Edition.sections),
)
"""What loads the answers of proposals with them, and the forms that they answer."""
PUBLIC_AWARDS = (
    select(Award)
    .join(Result, Result.edition_id == Award.edition_id)
    .where(
        Award.proposal_id.in_(bindparam("proposals", expanding=True)),
        Result.publish_at <= bindparam("now", type_=Moment()),
    )
    .options(joinedload(Award.category))
    .order_by(Award.rank, Award.id)
)
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


def beside(proposal: Proposal) -> tuple[int | None, int | None]:
    """Return the numbers of the innovations before and after this one in its catalogue."""
    order, own = tuple_(Proposal.title, Proposal.id), tuple_(proposal.title, proposal.id)
    numbers = catalogue(proposal.edition).with_only_columns(Proposal.number).order_by(None).limit(1)
    backwards = numbers.order_by(Proposal.title.desc(), Proposal.id.desc())
    onwards = numbers.order_by(Proposal.title, Proposal.id)
    before = db.session.scalar(backwards.where(order < own))
    return before, db.session.scalar(onwards.where(order > own))


def picture_of(edition: Edition, number: int) -> bytes | None:
    """Return the picture of an innovation in the catalogue (JPEG), if it has one."""
    return _picture(edition, number, Showcase.picture)


def small_picture_of(edition: Edition, number: int) -> bytes | None:
    """Return the picture of an innovation in the catalogue, as lists show it."""
    return _picture(edition, number, Showcase.small_picture)


def load_texts(proposals: Collection[Proposal]) -> None:
    """Load the answers of these proposals, and the forms that they answer, all at once."""
    keys = [own.id for own in proposals if "texts" in inspect(own).unloaded]
    if keys:
        statement = select(Proposal).where(Proposal.id.in_(keys)).options(*TEXTS)
        db.session.scalars(statement).all()


def first_finalists(edition: Edition, count: int) -> list[Proposal]:
    """Return the first so many innovations of the catalogue."""
    return list(db.session.scalars(catalogue(edition).limit(count)))


def finalist_counts(editions: Collection[Edition]) -> dict[int, int]:
    """Return how many innovations each edition (id) has in its catalogue."""
    rows = db.session.execute(
        select(Proposal.edition_id, func.count())
        .where(
            Proposal.edition_id.in_([edition.id for edition in editions]),
            Proposal.status.in_(COMPETING),
        )
        .group_by(Proposal.edition_id)
    )
    return {row[0]: row[1] for row in rows}


def with_schedule(editions: Collection[Edition]) -> set[int]:
    """Return which editions (ids) have published a schedule."""
    keys = [edition.id for edition in editions]
    return set(db.session.scalars(select(Version.edition_id).where(Version.edition_id.in_(keys))))


def with_result(editions: Collection[Edition], *, now: datetime) -> set[int]:
    """Return which editions (ids) have a result that everyone may see."""
    keys = [edition.id for edition in editions]
    statement = select(Result.edition_id).where(
        Result.edition_id.in_(keys), Result.publish_at <= now
    )
    return set(db.session.scalars(statement))


def best_of(edition_ids: Collection[int]) -> dict[int, list[Award]]:
    """Return the first three of each edition's (id) first ranked award, in their order."""
    statement = (
        select(Award)
        .join(Award.category)
        .where(Award.edition_id.in_(edition_ids), Award.rank <= BEST)
        .options(
            contains_eager(Award.category),
            joinedload(Award.proposal).joinedload(Proposal.agency),
        )
        .order_by(Award.edition_id, AwardCategory.position, Award.rank, Award.id)
    )
    found: dict[int, list[Award]] = {}
    for award in db.session.scalars(statement):
        own = found.setdefault(award.edition_id, [])
        if not own or own[0].category_id == award.category_id:
            own.append(award)
    return found


def awards_among(proposals: Collection[Proposal], *, now: datetime) -> dict[int, list[Award]]:
    """Return the public awards of these proposals, by the proposal's id."""
    found: dict[int, list[Award]] = {}
    values = {"proposals": [own.id for own in proposals], "now": now}
    for award in db.session.scalars(PUBLIC_AWARDS, values):
        found.setdefault(award.proposal_id, []).append(award)
    return found


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


def _picture(
    edition: Edition, number: int, column: InstrumentedAttribute[bytes | None]
) -> bytes | None:
    statement = select(column).join(Proposal, Proposal.id == Showcase.proposal_id)
    return db.session.scalar(
        statement.where(
            Proposal.edition_id == edition.id,
            Proposal.number == number,
            Proposal.status.in_(COMPETING),
        )
    )


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


def public_years(edition: Edition, count: int) -> list[Edition]:
    """Return the organisation's newest public editions, this one among them."""
    statement = select(Edition).where(
        Edition.organisation_id == edition.organisation_id,
        or_(Edition.is_public, Edition.id == edition.id),
    )
    newest = statement.order_by((Edition.id == edition.id).desc(), Edition.id.desc()).limit(count)
    return list(db.session.scalars(newest.options(selectinload(Edition.days))))


def entries_by_year(editions: Collection[Edition]) -> dict[tuple[int, int], int]:
    """Return how many entries each unit (id, as it is now) has in each edition (id)."""
    unit = func.coalesce(Agency.origin_id, Agency.id)
    rows = db.session.execute(
        select(unit, Proposal.edition_id, func.count())
        .join(Proposal, Proposal.agency_id == Agency.id)
        .where(
            Proposal.edition_id.in_([edition.id for edition in editions]),
            Proposal.status.in_(ENTERED),
        )
        .group_by(unit, Proposal.edition_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}
