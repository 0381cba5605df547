"""Holds, queues, swaps, turns drawn by lot, and wishes.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-24 22:10:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("settled_at IS NULL")

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
ADDED = (
    "picking VARCHAR(32) DEFAULT 'first_come' NOT NULL "
    "CONSTRAINT ck_edition_picking CHECK (picking IN ('first_come', 'turns', 'wishes'))",
    "turn_minutes INTEGER DEFAULT 30 NOT NULL "
    "CONSTRAINT ck_edition_turn_minutes CHECK (turn_minutes BETWEEN 1 AND 1440)",
)


def key(name, table, **options):
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=False, **options)


def upgrade():
    for column in ADDED:
        op.execute(f"ALTER TABLE edition ADD COLUMN {column}")
    op.create_table(
        "hold",
        key("slot_id", "slot", primary_key=True),
        key("proposal_id", "proposal", unique=True),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("is_offer", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_hold_until", "hold", ["until"])
    op.create_table(
        "waiting",
        key("slot_id", "slot", primary_key=True),
        key("proposal_id", "proposal", primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.create_index("ix_waiting_proposal_id", "waiting", ["proposal_id"])
    op.create_table(
        "swap",
        sa.Column("id", sa.Integer(), primary_key=True),
        key("asking_id", "proposal"),
        key("asked_id", "proposal"),
        key("asking_slot_id", "slot"),
        key("asked_slot_id", "slot"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("asking_id <> asked_id", name="two_proposals"),
    )
    op.create_index("ix_swap_asked_id", "swap", ["asked_id"])
    op.create_index(
        "uq_swap_open",
        "swap",
        ["asking_id", "asked_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "draw",
        key("edition_id", "edition", primary_key=True),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("drawn_at", MOMENT),
    )
    op.create_table(
        "turn",
        key("proposal_id", "proposal", primary_key=True),
        key("edition_id", "edition"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
    )
    op.create_index("ix_turn_edition_id", "turn", ["edition_id"])
    op.create_table(
        "wish",
        key("proposal_id", "proposal", primary_key=True),
        sa.Column("rank", sa.Integer(), primary_key=True),
        key("slot_id", "slot"),
        sa.CheckConstraint("rank >= 1", name="rank"),
        sa.UniqueConstraint("proposal_id", "slot_id"),
    )
    op.create_index("ix_wish_slot_id", "wish", ["slot_id"])


def downgrade():
    for table in ("wish", "turn", "draw", "swap", "waiting", "hold"):
        op.drop_table(table)
    op.drop_column("edition", "turn_minutes")
    op.drop_column("edition", "picking")
