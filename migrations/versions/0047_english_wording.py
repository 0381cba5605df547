"""Papers in English have a wording of their own.

Revision ID: 0047
Revises: 0046
Create Date: 2026-11-27 20:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

PARTS = ("opening_en", "closing_en")


def upgrade():
    for name in PARTS:
        op.add_column("paper_rule", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade():
    with op.batch_alter_table("paper_rule") as batch:
        for name in PARTS:
            batch.drop_column(name)
