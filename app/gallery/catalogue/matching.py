"""Which innovations have the words that somebody looks for, on either database."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    column,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.database import db
from app.gallery.catalogue.models import VECTOR, CatalogueEntry

Asked = Sequence[tuple[str, str]]
Condition = ColumnElement[bool]
Columns = Select[*tuple[Any, ...]]

WORDS = table("catalogue_search", column("rowid", Integer))
"""SQLite's own table of words: it hands out those that match by their id, and stops when asked."""
IN_ORDER = literal_column("+catalogue_entry.proposal_id", Integer)
"""The id of an entry, to be looked up in those that match while entries are read newest first.

Without the sign SQLite reads those that match, and then puts them in order: three times as long.
"""
IN_TURN = literal_column("+catalogue_search.rowid", Integer)
"""The id of words that match, to be looked up among the entries that are wanted.

Without the sign SQLite looks for the words once for each of these entries.
"""
BEGUN = 3  # letters from which on a word may be only begun


def with_words(entries: Columns, words: Asked, narrowed: Sequence[Condition]) -> Columns:
    """Select of these entries those that have all the words, as asked or by stem, last made first.

    The last word may be only begun, for it may still be typed, once it has three letters. The
    conditions that narrow the entries are met too; on SQLite before an entry is read.
    """
    wanted = select(CatalogueEntry.proposal_id).where(*narrowed).correlate(None)
    if db.engine.dialect.name == "sqlite":
        matching = entries.join(WORDS, WORDS.c.rowid == CatalogueEntry.proposal_id)
        matching = matching.where(_in_sqlite(words)).order_by(WORDS.c.rowid.desc())
        return matching.where(IN_TURN.in_(wanted)) if narrowed else matching
    matching = entries.where(_in_postgresql(words)).order_by(CatalogueEntry.proposal_id.desc())
    return matching.where(CatalogueEntry.proposal_id.in_(wanted)) if narrowed else matching


def is_among(ids: Select[int]) -> Condition:
    """Return the condition that an entry's innovation is one of these (ids)."""
    if db.engine.dialect.name == "sqlite":
        return IN_ORDER.in_(ids)
    return CatalogueEntry.proposal_id.in_(ids)


def has_in_title(words: Asked) -> Condition:
    """Return the condition that its title has all these words, or their stems."""
    title = literal(" ").concat(CatalogueEntry.title_words)
    return and_(
        true(),
        *(or_(title.contains(f" {word}"), title.contains(f" {stem}")) for word, stem in words),
    )


def _in_sqlite(words: Asked) -> Condition:
    forms = [
        f'("{word}"{"*" if is_begun else ""} OR "{stem}")' for word, stem, is_begun in _forms(words)
    ]
    return literal_column("catalogue_search").op("MATCH")(bindparam(None, " AND ".join(forms)))


def _in_postgresql(words: Asked) -> Condition:
    forms = [
        f"('{word}'{':*' if is_begun else ''} | '{stem}')" for word, stem, is_begun in _forms(words)
    ]
    question = cast(bindparam(None, " & ".join(forms), type_=String), TSQUERY)
    return literal_column(VECTOR).bool_op("@@")(question)


def _forms(words: Asked) -> Iterator[tuple[str, str, bool]]:
    """Yield each word, its stem, and whether it may be only begun."""
    for place, (word, stem) in enumerate(words, 1):
        yield word, stem, place == len(words) and len(word) >= BEGUN
