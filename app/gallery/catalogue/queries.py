"""Finding innovations of all public editions; whether one is shown is asked when it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Integer, Select, and_, exists, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.awards.models import Award, Result
from app.database import db
from app.editions.models import Edition
from app.editions.units import Organisation
from app.gallery.catalogue.matching import has_in_title, with_words
from app.gallery.catalogue.models import CatalogueEntry, CatalogueTheme
from app.gallery.catalogue.words import asked
from app.proposals.models import Proposal
from app.workflow import COMPETING

T = TypeVar("T")

IN_ORDER = literal_column("+catalogue_entry.proposal_id", Integer)
"""The id of an entry, to be looked up in those that match while entries are read newest first.

Without the sign SQLite reads those that match, and then puts them in order: three times as long.
"""
MOST_OFFERED = 200  # values of a filter
MOST_FOUND = 600  # so many can be paged through


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


def best_keys(search: Search, *, now: datetime) -> list[int]:
    """Return the ids of the best innovations, `MOST_FOUND` + 1 of them where there are more.

    The newest come first; of those that have the words, those that have them in their title.
    Where more have them, those are looked at that were made last.
    """
    return list(db.session.scalars(_ordered(search, now).limit(MOST_FOUND + 1)))


def found_by(search: Search, *, now: datetime, first: int, size: int) -> list[Proposal]:
    """Return so many innovations from the place `first` on, in the order of `best_keys`."""
    ordered = _ordered(search, now).offset(first).limit(size)
    return innovations_with(list(db.session.scalars(ordered)))


def innovations_with(keys: Sequence[int]) -> list[Proposal]:
    """Return the innovations with these ids, in this order."""
    statement = (
        select(Proposal)
        .where(Proposal.id.in_(keys))
        .options(
            joinedload(Proposal.edition).joinedload(Edition.organisation),
            joinedload(Proposal.agency),
            joinedload(Proposal.category),
        )
    )
    found = {proposal.id: proposal for proposal in db.session.scalars(statement)}
    return [found[key] for key in keys]


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


def _ordered(search: Search, now: datetime) -> Select[int]:
    """Select the ids of what is found; with words, of the last `MOST_FOUND` + 1 alone."""
    words = asked(search.words)
    matching = _narrowed(search, now)
    if not words:
        newest_first = (CatalogueEntry.year.desc(), CatalogueEntry.proposal_id.desc())
        return matching.with_only_columns(Proposal.id).order_by(*newest_first)
    titled = has_in_title(words).label("is_titled")
    some = matching.with_only_columns(Proposal.id, CatalogueEntry.year, titled)
    best = with_words(some, words).limit(MOST_FOUND + 1).subquery()
    return select(best.c.id).order_by(best.c.is_titled.desc(), best.c.year.desc(), best.c.id.desc())


def _narrowed(search: Search, now: datetime) -> Select[Proposal]:
    """Select the innovations that are found, with their entry and edition joined."""
    conditions: list[ColumnElement[bool]] = [_is_shown()]
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
        conditions.append(IN_ORDER.in_(having))
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
    """Return the values of a column, each with its text; what was never shown has no entry.

    The column's index is asked for one value after the other: DISTINCT would read all of it.
    """
    found = select(func.min(column).label("value")).cte(recursive=True)
    following = select(func.min(column)).where(column > found.c.value).scalar_subquery()
    found = found.union_all(select(following).where(found.c.value.is_not(None)))
    order = found.c.value.desc() if is_newest_first else found.c.value
    statement = select(found.c.value).where(found.c.value.is_not(None)).order_by(order)
    values = db.session.scalars(statement.limit(MOST_OFFERED))
    return [(value, str(value)) for value in values if value]
