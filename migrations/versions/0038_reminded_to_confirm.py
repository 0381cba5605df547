"""People can be reminded that a result waits for their confirmation.

Revision ID: 0038
Revises: 0037
Create Date: 2026-11-27 03:30:00

"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

MATTERS = ("pledge", "desk", "slot", "presentation", "second_look")


def let_matters(matters):
    """Let reminders be of these matters."""
    name, condition = op.f("ck_reminder_matter"), ", ".join(f"'{matter}'" for matter in matters)
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"matter IN ({condition})")


def upgrade():
    let_matters((*MATTERS, "confirmation"))


def downgrade():
    op.execute("DELETE FROM reminder WHERE matter = 'confirmation'")
    let_matters(MATTERS)
