"""Kinds of units as data, what an edition calls its units, and which of them can enter.

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-26 06:50:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KINDS = (
    ("setda", "Sekretariat daerah", "Regional secretariat"),
    ("dinas", "Dinas", "Agency (Dinas)"),
    ("badan", "Badan", "Board"),
    ("kecamatan", "Kecamatan", "District"),
    ("uptd", "UPTD", "Technical service unit"),
    ("bumd", "BUMD", "Region-owned enterprise"),
    ("other", "Unit lain", "Other unit"),
)
KIND = "fk_agency_organisation_id_agency_kind"
ADDED = (
    "unit_word VARCHAR(60) DEFAULT 'Perangkat daerah' NOT NULL",
    "unit_word_en VARCHAR(60) DEFAULT 'Agency' NOT NULL",
    "units_word_en VARCHAR(60) DEFAULT 'Agencies' NOT NULL",
    "shows_coverage BOOLEAN DEFAULT true NOT NULL",
)


def upgrade():
    for column in ADDED:
        op.execute(f"ALTER TABLE edition ADD COLUMN {column}")
    op.execute("ALTER TABLE agency ADD COLUMN can_enter BOOLEAN DEFAULT true NOT NULL")
    _make_kinds()
    if op.get_bind().dialect.name == "sqlite":
        _make_agency_anew()
        return
    op.drop_constraint(op.f("ck_agency_kind"), "agency", type_="check")
    pair = ["organisation_id", "kind"]
    op.create_foreign_key(
        op.f(KIND), "agency", "agency_kind", pair, ["organisation_id", "code"], onupdate="CASCADE"
    )


def downgrade():
    raise NotImplementedError(
        "Kinds that an organisation has named have no place in the older table."
    )


def _make_kinds():
    kinds = op.create_table(
        "agency_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_en", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agency_kind_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_kind")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_agency_kind_organisation_id_code")
        ),
    )
    organisations = op.get_bind().execute(sa.text("SELECT id FROM organisation ORDER BY id"))
    rows = [
        {"organisation_id": row.id, "code": code, "position": place}
        | {"name": name, "name_en": english}
        for row in organisations
        for place, (code, name, english) in enumerate(KINDS, 1)
    ]
    if rows:
        op.bulk_insert(kinds, rows)


def _make_agency_anew():
    """Replace the table, for SQLite can't take a CHECK away; nothing that refers to it changes."""
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
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_agency_not_own_parent")),
        sa.CheckConstraint(
            "travel_minutes BETWEEN 0 AND 1440", name=op.f("ck_agency_travel_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agency_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "kind"],
            ["agency_kind.organisation_id", "agency_kind.code"],
            name=op.f(KIND),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["agency.id"], name=op.f("fk_agency_parent_id_agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_agency_organisation_id_code")),
    )
    columns = "id, organisation_id, parent_id, code, name, kind, travel_minutes, can_enter"
    op.execute(f"INSERT INTO agency_anew ({columns}) SELECT {columns} FROM agency")
    op.drop_table("agency")
    op.rename_table("agency_anew", "agency")
    op.create_index("ix_agency_parent_id", "agency", ["parent_id"])
