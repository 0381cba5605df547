"""Tables of the published schedule, the people it invites, and their answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.editions.parts import Room
from app.proposals.models import Proposal
from app.workflow import N_, Labelled


class Version(Base):
    """A published schedule, immutable: `content` is a row for each presentation."""

    __tablename__ = "schedule_version"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)

    published_by: Mapped[Person] = relationship()
    changes: Mapped[list["Change"]] = relationship(order_by="Change.id")


class ChangeKind(Labelled):
    """What a version does to a presentation."""

    NEW = "new", N_("new")
    MOVED = "moved", N_("moved")
    JUDGES = "judges", N_("judges changed")
    CANCELLED = "cancelled", N_("cancelled")


class Change(Base):
    """What one version changed for one presentation; the people it affects are told once."""

    __tablename__ = "schedule_change"
    __table_args__ = (UniqueConstraint("version_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, name="kind"))
    revision: Mapped[int]
    was_starts_at: Mapped[datetime | None] = mapped_column(Moment)
    was_ends_at: Mapped[datetime | None] = mapped_column(Moment)
    was_location: Mapped[str] = mapped_column(String(500), default="")
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    location: Mapped[str] = mapped_column(String(500), default="")
    judges: Mapped[list[int]] = mapped_column(JSON, default=list)
    told_at: Mapped[datetime | None] = mapped_column(Moment, index=True)

    proposal: Mapped[Proposal] = relationship()
    version: Mapped[Version] = relationship(back_populates="changes")


class Answer(Labelled):
    """The answer to an invitation; its values are those of iCalendar's PARTSTAT."""

    OPEN = "NEEDS-ACTION", N_("no answer yet")
    ACCEPTED = "ACCEPTED", N_("accepted")
    TENTATIVE = "TENTATIVE", N_("maybe")
    DECLINED = "DECLINED", N_("declined")


class Invitation(Base):
    """Who has been invited to a presentation, at which revision, and what they answered."""

    __tablename__ = "invitation"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    revision: Mapped[int]
    answer: Mapped[Answer] = mapped_column(choice(Answer, name="answer"), default=Answer.OPEN)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer_stamp: Mapped[datetime | None] = mapped_column(Moment)  # when it was written
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")  # with the answer
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()
    proposal: Mapped[Proposal] = relationship()


class Appearance(Base):
    """Where, when and before whom a proposal is presented, as published.

    `judges` are the ids of those who judge it. `revision` counts the published changes: the
    SEQUENCE of its calendar entry.
    """

    __tablename__ = "appearance"
    __table_args__ = (Index("ix_appearance_start", "edition_id", "starts_at"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    room_id: Mapped[int | None] = mapped_column(
        ForeignKey("room.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    location: Mapped[str] = mapped_column(String(500), default="")
    judges: Mapped[list[int]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    entry: Mapped[bytes] = mapped_column(  # its lines in calendars, without an alarm
        LargeBinary, default=b"", server_default=text("''")
    )
    entry_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)  # when its presenters checked in
    missed_at: Mapped[datetime | None] = mapped_column(Moment)  # when they were found not to come
    begun_at: Mapped[datetime | None] = mapped_column(Moment)  # when the organiser said it began

    proposal: Mapped[Proposal] = relationship()
    room: Mapped[Room | None] = relationship()

    def has_begun(self, now: datetime) -> bool:
        """Whether it has begun: at its published start, or when the organiser said so before."""
        return self.begun_at is not None or self.starts_at <= now
