"""The condition that an innovation has the words somebody looks for, on either database."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
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

Key = SQLColumnExpression[int]

IN_ORDER: Key = literal_column("+catalogue_entry.proposal_id", Integer)
"""The id of an entry, to be looked up in those that match while entries are read newest first.

Without the sign SQLite reads those that match, and then puts them in order: three times as long.
"""
WORDS = table("catalogue_search", column("rowid", Integer))
"""SQLite's own table of words."""


def has_words(words: Asked, key: Key) -> ColumnElement[bool]:
    """Return the condition that the entry `key` has all these words: as asked, or their stems.

    The last word may be only begun, for it may still be typed.
    """
    is_sqlite = db.engine.dialect.name == "sqlite"
    return _in_sqlite(words, key) if is_sqlite else _in_postgresql(words)


def has_in_title(words: Asked) -> ColumnElement[bool]:
    """Return the condition that its title has all these words, or their stems."""
    title = literal(" ").concat(CatalogueEntry.title_words)
    return and_(
        true(),
        *(or_(title.contains(f" {word}"), title.contains(f" {stem}")) for word, stem in words),
    )


def _in_sqlite(words: Asked, key: Key) -> ColumnElement[bool]:
    forms = [
        f'("{word}"{"*" if place == len(words) else ""} OR "{stem}")'
        for place, (word, stem) in enumerate(words, 1)
    ]
    matching = literal_column("catalogue_search").op("MATCH")(bindparam(None, " AND ".join(forms)))
    return key.in_(select(WORDS.c.rowid).where(matching))


def _in_postgresql(words: Asked) -> ColumnElement[bool]:
    forms = [
        f"('{word}'{':*' if place == len(words) else ''} | '{stem}')"
        for place, (word, stem) in enumerate(words, 1)
    ]
    question = cast(bindparam(None, " & ".join(forms), type_=String), TSQUERY)
    return literal_column(VECTOR).bool_op("@@")(question)
