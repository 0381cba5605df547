"""Who sat in the plenary, what both bodies agreed to, where it deviated; result files and seals.

Revision ID: 0039
Revises: 0038
Create Date: 2026-11-27 05:30:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def one_of(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def refers(table, column, to, **options):
    name = op.f(f"fk_{table}_{column}_{to.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, **options)


def of_a_result(table):
    return refers(table, "edition_id", "result.edition_id", ondelete="CASCADE")


def upgrade():
    op.add_column("award", sa.Column("calculated", sa.Integer()))
    op.execute("UPDATE award SET calculated = rank")
    op.create_table(
        "attendance",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", one_of("committee", "judges", name="body"), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        of_a_result("attendance"),
        refers("attendance", "person_id", "person.id"),
        sa.PrimaryKeyConstraint("edition_id", "person_id", "body", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_person_id"), "attendance", ["person_id"])
    op.create_table(
        "agreement",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("body", one_of("committee", "judges", name="body"), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        of_a_result("agreement"),
        refers("agreement", "category_id", "award_category.id"),
        sa.PrimaryKeyConstraint("category_id", "body", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_edition_id"), "agreement", ["edition_id"])
    op.create_table(
        "deviation",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("calculated", sa.JSON(), nullable=False),
        sa.Column("in_favour", sa.JSON(), nullable=False),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_deviation_has_reason")),
        of_a_result("deviation"),
        refers("deviation", "category_id", "award_category.id"),
        sa.PrimaryKeyConstraint("category_id", name=op.f("pk_deviation")),
    )
    op.create_index(op.f("ix_deviation_edition_id"), "deviation", ["edition_id"])
    op.create_table(
        "result_file",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("scope", one_of("public", "full", name="scope"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        of_a_result("result_file"),
        sa.PrimaryKeyConstraint("edition_id", "scope", name=op.f("pk_result_file")),
    )
    op.create_index(op.f("ix_result_file_digest"), "result_file", ["digest"])
    op.create_table(
        "seal",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        of_a_result("seal"),
        sa.PrimaryKeyConstraint("edition_id", "table_name", name=op.f("pk_seal")),
    )


def downgrade():
    for table in ("seal", "result_file", "deviation", "agreement", "attendance"):
        op.drop_table(table)
    with op.batch_alter_table("award") as batch:
        batch.drop_column("calculated")
