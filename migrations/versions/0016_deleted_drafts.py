"""The number of a deleted draft is not given again.

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-26 06:30:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    deleted = sa.Column("last_deleted", sa.Integer(), server_default="0", nullable=False)
    op.add_column("edition", deleted)


def downgrade():
    op.drop_column("edition", "last_deleted")
