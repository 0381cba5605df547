"""What the public sees: branding of organisations, an edition's story, what authors agreed to show.

Revision ID: 0042
Revises: 0041
Create Date: 2026-11-27 14:45:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

STATEMENTS = ("contact", "privacy", "privacy_en", "accessibility", "accessibility_en")
SHOWN = ("shows_summary", "shows_video", "shows_themes")


def number(name):
    return sa.Column(name, sa.Integer(), nullable=False)


def words(name, size=None, **options):
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False, **options)


def content(name):
    return sa.Column(name, sa.LargeBinary(), nullable=True)


def refers(table, column, to, **options):
    name = op.f(f"fk_{table}_{column}_{to.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, **options)


def upgrade():
    for name in ("story", "story_en"):
        op.add_column("edition", words(name, server_default=""))
    for name in ("coverage_title", "coverage_title_en"):
        op.add_column("edition", words(name, 100, server_default=""))
    op.create_table(
        "branding",
        number("organisation_id"),
        content("emblem"),
        content("small_emblem"),
        words("emblem_sha256", 64),
        words("colour", 7),
        *(words(name) for name in STATEMENTS),
        refers("branding", "organisation_id", "organisation.id"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_branding")),
    )
    op.create_table(
        "showcase",
        number("proposal_id"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in SHOWN),
        number("agreed_by_id"),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        content("picture"),
        content("small_picture"),
        words("picture_sha256", 64),
        words("picture_text", 300),
        number("width"),
        number("height"),
        sa.CheckConstraint(
            "(picture_sha256 <> '') = (width > 0)", name=op.f("ck_showcase_picture_has_width")
        ),
        sa.CheckConstraint(
            "(picture_sha256 <> '') = (height > 0)", name=op.f("ck_showcase_picture_has_height")
        ),
        refers("showcase", "proposal_id", "proposal.id", ondelete="CASCADE"),
        refers("showcase", "agreed_by_id", "person.id"),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_showcase")),
    )


def downgrade():
    op.drop_table("showcase")
    op.drop_table("branding")
    with op.batch_alter_table("edition") as batch:
        for name in ("story", "story_en", "coverage_title", "coverage_title_en"):
            batch.drop_column(name)
