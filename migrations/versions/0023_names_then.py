"""A confirmed edition keeps the agencies, and a receipt the names, of its time.

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-26 08:50:00

"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COLUMNS = "organisation_id, code, name, kind, travel_minutes, can_enter"
COPY = f"""
INSERT INTO agency ({COLUMNS}, edition_id, origin_id)
SELECT {", ".join(f"agency.{name}" for name in COLUMNS.split(", "))}, edition.id, agency.id
FROM agency JOIN edition ON edition.organisation_id = agency.organisation_id
WHERE edition.closed_at IS NOT NULL
ORDER BY edition.id, agency.id
"""  # noqa: S608 -- names of columns alone
PARENTS = """
UPDATE agency SET parent_id = (
    SELECT above.id FROM agency AS above JOIN agency AS origin ON origin.parent_id = above.origin_id
    WHERE origin.id = agency.origin_id AND above.edition_id = agency.edition_id
) WHERE edition_id IS NOT NULL
"""
REFER = """
UPDATE {table} SET {column} = (
    SELECT kept.id FROM agency AS kept
    WHERE kept.origin_id = {table}.{column} AND kept.edition_id = {table}.{edition}
) WHERE {column} IS NOT NULL
AND {edition} IN (SELECT confirmed.id FROM edition AS confirmed WHERE closed_at IS NOT NULL)
"""
REFERENCES = (
    ("proposal", "agency_id", "edition_id"),
    ("membership", "agency_id", "edition_id"),
    ("edition", "host_id", "id"),
)
SUBMISSIONS = """
SELECT submission.id, agency.name AS agency, person.name AS person, edition.id AS edition,
    edition.name, edition.name_en, edition.unit_word, edition.unit_word_en
FROM submission JOIN proposal ON proposal.id = submission.proposal_id
JOIN agency ON agency.id = proposal.agency_id
JOIN person ON person.id = submission.person_id
JOIN edition ON edition.id = proposal.edition_id
"""
SECTIONS = "SELECT edition_id, id, name, name_en FROM section ORDER BY edition_id, position"


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        _make_agency_anew()
    else:
        _widen_agency()
    unique = {"unique": True, "sqlite_where": sa.text("edition_id IS NULL")}
    op.create_index(
        "uq_agency_code",
        "agency",
        ["organisation_id", "code"],
        postgresql_where=sa.text("edition_id IS NULL"),
        **unique,
    )
    op.create_index(op.f("ix_agency_origin_id"), "agency", ["origin_id"])
    for statement in (COPY, PARENTS):
        op.execute(statement)
    for table, column, edition in REFERENCES:
        op.execute(REFER.format(table=table, column=column, edition=edition))
    op.add_column("submission", sa.Column("names", sa.Text(), server_default="", nullable=False))
    _name_submissions()


def downgrade():
    raise NotImplementedError("The agencies of several times have no place in the older table.")


def _widen_agency():
    for column in ("edition_id", "origin_id"):
        op.add_column("agency", sa.Column(column, sa.Integer()))
    op.drop_constraint(op.f("uq_agency_organisation_id_code"), "agency")
    name = op.f("uq_agency_edition_id_code")
    op.create_unique_constraint(name, "agency", ["edition_id", "code"])
    for column, table in (("edition_id", "edition"), ("origin_id", "agency")):
        name = op.f(f"fk_agency_{column}_{table}")
        op.create_foreign_key(name, "agency", table, [column], ["id"])


def _make_agency_anew():
    """Replace the table, for SQLite can't take UNIQUE away; nothing that refers to it changes."""
    op.create_table(
        "agency_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("can_enter", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("edition_id", sa.Integer()),
        sa.Column("origin_id", sa.Integer()),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_agency_not_own_parent")),
        sa.CheckConstraint(
            "travel_minutes BETWEEN 0 AND 1440", name=op.f("ck_agency_travel_minutes")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_agency_{column}_{table}")
            for column, table in (
                ("organisation_id", "organisation"),
                ("parent_id", "agency"),
                ("edition_id", "edition"),
                ("origin_id", "agency"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "kind"],
            ["agency_kind.organisation_id", "agency_kind.code"],
            name=op.f("fk_agency_organisation_id_agency_kind"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_agency_edition_id_code")),
    )
    columns = f"id, parent_id, {COLUMNS}"
    op.execute(f"INSERT INTO agency_anew ({columns}) SELECT {columns} FROM agency")  # noqa: S608
    op.drop_table("agency")
    op.rename_table("agency_anew", "agency")
    op.create_index("ix_agency_parent_id", "agency", ["parent_id"])


def _name_submissions():
    """Let each receipt keep today's names, for those of its time are not known."""
    connection = op.get_bind()
    sections = {}
    for row in connection.execute(sa.text(SECTIONS)):
        sections.setdefault(row.edition_id, []).append([row.id, row.name, row.name_en])
    for row in connection.execute(sa.text(SUBMISSIONS)).all():
        names = {
            "agency": row.agency,
            "person": row.person,
            "edition": [row.name, row.name_en],
            "unit_word": [row.unit_word, row.unit_word_en],
            "sections": sections.get(row.edition, []),
        }
        written = json.dumps(names, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(
            sa.text("UPDATE submission SET names = :names WHERE id = :id"),
            {"names": written, "id": row.id},
        )
