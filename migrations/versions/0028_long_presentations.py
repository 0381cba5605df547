"""A finalist may need two slots in a row; a second booking then holds the one that follows.

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-26 13:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ACTIVE = sa.text("given_up_at IS NULL")


def upgrade():
    op.create_table(
        "long_presentation",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_long_presentation_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_long_presentation")),
    )
    op.add_column(
        "booking",
        sa.Column("continues", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    _index("proposal_id", "continues")


def downgrade():
    op.execute("DELETE FROM booking WHERE continues")
    _index("proposal_id")
    op.drop_column("booking", "continues")
    op.drop_table("long_presentation")


def _index(*columns: str) -> None:
    op.drop_index("uq_booking_proposal", table_name="booking")
    op.create_index(
        "uq_booking_proposal",
        "booking",
        columns,
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
