"""Awards of several kinds, each with its own rule; how many prizes one may get.

Revision ID: 0037
Revises: 0036
Create Date: 2026-11-27 03:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KINDS = "'ranking', 'criterion', 'plenary', 'both', 'mention'"
# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
OF_CATEGORIES = (
    "kind VARCHAR(32) DEFAULT 'plenary' NOT NULL "
    f"CONSTRAINT ck_award_category_kind CHECK (kind IN ({KINDS}))",
    "criterion VARCHAR(300) DEFAULT '' NOT NULL",
    "only_for VARCHAR(300) DEFAULT '' NOT NULL",
)
LIMIT = (
    "prize_limit VARCHAR(32) DEFAULT 'proposal' NOT NULL "
    "CONSTRAINT ck_edition_prize_limit CHECK (prize_limit IN ('proposal', 'agency', 'none'))"
)
ONE_AN_EDITION = "uq_award_edition_id_proposal_id"
ONE_A_CATEGORY = "uq_award_category_id_proposal_id"


def upgrade():
    op.execute(f"ALTER TABLE edition ADD COLUMN {LIMIT}")
    for column in OF_CATEGORIES:
        op.execute(f"ALTER TABLE award_category ADD COLUMN {column}")
    op.execute("UPDATE award_category SET kind = 'ranking' WHERE is_ranked")
    op.execute(
        "UPDATE award_category SET kind = 'both' WHERE NOT is_ranked "
        "AND lower(name) LIKE '%partisipatif%'"
    )
    with op.batch_alter_table("award_category") as batch:
        batch.drop_column("is_ranked")
        batch.alter_column("kind", server_default=None)
        batch.create_check_constraint(
            op.f("ck_award_category_has_criterion"), "kind <> 'criterion' OR criterion <> ''"
        )
    with op.batch_alter_table("award") as batch:
        batch.drop_constraint(ONE_AN_EDITION, type_="unique")
        batch.create_unique_constraint(ONE_A_CATEGORY, ["category_id", "proposal_id"])


def downgrade():
    with op.batch_alter_table("award") as batch:
        batch.drop_constraint(ONE_A_CATEGORY, type_="unique")
        batch.create_unique_constraint(ONE_AN_EDITION, ["edition_id", "proposal_id"])
    op.execute("ALTER TABLE award_category ADD COLUMN is_ranked BOOLEAN DEFAULT false NOT NULL")
    op.execute("UPDATE award_category SET is_ranked = true WHERE kind IN ('ranking', 'criterion')")
    with op.batch_alter_table("award_category") as batch:
        batch.drop_constraint(op.f("ck_award_category_has_criterion"), type_="check")
        batch.drop_constraint(op.f("ck_award_category_kind"), type_="check")
        for column in ("kind", "criterion", "only_for"):
            batch.drop_column(column)
    with op.batch_alter_table("edition") as batch:
        batch.drop_constraint(op.f("ck_edition_prize_limit"), type_="check")
        batch.drop_column("prize_limit")
