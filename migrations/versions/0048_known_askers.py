"""Who asks to replicate an innovation, if they are known.

Revision ID: 0048
Revises: 0047
Create Date: 2026-11-27 20:45:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("replication") as batch:
        batch.add_column(sa.Column("asked_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_replication_asked_by_id_person"), "person", ["asked_by_id"], ["id"]
        )
    op.create_index(op.f("ix_replication_asked_by_id"), "replication", ["asked_by_id"])


def downgrade():
    op.drop_index(op.f("ix_replication_asked_by_id"), "replication")
    with op.batch_alter_table("replication") as batch:
        batch.drop_constraint(op.f("fk_replication_asked_by_id_person"), type_="foreignkey")
        batch.drop_column("asked_by_id")
