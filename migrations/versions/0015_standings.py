"""One standing per proposal and kind of sheet; whether a sheet counts, and if not, why.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-26 02:30:00

"""

from collections import defaultdict
from fractions import Fraction
from math import lcm

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MILLION = 10**6
UNIT = 10**8 * lcm(*range(1, 23))
# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
PARTICIPATION = (
    "ALTER TABLE sheet ADD COLUMN participation VARCHAR(32) DEFAULT 'counts' NOT NULL "
    "CONSTRAINT ck_sheet_participation CHECK (participation IN ('counts', 'recused', 'excused'))"
)
# Whoever declared a conflict is recused; whoever did not, and yet counts no more, was excused.
DECLARED = (
    "EXISTS (SELECT 1 FROM conflict WHERE conflict.proposal_id = sheet.proposal_id "
    "AND conflict.person_id = sheet.evaluator_id AND NOT conflict.is_dismissed)"
)


def upgrade():
    connection = op.get_bind()
    op.execute(PARTICIPATION)
    op.execute(f"UPDATE sheet SET participation = 'recused' WHERE is_recused AND {DECLARED}")
    op.execute(f"UPDATE sheet SET participation = 'excused' WHERE is_recused AND NOT {DECLARED}")
    op.drop_column("sheet", "is_recused")
    revision = sa.Column("evaluation_revision", sa.Integer(), server_default="0", nullable=False)
    op.add_column("edition", revision)
    known = _known(connection)
    op.drop_table("standing")
    op.drop_table("desk_standing")
    standing = _create()
    if rows := [_row(*key, points) for key, points in _points(connection, known).items()]:
        op.bulk_insert(standing, rows)


def _create():
    kinds = sa.Enum(
        "desk", "presentation", name="kind", native_enum=False, create_constraint=False, length=32
    )
    table = op.create_table(
        "standing",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("sheets_expected", sa.Integer(), nullable=False),
        sa.Column("sheets_locked", sa.Integer(), nullable=False),
        sa.Column("mean", sa.BigInteger()),
        sa.Column("median", sa.BigInteger()),
        sa.Column("spread", sa.BigInteger()),
        sa.CheckConstraint(
            "(mean IS NULL) = (median IS NULL) AND (mean IS NULL) = (spread IS NULL)",
            name=op.f("ck_standing_whole"),
        ),
        sa.CheckConstraint(
            "sheets_locked BETWEEN 0 AND sheets_expected",
            name=op.f("ck_standing_locked_at_most_all"),
        ),
        sa.CheckConstraint("kind IN ('desk', 'presentation')", name=op.f("ck_standing_kind")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_standing_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_standing_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "kind", name=op.f("pk_standing")),
    )
    for name in ("mean", "spread"):
        columns = ["edition_id", "kind", name, "proposal_id"]
        op.create_index(f"ix_standing_{name}", "standing", columns)
    return table


def _known(connection):
    """The proposals (with their editions) that have had a standing, by kind."""
    return [
        (row.proposal_id, kind, row.edition_id)
        for table, kind in (("desk_standing", "desk"), ("standing", "presentation"))
        for row in connection.execute(sa.text(f"SELECT proposal_id, edition_id FROM {table}"))
    ]


def _points(connection, known):
    """The totals of the counting sheets, None for one not locked, by proposal, kind and edition."""
    found = defaultdict(list, {key: [] for key in known})
    sheets = connection.execute(
        sa.text(
            "SELECT sheet.proposal_id, sheet.kind, proposal.edition_id, sheet.points FROM sheet "
            "JOIN proposal ON proposal.id = sheet.proposal_id "
            "WHERE sheet.participation = 'counts'"
        )
    )
    for proposal_id, kind, edition_id, points in sheets:
        found[proposal_id, kind, edition_id].append(points)
    return found


def _row(proposal_id, kind, edition_id, all_points):
    locked = sorted(Fraction(points, MILLION) for points in all_points if points is not None)
    counting = locked if len(locked) == len(all_points) else []
    middle, is_odd = divmod(len(counting), 2)
    mean = median = spread = None
    if counting:
        mean = sum(counting) / len(counting)
        median = counting[middle] if is_odd else (counting[middle - 1] + counting[middle]) / 2
        spread = counting[-1] - counting[0]
    return {
        "proposal_id": proposal_id,
        "kind": kind,
        "edition_id": edition_id,
        "sheets_expected": len(all_points),
        "sheets_locked": len(locked),
        "mean": _units(mean),
        "median": _units(median),
        "spread": _units(spread),
    }


def _units(points):
    return None if points is None else int(points * UNIT)


def downgrade():
    raise NotImplementedError("What a sheet's points come to is computed by the version before.")
