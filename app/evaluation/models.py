"""Conflicts of interest, score sheets, and the standings of proposals."""

from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Hundredths, Moment, choice
from app.editions.kinds import SheetKind
from app.proposals.models import Proposal
from app.workflow import N_, Labelled


class ConflictKind(Labelled):
    """Why somebody may not judge a proposal: found in the tree of agencies, or declared."""

    OWN_UNIT = "own_unit", N_("Own agency")
    PARENT_UNIT = "parent_unit", N_("Parent of their own agency")
    SUBORDINATE_UNIT = "subordinate_unit", N_("Unit below their own agency")
    AUTHOR = "author", N_("Author of the proposal")
    SUPERIOR = "superior", N_("Superior of an author")
    MENTOR = "mentor", N_("Mentor of an author")
    FAMILY = "family", N_("Family")
    CO_DESIGNER = "co_designer", N_("Took part in the innovation")
    OTHER = "other", N_("Other")

    @property
    def is_detected(self) -> bool:
        """Whether the system detects it, without a declaration."""
        return self in DETECTED


DETECTED = frozenset(
    {
        ConflictKind.OWN_UNIT,
        ConflictKind.PARENT_UNIT,
        ConflictKind.SUBORDINATE_UNIT,
        ConflictKind.AUTHOR,
    }
)


class ConflictOfInterest(Base):
    """A conflict of interest that somebody declared, confirmed or dismissed, with the reason.

    Detected ones are derived from the tree each time (`conflicts.py`) and need no row.
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
    is_pending: Mapped[bool] = mapped_column(  # declared late: counts once somebody else agrees
        default=False, server_default=text("false")
    )
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    proposal: Mapped[Proposal] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Participation(StrEnum):
    """Whether a sheet counts towards the result, and if not, why."""

    COUNTS = "counts"
    RECUSED = "recused"
    EXCUSED = "excused"


class Look(IntEnum):
    """Which of the looks at a presentation a sheet belongs to: the first, or one asked for later.

    Two sheets of one judge count as one, their mean.
    """

    FIRST = 1
    SECOND = 2


SECOND_LOOK = "second-look"
"""How addresses name the presentation sheet of a second look; others have their kind's name."""


class Sheet(Base):
    """The score sheet of one evaluator for one proposal: its existence is the assignment.

    `points` is the exact weighted total in millionths of a point, set on locking.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("proposal_id", "evaluator_id", "kind", "look"),
        Index("ix_sheet_evaluator", "evaluator_id", "kind", "locked_at"),
        CheckConstraint("points BETWEEN 0 AND 100000000", name="points"),
        CheckConstraint("(locked_at IS NULL) = (points IS NULL)", name="locked_with_points"),
        CheckConstraint("look IN (1, 2)", name="look"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind, name="kind"))
    look: Mapped[int] = mapped_column(default=Look.FIRST, server_default="1")
    comment: Mapped[str] = mapped_column(Text, default="")
    participation: Mapped[Participation] = mapped_column(
        choice(Participation, name="participation"), default=Participation.COUNTS
    )
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    reopened_at: Mapped[datetime | None] = mapped_column(Moment)  # after it had been locked
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    points: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship()
    evaluator: Mapped[Person] = relationship()
    scores: Mapped[list["Score"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

    @property
    def is_second_look(self) -> bool:
        """Whether it was asked for after the first sheets were in."""
        return self.look == Look.SECOND

    @property
    def name(self) -> str:
        """How an address names it, among its evaluator's sheets for the proposal."""
        return SECOND_LOOK if self.is_second_look else self.kind.value

    @hybrid_property
    def is_locked(self) -> bool:
        """Whether it was submitted, and so can no longer change."""
        return self.locked_at is not None

    @is_locked.inplace.expression
    @classmethod
    def _is_locked(cls) -> ColumnElement[bool]:
        return cls.locked_at.is_not(None)

    @hybrid_property
    def counts(self) -> bool:
        """Whether it counts, or will once it is locked; also a condition of queries."""
        return self.participation is Participation.COUNTS

    @counts.inplace.expression
    @classmethod
    def _counts(cls) -> ColumnElement[bool]:
        return cls.participation == Participation.COUNTS


class SheetAct(Labelled):
    """What the chair does to a judge's sheet."""

    REOPEN = "reopen", N_("Reopen the sheet")
    EXCUSE = "excuse", N_("Continue without this sheet")


class SheetRequest(Base):
    """What the chair wants to do to a sheet and somebody else has to agree to."""

    __tablename__ = "sheet_request"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    sheet_id: Mapped[int] = mapped_column(
        ForeignKey("sheet.id", ondelete="CASCADE"), primary_key=True
    )
    act: Mapped[SheetAct] = mapped_column(choice(SheetAct, name="act"))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)

    sheet: Mapped[Sheet] = relationship()
    asked_by: Mapped[Person] = relationship()


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


class Standing(Base):
    """Mean, median and spread of a proposal's counting sheets of one kind (see `standings.py`).

    Points are whole numbers of 1/`statistics.UNIT`; null while a sheet is missing, so that nobody
    reads a running average. Two sheets of one evaluator (see `Look`) are one of those expected.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_mean", "edition_id", "kind", "mean", "proposal_id"),
        Index("ix_standing_spread", "edition_id", "kind", "spread", "proposal_id"),
        CheckConstraint("sheets_locked BETWEEN 0 AND sheets_expected", name="locked_at_most_all"),
        CheckConstraint(
            "(mean IS NULL) = (median IS NULL) AND (mean IS NULL) = (spread IS NULL)", name="whole"
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind, name="kind"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    sheets_expected: Mapped[int]
    sheets_locked: Mapped[int]
    mean: Mapped[int | None] = mapped_column(BigInteger)
    median: Mapped[int | None] = mapped_column(BigInteger)
    spread: Mapped[int | None] = mapped_column(BigInteger)

    proposal: Mapped[Proposal] = relationship()

    @hybrid_property
    def is_whole(self) -> bool:
        """Whether every sheet is submitted, and there is one; also a condition of queries."""
        return self.mean is not None

    @is_whole.inplace.expression
    @classmethod
    def _is_whole(cls) -> ColumnElement[bool]:
        return cls.mean.is_not(None)
