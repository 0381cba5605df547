"""Papers: official documents as they were made, their files; who was told of a decree.

Revision ID: 0041
Revises: 0040
Create Date: 2026-11-27 11:25:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KINDS = (
    "screening_minutes",
    "minutes",
    "decree",
    "certificate",
    "letter",
    "score_sheet",
    "dossier",
    "programme",
    "ceremony",
    "attendance",
    "name_card",
    "label",
)
STANDS = sa.text("replaced_at IS NULL")


def one_of(column, *values):
    kind = sa.Enum(*values, name=column, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name, *, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def words(name, size=None):
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False)


def yes_or_no(name):
    return sa.Column(name, sa.Boolean(), nullable=False)


def refers(table, column, to, **options):
    name = op.f(f"fk_{table}_{column}_{to.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, **options)


def upgrade():
    op.add_column("decree", moment("told_at", nullable=True))
    op.execute("UPDATE decree SET told_at = final_at")  # of earlier ones no letters are sent
    op.create_table(
        "stationery",
        number("edition_id"),
        one_of("size", "a4", "f4"),
        words("place", 100),
        sa.Column("emblem", sa.LargeBinary()),
        words("emblem_sha256", 64),
        refers("stationery", "edition_id", "edition.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_stationery")),
    )
    op.create_table(
        "signatory",
        number("id"),
        number("edition_id"),
        words("capacity", 200),
        words("name", 200),
        words("rank", 100),
        words("nip", 32),
        words("head"),
        words("address", 300),
        yes_or_no("has_emblem"),
        sa.CheckConstraint("capacity <> '' AND name <> ''", name=op.f("ck_signatory_is_named")),
        refers("signatory", "edition_id", "edition.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
        sa.UniqueConstraint(
            "edition_id", "capacity", name=op.f("uq_signatory_edition_id_capacity")
        ),
    )
    op.create_table(
        "paper_rule",
        number("edition_id"),
        one_of("kind", *KINDS),
        number("signatory_id", nullable=True),
        words("code", 60),
        words("pattern", 120),
        words("opening"),
        words("closing"),
        words("copies"),
        refers("paper_rule", "edition_id", "edition.id", ondelete="CASCADE"),
        refers("paper_rule", "signatory_id", "signatory.id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("edition_id", "kind", name=op.f("pk_paper_rule")),
    )
    op.create_index(op.f("ix_paper_rule_signatory_id"), "paper_rule", ["signatory_id"])
    op.create_table(
        "paper",
        number("id"),
        number("edition_id"),
        one_of("kind", *KINDS),
        words("subject", 64),
        words("title", 600),
        words("name", 400),
        words("language", 5),
        number("serial", nullable=True),
        words("number"),
        words("template", 32),
        sa.Column("content", sa.JSON(), nullable=False),
        words("digest", 64),
        words("basis", 64),
        words("refusal"),
        number("made_by_id"),
        moment("made_at"),
        moment("replaced_at", nullable=True),
        refers("paper", "edition_id", "edition.id"),
        refers("paper", "made_by_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_index(op.f("ix_paper_edition_id"), "paper", ["edition_id"])
    op.create_index("ix_paper_digest", "paper", ["digest"])
    for name, columns in (
        ("uq_paper_standing", ["edition_id", "kind", "subject", "language"]),
        ("uq_paper_number", ["edition_id", "kind", "serial"]),
    ):
        op.create_index(
            name,
            "paper",
            columns,
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        )
    op.create_table(
        "paper_file",
        number("paper_id"),
        one_of("copy", "original", "scan", "signed"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        number("size"),
        words("sha256", 64),
        number("added_by_id", nullable=True),
        moment("added_at"),
        refers("paper_file", "paper_id", "paper.id", ondelete="CASCADE"),
        refers("paper_file", "added_by_id", "person.id"),
        sa.PrimaryKeyConstraint("paper_id", "copy", name=op.f("pk_paper_file")),
    )
    op.create_index(op.f("ix_paper_file_sha256"), "paper_file", ["sha256"])


def downgrade():
    for table in ("paper_file", "paper", "paper_rule", "signatory", "stationery"):
        op.drop_table(table)
    with op.batch_alter_table("decree") as batch:
        batch.drop_column("told_at")
