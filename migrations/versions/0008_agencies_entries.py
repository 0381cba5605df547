"""The entries of an agency: endorsed by its delegate, and ranked.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-24 18:40:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    "endorsed_by_id INTEGER CONSTRAINT fk_proposal_endorsed_by_id_person REFERENCES person (id)",
    "agency_rank INTEGER CONSTRAINT ck_proposal_agency_rank CHECK (agency_rank >= 1)",
)
RANK = "uq_proposal_agency_rank"


def upgrade():
    endorsed_at = sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("proposal", endorsed_at)
    for column in COLUMNS:
        op.execute(f"ALTER TABLE proposal ADD COLUMN {column}")
    columns = ["edition_id", "agency_id", "agency_rank"]
    op.create_index(RANK, "proposal", columns, unique=True)


def downgrade():
    op.drop_index(RANK, "proposal")
    for name in ("agency_rank", "endorsed_by_id", "endorsed_at"):
        op.drop_column("proposal", name)
