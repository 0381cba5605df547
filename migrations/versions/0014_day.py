"""Who has arrived or not come on the day, and when calendars last changed.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-24 22:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    empty = {"server_default": sa.text("''"), "nullable": False}
    op.add_column("appearance", sa.Column("entry", sa.LargeBinary(), **empty))
    op.add_column("appearance", sa.Column("entry_digest", sa.String(64), **empty))
    op.add_column("appearance", sa.Column("arrived_at", MOMENT))
    op.add_column("appearance", sa.Column("missed_at", MOMENT))
    op.add_column("edition", sa.Column("revised_at", MOMENT))


def downgrade():
    op.drop_column("edition", "revised_at")
    op.drop_column("appearance", "entry_digest")
    op.drop_column("appearance", "entry")
    op.drop_column("appearance", "missed_at")
    op.drop_column("appearance", "arrived_at")
