"""When somebody signed the integrity pledge.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-24 16:25:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("membership", sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("membership", "pledged_at")
