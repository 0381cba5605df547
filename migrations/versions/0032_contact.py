"""An edition says how its secretariat is reached.

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-26 19:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "edition", sa.Column("contact", sa.String(300), nullable=False, server_default="")
    )


def downgrade():
    op.drop_column("edition", "contact")
