"""How often the venue has changed, for the sequence of calendar entries.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-24 20:10:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    changes = sa.Column("venue_changes", sa.Integer(), server_default="0", nullable=False)
    op.add_column("edition", changes)
    changed_at = sa.Column("venue_changed_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("edition", changed_at)


def downgrade():
    op.drop_column("edition", "venue_changed_at")
    op.drop_column("edition", "venue_changes")
