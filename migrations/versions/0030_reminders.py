"""When people were last reminded of what they have to do.

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-26 16:20:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "reminder",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "matter",
            sa.Enum(
                "pledge",
                "desk",
                "slot",
                "presentation",
                name="matter",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_reminder_edition_id_edition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")
        ),
        sa.PrimaryKeyConstraint("edition_id", "person_id", "matter", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_person_id"), "reminder", ["person_id"])


def downgrade():
    op.drop_table("reminder")
