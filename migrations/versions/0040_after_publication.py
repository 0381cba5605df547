"""Objections to a published result, its decree, results withdrawn; names beside the audit trail.

Revision ID: 0040
Revises: 0039
Create Date: 2026-11-27 06:25:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
DAYS = (
    "objection_days INTEGER DEFAULT '0' NOT NULL "
    "CONSTRAINT ck_edition_objection_days CHECK (objection_days BETWEEN 0 AND 60)"
)
MATTERS = ("scores", "awards", "conflict", "procedure")
ANSWERS = ("upheld", "partly", "dismissed")


def one_of(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name, *, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def words(name, size=None):
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False)


def refers(table, column, to, **options):
    name = op.f(f"fk_{table}_{column}_{to.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, **options)


def upgrade():
    op.execute(f"ALTER TABLE edition ADD COLUMN {DAYS}")
    op.add_column("result", moment("noted_at", nullable=True))
    op.execute("UPDATE result SET noted_at = publish_at")  # of earlier ones no letters are sent
    op.create_table(
        "objection",
        number("id"),
        number("edition_id"),
        number("proposal_id"),
        sa.Column("matter", one_of(*MATTERS, name="matter"), nullable=False),
        number("round"),
        words("text"),
        number("filed_by_id"),
        moment("filed_at"),
        number("assigned_to_id", nullable=True),
        sa.Column("answer", one_of(*ANSWERS, name="answer")),
        words("reason"),
        number("entry", nullable=True),
        number("answered_by_id", nullable=True),
        moment("answered_at", nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_objection_has_text")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (answered_by_id IS NULL)"
            " AND (answer IS NULL OR reason <> '')",
            name=op.f("ck_objection_answered_with_reason"),
        ),
        refers("objection", "edition_id", "edition.id"),
        refers("objection", "proposal_id", "proposal.id"),
        refers("objection", "filed_by_id", "person.id"),
        refers("objection", "assigned_to_id", "person.id"),
        refers("objection", "answered_by_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint(
            "proposal_id", "matter", "round", name=op.f("uq_objection_proposal_id_matter_round")
        ),
    )
    op.create_index(op.f("ix_objection_edition_id"), "objection", ["edition_id"])
    op.create_index(op.f("ix_objection_assigned_to_id"), "objection", ["assigned_to_id"])
    op.create_table(
        "decree",
        number("edition_id"),
        words("number", 100),
        sa.Column("dated", sa.Date(), nullable=False),
        words("signed_by", 200),
        moment("final_at"),
        number("recorded_by_id"),
        moment("recorded_at"),
        sa.Column("scan", sa.LargeBinary()),
        words("scan_sha256", 64),
        refers("decree", "edition_id", "result.edition_id", ondelete="CASCADE"),
        refers("decree", "recorded_by_id", "person.id"),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_decree")),
    )
    op.create_table(
        "withdrawal",
        number("edition_id"),
        words("reason"),
        number("asked_by_id"),
        moment("asked_at"),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_withdrawal_has_reason")),
        refers("withdrawal", "edition_id", "result.edition_id", ondelete="CASCADE"),
        refers("withdrawal", "asked_by_id", "person.id"),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "past_result",
        number("id"),
        number("edition_id"),
        number("round"),
        moment("published_at"),
        moment("withdrawn_at"),
        words("reason"),
        number("asked_by_id"),
        number("agreed_by_id"),
        words("decree", 100),
        sa.Column("awards", sa.JSON(), nullable=False),
        words("public_file"),
        words("public_sha256", 64),
        words("full_sha256", 64),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name=op.f("ck_past_result_two_people")),
        refers("past_result", "edition_id", "edition.id"),
        refers("past_result", "asked_by_id", "person.id"),
        refers("past_result", "agreed_by_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_result")),
        sa.UniqueConstraint("edition_id", "round", name=op.f("uq_past_result_edition_id_round")),
    )
    op.create_table(
        "audit_name",
        number("id"),
        number("edition_id"),
        number("person_id"),
        words("digest", 80),
        words("salt", 64),
        words("name", 300),
        refers("audit_name", "edition_id", "edition.id"),
        refers("audit_name", "person_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_name")),
    )
    op.create_index(op.f("ix_audit_name_edition_id"), "audit_name", ["edition_id"])
    op.create_index(op.f("ix_audit_name_person_id"), "audit_name", ["person_id"])
    op.create_index(op.f("ix_past_result_public_sha256"), "past_result", ["public_sha256"])
    op.create_index(op.f("ix_past_result_full_sha256"), "past_result", ["full_sha256"])


def downgrade():
    for table in ("audit_name", "past_result", "withdrawal", "decree", "objection"):
        op.drop_table(table)
    with op.batch_alter_table("result") as batch:
        batch.drop_column("noted_at")
    with op.batch_alter_table("edition") as batch:
        batch.drop_constraint(op.f("ck_edition_objection_days"), type_="check")
        batch.drop_column("objection_days")
