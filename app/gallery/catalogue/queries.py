"""Finding innovations of all public editions; whether one is shown is asked when it is found."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, load_only

from app.awards.models import Award, Result
from app.database import db
from app.editions.models import Edition
from app.editions.parts import Category, Section, options_in
from app.editions.units import Organisation
from app.gallery.catalogue.matching import has_in_title, is_among, with_words
from app.gallery.catalogue.models import CatalogueEntry, CatalogueTheme
from app.gallery.catalogue.words import asked
from app.gallery.queries import TEXTS
from app.proposals.models import Proposal
from app.workflow import COMPETING

T = TypeVar("T")
Expression = ColumnElement[T] | InstrumentedAttribute[T]

LEADING_NUMBER = re.compile(r"\d{1,9}")
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


class Narrowing(NamedTuple):
    """A value that the catalogue can be narrowed to, and its name."""

    value: int | str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Narrowings:
    """What the catalogue can be narrowed to."""

    organisations: Sequence[Narrowing]
    years: Sequence[Narrowing]
    categories: Sequence[Narrowing]
    themes: Sequence[Narrowing]


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
    """Return the innovations with these ids, in this order, with their answers."""
    rows = db.session.scalars(WITH_KEYS, {"keys": keys})
    found = {proposal.id: proposal for proposal in rows}
    return [found[key] for key in keys]


def offered() -> Narrowings:
    """Return what there is to narrow the catalogue to."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, key, text in db.session.execute(OFFERED):
        found[kind].append((key, text))
    categories = [text for _, text in sorted(found["category"], key=_text) if text]
    themes = [text for _, text in sorted(found["theme"], key=_counted)]
    return Narrowings(
        [Narrowing(*row) for row in sorted(found["organisation"], key=_text)],
        [Narrowing(*row) for row in sorted(found["year"], reverse=True)],
        _in_english(categories, dict(db.session.execute(CATEGORIES, {"names": categories}).all())),
        _in_english(themes, _themes_in_english() if themes else {}),
    )


def _themes_in_english() -> dict[str, str]:
    """Return the English of every theme that has one."""
    options = db.session.scalars(OPTIONS)
    return {each.name: each.name_en for text in options for each in options_in(text)}


def _in_english(names: Sequence[str], english: Mapping[str, str]) -> list[Narrowing]:
    return [Narrowing(name, name, english.get(name, "")) for name in names]


def _ordered(search: Search, now: datetime) -> Select[int]:
    """Select the ids of what is found; with words, of the last `MOST_FOUND` + 1 alone."""
    entries = (
        select(Proposal.id)
        .join(CatalogueEntry, CatalogueEntry.proposal_id == Proposal.id)
        .join(Proposal.edition)
        .where(_is_shown())
    )
    if words := asked(search.words):
        titled = has_in_title(words).label("is_titled")
        some = entries.add_columns(CatalogueEntry.year, titled)
        narrowed = list(_narrowings(search, now))
        best = with_words(some, words, narrowed).limit(MOST_FOUND + 1).subquery().c
        return select(best.id).order_by(best.is_titled.desc(), best.year.desc(), best.id.desc())
    if search.theme:  # whose index has its innovations newest first
        own = CatalogueTheme
        entries = entries.join(own, own.proposal_id == CatalogueEntry.proposal_id)
        others = _narrowings(replace(search, theme=""), now)
        entries = entries.where(own.name == search.theme, *others)
        return entries.order_by(own.year.desc(), own.proposal_id.desc())
    newest_first = (CatalogueEntry.year.desc(), CatalogueEntry.proposal_id.desc())
    return entries.where(*_narrowings(search, now)).order_by(*newest_first)


def _narrowings(search: Search, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Yield what an entry must meet, each condition by itself."""
    for column, value in (
        (CatalogueEntry.year, search.year),
        (CatalogueEntry.category, search.category),
        (CatalogueEntry.agency, search.agency),
    ):
        if value:
            yield column == value
    if search.organisation:
        own = select(Proposal.id).join(Proposal.edition)
        yield is_among(own.where(Edition.organisation_id == search.organisation))
    if search.theme:
        having = select(CatalogueTheme.proposal_id)
        yield is_among(having.where(CatalogueTheme.name == search.theme))
    if search.is_awarded:
        awarded = select(Award.proposal_id).join(Result, Result.edition_id == Award.edition_id)
        yield is_among(awarded.where(Result.publish_at <= now))


def _counted(row: tuple[int, str]) -> tuple[float, str]:
    """Return what puts numbered names in the order of their numbers, before all others."""
    number = LEADING_NUMBER.match(row[1])
    return (int(number[0]) if number else math.inf), _text(row)


def _text(value: tuple[int, str]) -> str:
    return value[1].casefold()


def _is_shown() -> ColumnElement[bool]:
    return and_(Edition.is_public, Proposal.status.in_(COMPETING))


def _values(kind: str, column: InstrumentedAttribute[Any]) -> Select[str, int, str]:
    """Select the values of a column, each as a number (0 if it is none) and as text.

    The column's index is asked for one value after the other: DISTINCT would read all of it.
    """
    found = select(func.min(column).label("value")).cte(f"{kind}_values", recursive=True)
    following = select(func.min(column)).where(column > found.c.value).scalar_subquery()
    found = found.union_all(select(following).where(found.c.value.is_not(None)))
    value = found.c.value
    number = value if isinstance(column.type, Integer) else literal(0)
    return _named(kind, number, cast(value, String)).where(value.is_not(None))


def _named(kind: str, key: Expression[int], text: Expression[str]) -> Select[str, int, str]:
    return select(literal(kind).label("kind"), key.label("key"), text.label("text"))


WITH_KEYS = (
    select(Proposal)
    .where(Proposal.id.in_(bindparam("keys", expanding=True)))
    .options(
        *TEXTS,
        joinedload(Proposal.edition).options(
            load_only(Edition.slug, Edition.name, Edition.name_en, Edition.organisation_id),
            joinedload(Edition.organisation),
        ),
        joinedload(Proposal.agency),
        joinedload(Proposal.category),
    )
)
OFFERED = union_all(
    *(
        select(part.limit(MOST_OFFERED).subquery())
        for part in (
            _named("organisation", Organisation.id, Organisation.name)
            .where(Organisation.id.in_(select(Edition.organisation_id).where(Edition.is_public)))
            .order_by(Organisation.name),
            _values("year", CatalogueEntry.year),
            _values("category", CatalogueEntry.category),
            _values("theme", CatalogueTheme.name),
        )
    )
)
"""What the catalogue can be narrowed to, as rows of kind, number and text."""
CATEGORIES = (
    select(Category.name, func.max(Category.name_en))
    .where(Category.name.in_(bindparam("names", expanding=True)))
    .group_by(Category.name)
)
"""The English names of categories; editions that name one alike are taken to mean one."""
OPTIONS = (
    select(Section.options).join(Edition).where(Edition.is_public, Section.options != "").distinct()
)
"""What the forms of public editions offer, many of them the same."""
