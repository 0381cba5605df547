"""The form as data: kinds of sections, conditions, files; quotas, the pledge, delegates.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-24 18:10:00

"""

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
COLUMNS = {
    "section": (
        "kind VARCHAR(32) DEFAULT 'text' NOT NULL "
        "CONSTRAINT ck_section_kind CHECK (kind IN ('text', 'line', 'one', 'several'))",
        "options TEXT DEFAULT '' NOT NULL",
        "only_if VARCHAR(700) DEFAULT '' NOT NULL",
        "is_required BOOLEAN DEFAULT true NOT NULL",
    ),
    "document_requirement": (
        "accepts VARCHAR(32) DEFAULT 'pdf' NOT NULL CONSTRAINT ck_document_requirement_accepts "
        "CHECK (accepts IN ('pdf', 'picture', 'office'))",
        "megabytes INTEGER DEFAULT '2' NOT NULL CONSTRAINT ck_document_requirement_megabytes "
        "CHECK (megabytes BETWEEN 1 AND 10)",
        "most INTEGER DEFAULT '1' NOT NULL "
        "CONSTRAINT ck_document_requirement_most CHECK (most BETWEEN 1 AND 20)",
    ),
    "edition": (
        "agency_quota INTEGER CONSTRAINT ck_edition_agency_quota CHECK (agency_quota >= 1)",
        "video_is_required BOOLEAN DEFAULT true NOT NULL",
        "attachments_mb INTEGER DEFAULT '20' NOT NULL "
        "CONSTRAINT ck_edition_attachments_mb CHECK (attachments_mb BETWEEN 1 AND 200)",
        "pledge TEXT DEFAULT '' NOT NULL",
        "pledge_en TEXT DEFAULT '' NOT NULL",
    ),
    "membership": (
        "is_delegate BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_membership_only_an_innovator_is_delegate "
        "CHECK (role = 'innovator' OR NOT is_delegate)",
    ),
}
UNIQUE = "uq_attachment_proposal_id_requirement_id"


def upgrade():
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    with op.batch_alter_table("attachment") as batch:
        batch.drop_constraint(UNIQUE, type_="unique")
        batch.create_index(batch.f("ix_attachment_proposal_id"), ["proposal_id"])


def downgrade():
    with op.batch_alter_table("attachment") as batch:
        batch.drop_index(batch.f("ix_attachment_proposal_id"))
        batch.create_unique_constraint(UNIQUE, ["proposal_id", "requirement_id"])
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
