"""Objections to a result, its decree, and results that were withdrawn."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.proposals.models import Proposal
from app.workflow import N_, Labelled


class ObjectionMatter(Labelled):
    """What an objection is about."""

    SCORES = "scores", N_("How my proposal was scored")
    AWARDS = "awards", N_("Who gets an award")
    CONFLICT = "conflict", N_("A conflict of interest")
    PROCEDURE = "procedure", N_("How the competition was run")


class Ruling(Labelled):
    """How an objection was decided."""

    UPHELD = "upheld", N_("Upheld")
    PARTLY = "partly", N_("Partly upheld")
    DISMISSED = "dismissed", N_("Rejected")


class Objection(Base):
    """An objection of an entrant to a published result: one for each proposal and matter.

    `round` counts the results that were withdrawn before this one. `entry` is the number of the
    audit entry that the answer rests on, if it names one.
    """

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("proposal_id", "matter", "round"),
        CheckConstraint("text <> ''", name="has_text"),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (answered_by_id IS NULL)"
            " AND (answer IS NULL OR reason <> '')",
            name="answered_with_reason",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    matter: Mapped[ObjectionMatter] = mapped_column(choice(ObjectionMatter, name="matter"))
    round: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[Ruling | None] = mapped_column(choice(Ruling, name="answer"))
    reason: Mapped[str] = mapped_column(Text, default="")
    entry: Mapped[int | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    proposal: Mapped[Proposal] = relationship()
    filed_by: Mapped[Person] = relationship(foreign_keys=filed_by_id)
    assigned_to: Mapped[Person | None] = relationship(foreign_keys=assigned_to_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)


class Decree(Base):
    """The decree that makes a result final from `final_at` on; a scan of it, if there is one.

    `told_at` is when the worker told entrants that the result had become final.
    """

    __tablename__ = "decree"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(String(100))
    dated: Mapped[date]
    signed_by: Mapped[str] = mapped_column(String(200))
    final_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    scan: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    scan_sha256: Mapped[str] = mapped_column(String(64), default="")

    def is_final(self, now: datetime) -> bool:
        """Return whether it has made the result final at `now`."""
        return self.final_at <= now


class Withdrawal(Base):
    """What somebody wants to withdraw a published result for; a second person has to agree."""

    __tablename__ = "withdrawal"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)

    asked_by: Mapped[Person] = relationship()


class PastResult(Base):
    """A result that was published and then withdrawn; it stays public beside the new one.

    `awards` are its awards as they were read, category by category; `decree` its number, if it had
    one. The file for everyone stays, and the digest of the whole one.
    """

    __tablename__ = "past_result"
    __table_args__ = (
        UniqueConstraint("edition_id", "round"),
        CheckConstraint("agreed_by_id <> asked_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    round: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decree: Mapped[str] = mapped_column(String(100), default="")
    awards: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    public_file: Mapped[str] = mapped_column(Text, default="", deferred=True)
    public_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    full_sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
