"""Entries of a category, an agency or a theme are read newest first.

Revision ID: 0049
Revises: 0048
Create Date: 2026-11-27 23:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NARROWED = ("agency", "category")
YEARS = (
    "UPDATE catalogue_theme SET year = (SELECT entry.year FROM catalogue_entry AS entry "
    "WHERE entry.proposal_id = catalogue_theme.proposal_id)"
)


def upgrade():
    for name in NARROWED:
        index = f"ix_catalogue_entry_{name}"
        op.drop_index(index, "catalogue_entry")
        op.create_index(index, "catalogue_entry", [name, "year", "proposal_id"])
    op.execute(
        "DELETE FROM catalogue_theme WHERE proposal_id NOT IN "
        "(SELECT proposal_id FROM catalogue_entry)"
    )
    op.drop_index("ix_catalogue_theme_name", "catalogue_theme")
    op.add_column("catalogue_theme", sa.Column("year", sa.Integer(), nullable=True))
    op.execute(YEARS)
    with op.batch_alter_table("catalogue_theme") as table:
        table.alter_column("year", existing_type=sa.Integer(), nullable=False)
    op.create_index("ix_catalogue_theme_newest", "catalogue_theme", ["name", "year", "proposal_id"])


def downgrade():
    op.drop_index("ix_catalogue_theme_newest", "catalogue_theme")
    with op.batch_alter_table("catalogue_theme") as table:
        table.drop_column("year")
    op.create_index("ix_catalogue_theme_name", "catalogue_theme", ["name"])
    for name in NARROWED:
        index = f"ix_catalogue_entry_{name}"
        op.drop_index(index, "catalogue_entry")
        op.create_index(index, "catalogue_entry", [name])
