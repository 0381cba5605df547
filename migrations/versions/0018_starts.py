"""How often a job was started, so that one that ends the worker each time is not run for ever.

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-26 06:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("job", sa.Column("starts", sa.Integer(), server_default="0", nullable=False))


def downgrade():
    op.drop_column("job", "starts")
