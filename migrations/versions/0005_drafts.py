"""Extensions of single drafts, and when their authors were reminded.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-24 16:55:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("extended_until", "reminded_at")


def upgrade():
    for name in COLUMNS:
        op.add_column("proposal", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade():
    for name in COLUMNS:
        op.drop_column("proposal", name)
