"""A criterion says what it looks at, in a line.

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-26 16:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    for name in ("guidance", "guidance_en"):
        op.add_column("criterion", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade():
    op.drop_column("criterion", "guidance_en")
    op.drop_column("criterion", "guidance")
