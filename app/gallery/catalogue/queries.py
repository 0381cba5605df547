"""Finding innovations of all public editions; whether one is shown is asked when it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from app.awards.models import Award, Result
from app.database import db
from app.editions.models import Edition
from app.editions.units import Organisation
from app.gallery.catalogue.matching import IN_ORDER, Key, has_in_title, has_words
from app.gallery.catalogue.models import CatalogueEntry, CatalogueTheme
from app.gallery.catalogue.words import asked
from app.proposals.models import Proposal
from app.workflow import COMPETING

T = TypeVar("T")

COUNTED = 1_000  # of more than so many, only that they are more is said
MOST_OFFERED = 200  # values of a filter
RANKED = 1_200  # of the newest, so many are put in order and can be paged through


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the catalogue; what is empty narrows nothing."""

    words: str = ""
    organisation: int = 0
    year: int = 0
    category: str = ""
    theme: str = ""
    agency: str = ""
    is_awarded: bool = False

    def as_fields(self) -> dict[str, str | int]:
        """Return the fields of the address that asks for it."""
        values: dict[str, str | int] = {
            "search": self.words,
            "organisation": self.organisation,
            "year": self.year,
            "category": self.category,
            "theme": self.theme,
            "agency": self.agency,
            "awarded": 1 if self.is_awarded else 0,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Narrowings:
    """What the catalogue can be narrowed to: values, each with its text."""

    organisations: Sequence[tuple[int, str]]
    years: Sequence[tuple[int, str]]
    categories: Sequence[tuple[str, str]]
    themes: Sequence[tuple[str, str]]


def found_by(search: Search, *, now: datetime, first: int, size: int) -> list[Proposal]:
    """Return so many innovations from the place `first` on.

    Of the newest that have the words, those that have them in their title come first.
    """
    newest_first = (CatalogueEntry.year.desc(), CatalogueEntry.proposal_id.desc())
    matching = _narrowed(search, now, key=IN_ORDER).order_by(*newest_first)
    words = asked(search.words)
    if words:
        titled = has_in_title(words).label("is_titled")
        newest = matching.with_only_columns(Proposal.id, CatalogueEntry.year, titled)
        best = newest.limit(RANKED).subquery()
        order = (best.c.is_titled.desc(), best.c.year.desc(), best.c.id.desc())
        some = select(best.c.id).order_by(*order)
    else:
        some = matching.with_only_columns(Proposal.id)
    keys = list(db.session.scalars(some.offset(first).limit(size)))
    found = {proposal.id: proposal for proposal in db.session.scalars(_whole(keys))}
    return [found[key] for key in keys]


def _whole(keys: Sequence[int]) -> Select[Proposal]:
    return (
        select(Proposal)
        .where(Proposal.id.in_(keys))
        .options(
            joinedload(Proposal.edition).options(
                joinedload(Edition.organisation), selectinload(Edition.sections)
            ),
            joinedload(Proposal.agency),
            joinedload(Proposal.category),
            selectinload(Proposal.texts),
        )
    )


def count_of(search: Search, *, now: datetime) -> int:
    """Return how many innovations are found, `COUNTED` + 1 for more."""
    matching = _narrowed(search, now, key=CatalogueEntry.proposal_id)
    some = matching.with_only_columns(Proposal.id).limit(COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def offered() -> Narrowings:
    """Return what there is to narrow the catalogue to."""
    public = select(Edition.organisation_id).where(Edition.is_public)
    organisations = select(Organisation.id, Organisation.name).where(Organisation.id.in_(public))
    return Narrowings(
        [
            (row[0], row[1])
            for row in db.session.execute(
                organisations.order_by(Organisation.name).limit(MOST_OFFERED)
            )
        ],
        _values(CatalogueEntry.year, is_newest_first=True),
        _values(CatalogueEntry.category),
        _values(CatalogueTheme.name),
    )


def _narrowed(search: Search, now: datetime, *, key: Key) -> Select[Proposal]:
    """Select the innovations that are found, with their entry and edition joined."""
    words = asked(search.words)
    conditions: list[ColumnElement[bool]] = [_is_shown()]
    if words:
        conditions.append(has_words(words, key))
    if search.organisation:
        conditions.append(Edition.organisation_id == search.organisation)
    for column, value in (
        (CatalogueEntry.year, search.year),
        (CatalogueEntry.category, search.category),
        (CatalogueEntry.agency, search.agency),
    ):
        if value:
            conditions.append(column == value)
    if search.theme:
        having = select(CatalogueTheme.proposal_id).where(CatalogueTheme.name == search.theme)
        conditions.append(key.in_(having))
    if search.is_awarded:
        conditions.append(
            exists()
            .where(Award.proposal_id == CatalogueEntry.proposal_id, Result.publish_at <= now)
            .where(Result.edition_id == Award.edition_id)
        )
    return (
        select(Proposal)
        .join(CatalogueEntry, CatalogueEntry.proposal_id == Proposal.id)
        .join(Proposal.edition)
        .where(*conditions)
    )


def _is_shown() -> ColumnElement[bool]:
    return and_(Edition.is_public, Proposal.status.in_(COMPETING))


def _values(
    column: InstrumentedAttribute[T], *, is_newest_first: bool = False
) -> list[tuple[T, str]]:
    """Return the values of a column, each with its text; what was never shown has no entry."""
    statement = (
        select(column)
        .distinct()
        .order_by(column.desc() if is_newest_first else column)
        .limit(MOST_OFFERED)
    )
    return [(value, str(value)) for value in db.session.scalars(statement) if value]
