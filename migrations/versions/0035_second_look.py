"""A second look at the proposals near the line: sheets of a second look, who is asked for them.

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-27 01:50:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
BUDGET = (
    "second_look_budget INTEGER DEFAULT '0' NOT NULL "
    "CONSTRAINT ck_edition_second_look_budget CHECK (second_look_budget BETWEEN 0 AND 500)"
)
LOOK = "look INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_sheet_look CHECK (look IN (1, 2))"
UNIQUE = "uq_sheet_proposal_id_evaluator_id_kind"
MATTERS = ("pledge", "desk", "slot", "presentation")


def one_of(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def let_matters(matters):
    """Let reminders be of these matters."""
    name, condition = op.f("ck_reminder_matter"), ", ".join(f"'{matter}'" for matter in matters)
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"matter IN ({condition})")


def upgrade():
    op.execute(f"ALTER TABLE edition ADD COLUMN {BUDGET}")
    op.execute(f"ALTER TABLE sheet ADD COLUMN {LOOK}")
    let_matters((*MATTERS, "second_look"))
    with op.batch_alter_table("sheet") as batch:
        batch.drop_constraint(UNIQUE, type_="unique")
        batch.create_unique_constraint(
            f"{UNIQUE}_look", ["proposal_id", "evaluator_id", "kind", "look"]
        )
    op.create_table(
        "second_look",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.Integer()),
        sa.Column("ending", one_of("clear", "budget", "decided", name="ending")),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL) AND (ended_at IS NULL) = (ended_by_id IS NULL)",
            name=op.f("ck_second_look_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_second_look_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_second_look_opened_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_second_look_ended_by_id_person")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_second_look")),
    )
    op.create_table(
        "extra_judge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "material", one_of("recording", "hearing", "proposal", name="material"), nullable=False
        ),
        sa.Column("band", sa.JSON(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_extra_judge_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_extra_judge_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_extra_judge_asked_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_judge")),
    )
    op.create_index(op.f("ix_extra_judge_edition_id"), "extra_judge", ["edition_id"])


def downgrade():
    op.drop_table("extra_judge")
    op.drop_table("second_look")
    op.execute("DELETE FROM reminder WHERE matter = 'second_look'")
    let_matters(MATTERS)
    op.execute("DELETE FROM sheet WHERE look = 2")
    with op.batch_alter_table("sheet") as batch:
        batch.drop_constraint(f"{UNIQUE}_look", type_="unique")
        batch.create_unique_constraint(UNIQUE, ["proposal_id", "evaluator_id", "kind"])
        batch.drop_constraint(op.f("ck_sheet_look"), type_="check")
        batch.drop_column("look")
    op.drop_column("edition", "second_look_budget")
