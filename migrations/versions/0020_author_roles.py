"""Which roles came with being made a co-author, so that they go with it.

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-26 07:20:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    column = sa.Column(
        "is_from_authorship", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("membership", column)


def downgrade():
    op.drop_column("membership", "is_from_authorship")
