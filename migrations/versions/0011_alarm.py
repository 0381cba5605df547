"""How long before a presentation a person's calendar rings.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-24 20:15:00

"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
COLUMN = (
    "alarm_minutes INTEGER CONSTRAINT ck_feed_alarm_minutes "
    "CHECK (alarm_minutes BETWEEN 1 AND 10080)"
)


def upgrade():
    op.execute(f"ALTER TABLE feed ADD COLUMN {COLUMN}")


def downgrade():
    op.drop_column("feed", "alarm_minutes")
