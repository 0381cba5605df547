"""Remarks of evaluators on a proposal; the committee's own words in a letter; what entrants read.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-24 18:50:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_remark_has_text")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_remark_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_remark_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_proposal_id"), "remark", ["proposal_id"])
    op.add_column("decision", sa.Column("letter", sa.Text(), server_default="", nullable=False))
    for name in ("shows_averages", "shows_comments"):
        column = sa.Column(name, sa.Boolean(), server_default=sa.text("true"), nullable=False)
        op.add_column("edition", column)


def downgrade():
    op.drop_column("edition", "shows_comments")
    op.drop_column("edition", "shows_averages")
    op.drop_column("decision", "letter")
    op.drop_table("remark")
