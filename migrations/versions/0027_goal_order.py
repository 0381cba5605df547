"""An edition orders the goals of a computed schedule, and limits what a judge hears on one day.

Revision ID: 0027
Revises: 0026
Create Date: 2026-11-26 12:50:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("edition", sa.Column("most_a_day", sa.Integer()))
    op.add_column(
        "edition",
        sa.Column("goal_order", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )


def downgrade():
    op.drop_column("edition", "goal_order")
    op.drop_column("edition", "most_a_day")
