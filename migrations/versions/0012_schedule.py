"""Rooms, panels, absences, and versions of the schedule that are published.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-24 21:40:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
ADDED = (
    "agency ADD COLUMN travel_minutes INTEGER DEFAULT 0 NOT NULL "
    "CONSTRAINT ck_agency_travel_minutes CHECK (travel_minutes BETWEEN 0 AND 1440)",
    "edition ADD COLUMN quorum INTEGER DEFAULT 3 NOT NULL "
    "CONSTRAINT ck_edition_quorum CHECK (quorum BETWEEN 1 AND 22)",
    "edition ADD COLUMN agency_order VARCHAR(32) DEFAULT 'any' NOT NULL "
    "CONSTRAINT ck_edition_agency_order CHECK (agency_order IN ('any', 'together', 'apart'))",
    "edition ADD COLUMN earliest_departure TIME DEFAULT '06:00:00' NOT NULL",
    "author ADD COLUMN is_presenter BOOLEAN DEFAULT true NOT NULL",
)
LIVE = "removed_at IS NULL"


def upgrade():
    for column in ADDED:
        op.execute(f"ALTER TABLE {column}")
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "edition_id",
            sa.Integer(),
            sa.ForeignKey("edition.id", ondelete="CASCADE", name="fk_room_edition_id_edition"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_en", sa.String(300), nullable=False),
    )
    op.create_index("ix_room_edition_id", "room", ["edition_id"])
    op.execute(
        "INSERT INTO room (edition_id, position, name, name_en) "
        "SELECT id, 1, 'Ruang pemaparan', 'Presentation room' FROM edition"
    )
    _rooms_of_slots()
    _arranging()
    _publishing()
    _publish_what_stands()
    op.add_column("letter", sa.Column("calendar", sa.Text(), server_default="", nullable=False))
    op.drop_column("booking", "revision")
    op.drop_column("edition", "venue_changes")
    op.drop_column("edition", "venue_changed_at")


def downgrade():
    raise NotImplementedError("what was published has no place in the older tables")


def _rooms_of_slots():
    op.execute(
        "ALTER TABLE slot ADD COLUMN room_id INTEGER CONSTRAINT fk_slot_room_id_room "
        "REFERENCES room (id) ON DELETE SET NULL"
    )
    op.execute(
        "UPDATE slot SET room_id = (SELECT id FROM room WHERE room.edition_id = slot.edition_id)"
    )
    op.create_index("ix_slot_room_id", "slot", ["room_id"])
    op.drop_index("uq_slot_start", "slot")
    op.create_index(
        "uq_slot_start",
        "slot",
        ["edition_id", "room_id", "starts_at"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )


def _arranging():
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("edition_id", sa.Integer(), sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("undone_at", MOMENT),
    )
    op.create_index("ix_arrangement_edition_id", "arrangement", ["edition_id"])
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "edition_id",
            sa.Integer(),
            sa.ForeignKey("edition.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id", ondelete="SET NULL")),
        sa.Column("day", sa.Date()),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("quorum BETWEEN 1 AND 22", name="quorum"),
        sa.CheckConstraint("seats BETWEEN 1 AND 22", name="seats"),
        sa.UniqueConstraint("edition_id", "name"),
        sa.UniqueConstraint("room_id", "day"),
    )
    op.create_index(
        "uq_panel_room",
        "panel",
        ["room_id"],
        unique=True,
        sqlite_where=sa.text("day IS NULL"),
        postgresql_where=sa.text("day IS NULL"),
    )
    op.create_table(
        "panel_member",
        sa.Column(
            "panel_id",
            sa.Integer(),
            sa.ForeignKey("panel.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("is_alternate", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_panel_member_person_id", "panel_member", ["person_id"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "edition_id",
            sa.Integer(),
            sa.ForeignKey("edition.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )
    op.create_index("ix_absence_person", "absence", ["edition_id", "person_id"])
    op.create_index("ix_absence_person_id", "absence", ["person_id"])


def _publishing():
    op.create_table(
        "schedule_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("edition_id", sa.Integer(), sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("published_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.UniqueConstraint("edition_id", "number"),
    )
    op.create_table(
        "schedule_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("schedule_version.id"), nullable=False),
        sa.Column("proposal_id", sa.Integer(), sa.ForeignKey("proposal.id"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "new",
                "moved",
                "judges",
                "cancelled",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("was_starts_at", MOMENT),
        sa.Column("was_ends_at", MOMENT),
        sa.Column("was_location", sa.String(500), nullable=False),
        sa.Column("starts_at", MOMENT),
        sa.Column("ends_at", MOMENT),
        sa.Column("location", sa.String(500), nullable=False),
        sa.Column("judges", sa.JSON(), nullable=False),
        sa.Column("told_at", MOMENT),
        sa.UniqueConstraint("version_id", "proposal_id"),
    )
    op.create_index("ix_schedule_change_proposal_id", "schedule_change", ["proposal_id"])
    op.create_index("ix_schedule_change_told_at", "schedule_change", ["told_at"])
    op.create_table(
        "invitation",
        sa.Column("proposal_id", sa.Integer(), sa.ForeignKey("proposal.id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "NEEDS-ACTION",
                "ACCEPTED",
                "TENTATIVE",
                "DECLINED",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])
    op.create_table(
        "appearance",
        sa.Column("proposal_id", sa.Integer(), sa.ForeignKey("proposal.id"), primary_key=True),
        sa.Column("edition_id", sa.Integer(), sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("room.id", ondelete="SET NULL")),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("location", sa.String(500), nullable=False),
        sa.Column("judges", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT),
    )
    op.create_index("ix_appearance_start", "appearance", ["edition_id", "starts_at"])
    op.create_index("ix_appearance_room_id", "appearance", ["room_id"])


def _publish_what_stands():
    """What stood in calendars until now was public at once: it stays, under its last SEQUENCE."""
    op.execute(
        "INSERT INTO appearance (proposal_id, edition_id, room_id, starts_at, ends_at, location, "
        "judges, revision, changed_at) "
        "SELECT booking.proposal_id, slot.edition_id, slot.room_id, slot.starts_at, slot.ends_at, "
        "'Ruang pemaparan' || CASE edition.venue WHEN '' THEN '' ELSE ', ' || edition.venue END, "
        "'[]', booking.revision + edition.venue_changes, booking.booked_at "
        "FROM booking JOIN slot ON slot.id = booking.slot_id "
        "JOIN edition ON edition.id = slot.edition_id WHERE booking.given_up_at IS NULL"
    )
