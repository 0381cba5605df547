"""After the competition: requests to replicate innovations, and what became of them.

Revision ID: 0044
Revises: 0043
Create Date: 2026-11-27 19:10:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATES = ("continues", "stopped")


def number(name, *, nullable=False, **options):
    return sa.Column(name, sa.Integer(), nullable=nullable, **options)


def words(name, size=None):
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False)


def moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table, column, to, **options):
    name = op.f(f"fk_{table}_{column}_{to.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, **options)


def upgrade():
    takes = sa.Column("takes_requests", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("showcase", takes)
    op.create_table(
        "replication",
        number("id"),
        number("proposal_id"),
        words("name", 200),
        words("institution", 200),
        words("email", 254),
        words("language", 5),
        words("message"),
        words("token_hash", 64),
        moment("asked_at"),
        moment("confirmed_at", nullable=True),
        words("answer"),
        number("answered_by_id", nullable=True),
        moment("answered_at", nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_replication_answer_has_time")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR confirmed_at IS NOT NULL",
            name=op.f("ck_replication_answered_once_confirmed"),
        ),
        refers("replication", "proposal_id", "proposal.id", ondelete="CASCADE"),
        refers("replication", "answered_by_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replication")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_replication_token_hash")),
    )
    for column in ("proposal_id", "email"):
        op.create_index(op.f(f"ix_replication_{column}"), "replication", [column])
    op.create_table(
        "follow_up",
        number("proposal_id"),
        number("year", autoincrement=False),
        sa.Column(
            "state",
            sa.Enum(
                *STATES,
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        words("replicated_in"),
        words("note"),
        number("reported_by_id"),
        moment("reported_at"),
        refers("follow_up", "proposal_id", "proposal.id", ondelete="CASCADE"),
        refers("follow_up", "reported_by_id", "person.id"),
        sa.PrimaryKeyConstraint("proposal_id", "year", name=op.f("pk_follow_up")),
    )
    op.create_table(
        "follow_up_call",
        number("edition_id"),
        number("year", autoincrement=False),
        moment("called_at"),
        refers("follow_up_call", "edition_id", "edition.id"),
        sa.PrimaryKeyConstraint("edition_id", "year", name=op.f("pk_follow_up_call")),
    )


def downgrade():
    for table in ("follow_up_call", "follow_up", "replication"):
        op.drop_table(table)
    with op.batch_alter_table("showcase") as batch:
        batch.drop_column("takes_requests")
