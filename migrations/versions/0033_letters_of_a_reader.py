"""Finding the letters to one address.

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-26 19:40:00

"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_letter_recipient", "letter", ["recipient", "id"])


def downgrade():
    op.drop_index("ix_letter_recipient", "letter")
