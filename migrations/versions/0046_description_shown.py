"""Authors may show the whole description of their innovation.

Revision ID: 0046
Revises: 0045
Create Date: 2026-11-27 19:55:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade():
    shows = sa.Column("shows_description", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("showcase", shows)


def downgrade():
    with op.batch_alter_table("showcase") as batch:
        batch.drop_column("shows_description")
