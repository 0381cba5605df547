"""The table by which innovations are found: a row each, written by the worker."""

from datetime import datetime

from sqlalchemy import DDL, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment

VECTOR = "vector"
"""PostgreSQL's own column of words, each as it is written, none of them changed.

It is a column, for PostgreSQL knows how often a word stands in one, and so how best to look for it.
"""


class CatalogueEntry(Base):
    """What an innovation is found by, of the `version` of its proposal and what was agreed then.

    `title_words` and `words` are as `words.indexed` writes them; agency and category are those of
    its time.
    """

    __tablename__ = "catalogue_entry"
    __table_args__ = (
        Index("ix_catalogue_entry_newest", "year", "proposal_id"),
        Index("ix_catalogue_entry_agency", "agency", "year", "proposal_id"),
        Index("ix_catalogue_entry_category", "category", "year", "proposal_id"),
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int]
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)
    year: Mapped[int]
    agency: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(300))
    title_words: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class CatalogueTheme(Base):
    """A theme of an innovation, such as a goal, that its authors agreed to show; of its `year`."""

    __tablename__ = "catalogue_theme"
    __table_args__ = (Index("ix_catalogue_theme_newest", "name", "year", "proposal_id"),)

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    year: Mapped[int]


_ADD = "INSERT INTO catalogue_search (rowid, words) VALUES (new.proposal_id, new.words);"
_DROP = (
    "INSERT INTO catalogue_search (catalogue_search, rowid, words) "
    "VALUES ('delete', old.proposal_id, old.words);"
)
_TABLE = (
    "CREATE VIRTUAL TABLE catalogue_search USING fts5(words, content='catalogue_entry', "
    "content_rowid='proposal_id', tokenize='unicode61', prefix='1 2 3')"
)
_ON = "CREATE TRIGGER catalogue_entry_{name} AFTER {what} ON catalogue_entry BEGIN {does} END"

_COLUMN = (
    f"ALTER TABLE catalogue_entry ADD COLUMN {VECTOR} tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED"
)
_INDEX = (
    f"CREATE INDEX ix_catalogue_entry_words ON catalogue_entry USING gin ({VECTOR}) "
    "WITH (fastupdate = off)"
)

SEARCHED = {
    "sqlite": (
        _TABLE,
        _ON.format(name="added", what="INSERT", does=_ADD),
        _ON.format(name="gone", what="DELETE", does=_DROP),
        _ON.format(name="changed", what="UPDATE", does=f"{_DROP} {_ADD}"),
    ),
    "postgresql": (_COLUMN, _INDEX),
}
"""What makes the words searchable on each database; the migration says the same."""

for _dialect, _statements in SEARCHED.items():
    for _statement in _statements:
        _own = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(CatalogueEntry.__table__, "after_create", _own)
