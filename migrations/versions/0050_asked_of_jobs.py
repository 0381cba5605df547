"""A job may hold what was asked for, as plain values.

Revision ID: 0050
Revises: 0049
Create Date: 2026-11-28 05:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("job", sa.Column("asked", sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table("job") as table:
        table.drop_column("asked")
