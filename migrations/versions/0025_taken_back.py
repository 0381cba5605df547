"""An announced decision can be taken back: its row stays and says when.

Revision ID: 0025
Revises: 0024
Create Date: 2026-11-26 08:50:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("decision", sa.Column("taken_back_at", sa.DateTime(timezone=True)))


def downgrade():
    op.drop_column("decision", "taken_back_at")
