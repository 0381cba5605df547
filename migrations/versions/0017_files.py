"""PDFs that perhaps ask for a password; how much was attached to a proposal within a day.

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-26 06:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    no = sa.Column("may_be_locked", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("attachment", no)
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_upload_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_lately", "upload", ["proposal_id", "uploaded_at"])
    op.create_index("ix_upload_uploaded_at", "upload", ["uploaded_at"])


def downgrade():
    op.drop_table("upload")
    op.drop_column("attachment", "may_be_locked")
