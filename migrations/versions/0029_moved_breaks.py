"""A break may begin within bounds, and on one day at another time than usually.

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-26 13:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("break", sa.Column("earliest", sa.Time()))
    op.add_column("break", sa.Column("latest", sa.Time()))
    op.create_table(
        "moved_break",
        sa.Column("break_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["break_id"],
            ["break.id"],
            name=op.f("fk_moved_break_break_id_break"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("break_id", "day", name=op.f("pk_moved_break")),
    )


def downgrade():
    op.drop_table("moved_break")
    op.drop_column("break", "latest")
    op.drop_column("break", "earliest")
