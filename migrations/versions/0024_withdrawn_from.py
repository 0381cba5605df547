"""Where a withdrawn proposal stood, so that it can come back there.

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-26 08:50:00

"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMN = """
withdrawn_from VARCHAR(32) CONSTRAINT ck_proposal_withdrawn_from CHECK (withdrawn_from IN (
    'draft', 'submitted', 'returned', 'ineligible', 'eligible', 'finalist', 'reserve',
    'not_selected', 'presented', 'withdrawn', 'disqualified'
))
"""


def upgrade():
    op.execute(f"ALTER TABLE proposal ADD COLUMN {COLUMN}")


def downgrade():
    op.execute("ALTER TABLE proposal DROP COLUMN withdrawn_from")
