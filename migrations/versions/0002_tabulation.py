"""The tabulation of the desk evaluation, passing grade and disagreement, the reserve list.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24 15:43:21.974734

"""

from collections import defaultdict
from fractions import Fraction

from alembic import op
import sqlalchemy as sa

from app.evaluation.statistics import mean, median, spread, to_units

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RESERVE = {
    "sqlite_where": sa.text("status = 'reserve'"),
    "postgresql_where": sa.text("status = 'reserve'"),
}
# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
COLUMNS = (
    "ALTER TABLE edition ADD COLUMN passing_grade INTEGER "
    "CONSTRAINT ck_edition_passing_grade CHECK (passing_grade BETWEEN 0 AND 10000)",
    "ALTER TABLE edition ADD COLUMN disagreement INTEGER DEFAULT '20' NOT NULL "
    "CONSTRAINT ck_edition_disagreement CHECK (disagreement BETWEEN 1 AND 100)",
    "ALTER TABLE proposal ADD COLUMN reserve_place INTEGER "
    "CONSTRAINT ck_proposal_has_reserve_place CHECK "
    "(reserve_place IS NULL OR status IN ('reserve', 'withdrawn', 'disqualified'))",
)


def upgrade():
    standing = op.create_table(
        "desk_standing",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("sheets_expected", sa.Integer(), nullable=False),
        sa.Column("sheets_locked", sa.Integer(), nullable=False),
        sa.Column("mean", sa.BigInteger(), nullable=True),
        sa.Column("median", sa.BigInteger(), nullable=True),
        sa.Column("spread", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(mean IS NULL) = (median IS NULL) AND (mean IS NULL) = (spread IS NULL)",
            name=op.f("ck_desk_standing_whole"),
        ),
        sa.CheckConstraint(
            "sheets_locked BETWEEN 0 AND sheets_expected",
            name=op.f("ck_desk_standing_locked_at_most_all"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_desk_standing_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_desk_standing_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_desk_standing")),
    )
    for name in ("mean", "spread"):
        columns = ["edition_id", name, "proposal_id"]
        op.create_index(f"ix_desk_standing_{name}", "desk_standing", columns)
    for statement in COLUMNS:
        op.execute(statement)
    columns = ["edition_id", "reserve_place"]
    op.create_index("uq_proposal_reserve_place", "proposal", columns, unique=True, **RESERVE)
    if rows := standings(op.get_bind()):
        op.bulk_insert(standing, rows)


def standings(connection):
    """What the sheets that exist come to."""
    found = defaultdict(list)
    sheets = connection.execute(
        sa.text(
            "SELECT sheet.proposal_id, proposal.edition_id, sheet.points FROM sheet "
            "JOIN proposal ON proposal.id = sheet.proposal_id "
            "WHERE sheet.kind = 'desk' AND NOT sheet.is_recused"
        )
    )
    for proposal_id, edition_id, points in sheets:
        found[proposal_id, edition_id].append(points)
    return [row(*key, all_points) for key, all_points in found.items()]


def row(proposal_id, edition_id, all_points):
    locked = [Fraction(each, 1_000_000) for each in all_points if each is not None]
    counting = locked if len(locked) == len(all_points) else []
    return {
        "proposal_id": proposal_id,
        "edition_id": edition_id,
        "sheets_expected": len(all_points),
        "sheets_locked": len(locked),
        "mean": to_units(mean(counting)),
        "median": to_units(median(counting)),
        "spread": to_units(spread(counting)),
    }


def downgrade():
    op.drop_index("uq_proposal_reserve_place", "proposal")
    op.drop_column("proposal", "reserve_place")
    op.drop_column("edition", "disagreement")
    op.drop_column("edition", "passing_grade")
    op.drop_table("desk_standing")
