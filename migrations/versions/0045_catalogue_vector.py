"""The words of the catalogue as a column of their own on PostgreSQL, which then knows how many.

Revision ID: 0045
Revises: 0044
Create Date: 2026-11-27 19:30:00

"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
INDEX = "CREATE INDEX ix_catalogue_entry_words ON catalogue_entry USING gin"
LASTING = "WITH (fastupdate = off)"


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def upgrade():
    if is_postgresql():
        op.execute("DROP INDEX ix_catalogue_entry_words")
        op.execute(
            "ALTER TABLE catalogue_entry ADD COLUMN vector tsvector "
            f"GENERATED ALWAYS AS ({VECTOR}) STORED"
        )
        op.execute(f"{INDEX} (vector) {LASTING}")


def downgrade():
    if is_postgresql():
        op.execute("ALTER TABLE catalogue_entry DROP COLUMN vector")
        op.execute(f"{INDEX} ({VECTOR}) {LASTING}")
