"""Slots and their bookings, panels and absences.

The partial unique indexes keep slots and proposals from being booked twice.
"""

import datetime as dt
from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment
from app.editions.kinds import MOST_JUDGES
from app.editions.parts import Room
from app.proposals.models import Proposal

ACTIVE = text("given_up_at IS NULL")
LIVE = text("removed_at IS NULL")


class Slot(Base):
    """A stretch of a room's day in which one proposal is presented.

    One that the settings no longer make is marked as removed, because its past bookings stay. One
    without a room has lost it to a change of rooms; it goes when the slots are made again.
    """

    __tablename__ = "slot"
    __table_args__ = (
        Index(
            "uq_slot_start",
            "edition_id",
            "room_id",
            "starts_at",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    room_id: Mapped[int | None] = mapped_column(
        ForeignKey("room.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    room: Mapped[Room | None] = relationship()


class LongPresentation(Base):
    """A proposal whose presentation needs two slots in a row."""

    __tablename__ = "long_presentation"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )


class Booking(Base):
    """A proposal's slot in the draft of the schedule; once given up, it stays as history.

    One that `continues` holds the second slot of a long presentation.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index(
            "uq_booking_slot", "slot_id", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
        ),
        Index(
            "uq_booking_proposal",
            "proposal_id",
            "continues",
            unique=True,
            sqlite_where=ACTIVE,
            postgresql_where=ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    booked_at: Mapped[datetime] = mapped_column(Moment)
    given_up_at: Mapped[datetime | None] = mapped_column(Moment)
    continues: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    slot: Mapped[Slot] = relationship()
    proposal: Mapped[Proposal] = relationship()


class Arrangement(Base):
    """One step of arranging the draft, kept so that it can be undone.

    `moves` maps the id of each proposal that moved to its slot before and after (or null).
    """

    __tablename__ = "arrangement"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    moves: Mapped[dict[str, list[int | None]]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class Panel(Base):
    """A named part of the judging team that sits in a room, on every day or on one.

    One that `begins_at` a time of its day takes over from the panel that sat there before. Where no
    panel sits, the whole team judges. `quorum` judges must be there after recusal;
    `seats` is how many members the panel should have.
    """

    __tablename__ = "panel"
    __table_args__ = (
        CheckConstraint(f"quorum BETWEEN 1 AND {MOST_JUDGES}", name="quorum"),
        CheckConstraint(f"seats BETWEEN 1 AND {MOST_JUDGES}", name="seats"),
        UniqueConstraint("edition_id", "name"),
        UniqueConstraint("room_id", "day", "begins_at"),
        CheckConstraint("begins_at IS NULL OR day IS NOT NULL", name="begins_on_a_day"),
        Index(
            "uq_panel_room_day",
            "room_id",
            "day",
            unique=True,
            sqlite_where=text("begins_at IS NULL"),
            postgresql_where=text("begins_at IS NULL"),
        ),
        Index(
            "uq_panel_room",
            "room_id",
            unique=True,
            sqlite_where=text("day IS NULL"),
            postgresql_where=text("day IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"))
    day: Mapped[dt.date | None]
    begins_at: Mapped[dt.time | None]
    quorum: Mapped[int] = mapped_column(default=3)
    seats: Mapped[int] = mapped_column(default=5)

    room: Mapped[Room | None] = relationship()
    members: Mapped[list["PanelMember"]] = relationship(
        order_by="PanelMember.is_alternate, PanelMember.person_id",
        cascade="all, delete-orphan",
    )

    @property
    def facts(self) -> tuple[object, ...]:
        """What of it can be changed."""
        people = [(member.person_id, member.is_alternate) for member in self.members]
        where = (self.room_id, self.day, self.begins_at)
        return self.name, self.name_en, *where, self.quorum, self.seats, people


class PanelMember(Base):
    """A judge of a panel, or an alternate who is called when too few are left."""

    __tablename__ = "panel_member"

    panel_id: Mapped[int] = mapped_column(
        ForeignKey("panel.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    is_alternate: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class Absence(Base):
    """When a person can't come: marked by hand, or read from their own calendar."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        Index("ix_absence_person", "edition_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    is_imported: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class Wish(Base):
    """A slot that a finalist wishes for; rank 1 is the most wanted."""

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="rank"),
        UniqueConstraint("proposal_id", "slot_id"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), index=True)
