"""The catalogue: by which words and themes innovations are found.

Revision ID: 0043
Revises: 0042
Create Date: 2026-11-27 15:45:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ADD = "INSERT INTO catalogue_search (rowid, words) VALUES (new.proposal_id, new.words);"
DROP = (
    "INSERT INTO catalogue_search (catalogue_search, rowid, words) "
    "VALUES ('delete', old.proposal_id, old.words);"
)
SEARCHED = {
    "sqlite": (
        "CREATE VIRTUAL TABLE catalogue_search USING fts5(words, content='catalogue_entry', "
        "content_rowid='proposal_id', tokenize='unicode61', prefix='1 2 3')",
        f"CREATE TRIGGER catalogue_entry_added AFTER INSERT ON catalogue_entry BEGIN {ADD} END",
        f"CREATE TRIGGER catalogue_entry_gone AFTER DELETE ON catalogue_entry BEGIN {DROP} END",
        "CREATE TRIGGER catalogue_entry_changed AFTER UPDATE ON catalogue_entry "
        f"BEGIN {DROP} {ADD} END",
    ),
    "postgresql": (
        "CREATE INDEX ix_catalogue_entry_words ON catalogue_entry "
        "USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)",
    ),
}


def number(name):
    return sa.Column(name, sa.Integer(), nullable=False)


def words(name, size=None):
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False)


def of_proposal(table):
    return sa.ForeignKeyConstraint(
        ["proposal_id"],
        ["proposal.id"],
        name=op.f(f"fk_{table}_proposal_id_proposal"),
        ondelete="CASCADE",
    )


def upgrade():
    op.create_table(
        "catalogue_entry",
        number("proposal_id"),
        number("version"),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        number("year"),
        words("agency", 200),
        words("category", 300),
        words("title_words"),
        words("words"),
        of_proposal("catalogue_entry"),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_catalogue_entry")),
    )
    op.create_index("ix_catalogue_entry_newest", "catalogue_entry", ["year", "proposal_id"])
    for column in ("agency", "category"):
        op.create_index(op.f(f"ix_catalogue_entry_{column}"), "catalogue_entry", [column])
    op.create_table(
        "catalogue_theme",
        number("proposal_id"),
        words("name", 300),
        of_proposal("catalogue_theme"),
        sa.PrimaryKeyConstraint("proposal_id", "name", name=op.f("pk_catalogue_theme")),
    )
    op.create_index(op.f("ix_catalogue_theme_name"), "catalogue_theme", ["name"])
    for statement in SEARCHED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE catalogue_search")
    op.drop_table("catalogue_theme")
    op.drop_table("catalogue_entry")
