"""What tells an edition's calendar entries from another's, and what becomes of answers by mail.

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-26 06:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    text = {"server_default": "", "nullable": False}
    op.add_column("edition", sa.Column("calendar_key", sa.String(12), **text))
    op.add_column("invitation", sa.Column("answer_stamp", MOMENT))
    op.add_column("invitation", sa.Column("comment", sa.Text(), **text))
    op.create_table(
        "unread_reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name="fk_unread_reply_edition_id_edition"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unread_reply"),
    )
    op.create_index("ix_unread_reply_edition_id", "unread_reply", ["edition_id"])


def downgrade():
    op.drop_index("ix_unread_reply_edition_id", "unread_reply")
    op.drop_table("unread_reply")
    op.drop_column("invitation", "comment")
    op.drop_column("invitation", "answer_stamp")
    op.drop_column("edition", "calendar_key")
