"""A panel may begin at a time of its day, so that judges can change panels after a break.

Revision ID: 0036
Revises: 0035
Create Date: 2026-11-27 02:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

UNIQUE = "uq_panel_room_id_day"
WHOLE_DAY = sa.text("begins_at IS NULL")


def upgrade():
    with op.batch_alter_table("panel") as batch:
        batch.add_column(sa.Column("begins_at", sa.Time()))
        batch.drop_constraint(UNIQUE, type_="unique")
        batch.create_unique_constraint(f"{UNIQUE}_begins_at", ["room_id", "day", "begins_at"])
        batch.create_check_constraint(
            op.f("ck_panel_begins_on_a_day"), "begins_at IS NULL OR day IS NOT NULL"
        )
    op.create_index(
        "uq_panel_room_day",
        "panel",
        ["room_id", "day"],
        unique=True,
        sqlite_where=WHOLE_DAY,
        postgresql_where=WHOLE_DAY,
    )


def downgrade():
    op.drop_index("uq_panel_room_day", "panel")
    op.execute("DELETE FROM panel WHERE begins_at IS NOT NULL")
    with op.batch_alter_table("panel") as batch:
        batch.drop_constraint(op.f("ck_panel_begins_on_a_day"), type_="check")
        batch.drop_constraint(f"{UNIQUE}_begins_at", type_="unique")
        batch.create_unique_constraint(UNIQUE, ["room_id", "day"])
        batch.drop_column("begins_at")
