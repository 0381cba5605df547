"""Conflicts declared late wait for agreement; a result knows which sheets it rests on.

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-26 06:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


HEADS = """
INSERT INTO audit_head (edition_id, entries, hash)
SELECT edition_id, sequence, hash FROM audit_entry AS entry
WHERE sequence = (SELECT MAX(sequence) FROM audit_entry WHERE edition_id = entry.edition_id)
"""


def upgrade():
    op.create_table(
        "audit_head",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"]),
        sa.PrimaryKeyConstraint("edition_id"),
    )
    op.execute(HEADS)
    is_pending = sa.Column("is_pending", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("conflict", is_pending)
    revision = sa.Column("evaluation_revision", sa.Integer(), server_default="0", nullable=False)
    op.add_column("result", revision)
    op.add_column("appearance", sa.Column("begun_at", sa.DateTime(timezone=True)))
    op.add_column("sheet", sa.Column("reopened_at", sa.DateTime(timezone=True)))
    acts = sa.Enum(
        "reopen", "excuse", name="act", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "sheet_request",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("act", acts, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_sheet_request_has_reason")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("sheet_id"),
    )
    op.execute(
        "UPDATE result SET evaluation_revision = (SELECT edition.evaluation_revision FROM edition "
        "WHERE edition.id = result.edition_id)"
    )


def downgrade():
    op.drop_table("audit_head")
    op.drop_table("sheet_request")
    op.drop_column("sheet", "reopened_at")
    op.drop_column("appearance", "begun_at")
    op.drop_column("result", "evaluation_revision")
    op.drop_column("conflict", "is_pending")
