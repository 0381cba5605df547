"""Eligibility findings, conflicts of interest, score sheets, decisions and remarks."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Hundredths, Moment, choice
from app.editions.kinds import SheetKind
from app.proposals.models import Proposal
from app.workflow import N_, Message, Step


class Finding(StrEnum):
    """What a screener finds on one line of the eligibility checklist."""

    MEETS = "meets"
    FAILS = "fails"
    NEEDS_CORRECTION = "needs_correction"

    @property
    def label(self) -> Message:
        """The message that names this finding."""
        return {
            Finding.MEETS: N_("Meets"),
            Finding.FAILS: N_("Does not meet"),
            Finding.NEEDS_CORRECTION: N_("Needs correction"),
        }[self]


class ConflictKind(StrEnum):
    """Why somebody may not judge a proposal: found in the tree of agencies, or declared."""

    OWN_UNIT = "own_unit"
    PARENT_UNIT = "parent_unit"
    SUBORDINATE_UNIT = "subordinate_unit"
    AUTHOR = "author"
    SUPERIOR = "superior"
    MENTOR = "mentor"
    FAMILY = "family"
    CO_DESIGNER = "co_designer"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The message that names this kind of conflict."""
        return _CONFLICT_LABELS[self]

    @property
    def is_detected(self) -> bool:
        """Whether it follows from what the system knows, without a declaration."""
        return self in DETECTED


DETECTED = frozenset(
    {
        ConflictKind.OWN_UNIT,
        ConflictKind.PARENT_UNIT,
        ConflictKind.SUBORDINATE_UNIT,
        ConflictKind.AUTHOR,
    }
)

_CONFLICT_LABELS = {
    ConflictKind.OWN_UNIT: N_("Own agency"),
    ConflictKind.PARENT_UNIT: N_("Agency above one's own"),
    ConflictKind.SUBORDINATE_UNIT: N_("Unit below one's own agency"),
    ConflictKind.AUTHOR: N_("Author of the proposal"),
    ConflictKind.SUPERIOR: N_("Superior of an author"),
    ConflictKind.MENTOR: N_("Mentor of an author"),
    ConflictKind.FAMILY: N_("Family"),
    ConflictKind.CO_DESIGNER: N_("Took part in the innovation"),
    ConflictKind.OTHER: N_("Other"),
}


class Outcome(StrEnum):
    """What the committee decides on a proposal in screening."""

    ELIGIBLE = "eligible"
    FINALIST = "finalist"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    INELIGIBLE = "ineligible"
    RETURNED = "returned"

    @property
    def label(self) -> Message:
        """The message that names this outcome."""
        return {
            Outcome.ELIGIBLE: N_("Eligible"),
            Outcome.FINALIST: N_("Finalist"),
            Outcome.RESERVE: N_("Reserve"),
            Outcome.NOT_SELECTED: N_("Not selected"),
            Outcome.INELIGIBLE: N_("Not eligible"),
            Outcome.RETURNED: N_("Returned for correction"),
        }[self]

    @property
    def step(self) -> Step:
        """The step that announcing this outcome takes."""
        return {
            Outcome.ELIGIBLE: Step.FIND_ELIGIBLE,
            Outcome.FINALIST: Step.SELECT,
            Outcome.RESERVE: Step.HOLD_IN_RESERVE,
            Outcome.NOT_SELECTED: Step.NOT_SELECT,
            Outcome.INELIGIBLE: Step.FIND_INELIGIBLE,
            Outcome.RETURNED: Step.RETURN_FOR_CORRECTION,
        }[self]


class EligibilityFinding(Base):
    """The finding on one checklist line of one proposal, with its note."""

    __tablename__ = "eligibility_finding"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("eligibility_item.id"), primary_key=True, index=True
    )
    finding: Mapped[Finding] = mapped_column(choice(Finding, name="finding"))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    found_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()


class Conflict(Base):
    """A declared conflict of interest, or the dismissal of a detected one with its reason.

    Detected conflicts are derived from the tree each time (`conflicts.py`) and need no row.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("proposal_id", "person_id", "kind"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(choice(ConflictKind, name="kind"))
    reason: Mapped[str] = mapped_column(Text)
    is_dismissed: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    proposal: Mapped[Proposal] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Sheet(Base):
    """The score sheet of one evaluator for one proposal: its existence is the assignment.

    `points` is the exact weighted total in millionths of a point, set at the lock.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("proposal_id", "evaluator_id", "kind"),
        Index("ix_sheet_evaluator", "evaluator_id", "kind", "locked_at"),
        CheckConstraint("points BETWEEN 0 AND 100000000", name="points"),
        CheckConstraint("(locked_at IS NULL) = (points IS NULL)", name="locked_with_points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind, name="kind"))
    comment: Mapped[str] = mapped_column(Text, default="")
    is_recused: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    points: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship()
    evaluator: Mapped[Person] = relationship()
    scores: Mapped[list["Score"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

    @property
    def is_locked(self) -> bool:
        """Whether it was submitted, and so can't change any more."""
        return self.locked_at is not None


class Score(Base):
    """The score of one criterion on a sheet, 0 to 100, with its note."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("value BETWEEN 0 AND 10000", name="range"),)

    sheet_id: Mapped[int] = mapped_column(
        ForeignKey("sheet.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[int] = mapped_column(
        ForeignKey("criterion.id"), primary_key=True, index=True
    )
    value: Mapped[Decimal | None] = mapped_column(Hundredths)
    note: Mapped[str] = mapped_column(Text, default="")


class DeskStanding(Base):
    """What the desk sheets of one proposal come to, kept up to date by `standings.py`.

    Points are whole numbers of 1/`statistics.UNIT`; null while a sheet is missing, so that nobody
    reads a running average.
    """

    __tablename__ = "desk_standing"
    __table_args__ = (
        Index("ix_desk_standing_mean", "edition_id", "mean", "proposal_id"),
        Index("ix_desk_standing_spread", "edition_id", "spread", "proposal_id"),
        CheckConstraint("sheets_locked BETWEEN 0 AND sheets_expected", name="locked_at_most_all"),
        CheckConstraint(
            "(mean IS NULL) = (median IS NULL) AND (mean IS NULL) = (spread IS NULL)", name="whole"
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    sheets_expected: Mapped[int]
    sheets_locked: Mapped[int]
    mean: Mapped[int | None] = mapped_column(BigInteger)
    median: Mapped[int | None] = mapped_column(BigInteger)
    spread: Mapped[int | None] = mapped_column(BigInteger)

    proposal: Mapped[Proposal] = relationship()

    @property
    def is_whole(self) -> bool:
        """Whether every sheet is submitted, and there is one."""
        return self.mean is not None


class Decision(Base):
    """What the committee decided on a proposal: prepared privately, announced with the others."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "uq_decision_prepared",
            "proposal_id",
            unique=True,
            sqlite_where=text("announced_at IS NULL"),
            postgresql_where=text("announced_at IS NULL"),
        ),
        CheckConstraint("outcome IN ('finalist', 'eligible') OR reason <> ''", name="has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, name="outcome"))
    reason: Mapped[str] = mapped_column(Text, default="")
    correct_until: Mapped[datetime | None] = mapped_column(Moment)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment)
    announced_at: Mapped[datetime | None] = mapped_column(Moment)
    letter: Mapped[str] = mapped_column(Text, default="", server_default="")  # instead of the usual

    proposal: Mapped[Proposal] = relationship()
    prepared_by: Mapped[Person] = relationship()


class Remark(Base):
    """What an evaluator or organiser says in the discussion of a proposal."""

    __tablename__ = "remark"
    __table_args__ = (CheckConstraint("text <> ''", name="has_text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()
