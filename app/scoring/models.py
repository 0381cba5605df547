"""Kept places and severities of the last computation, and what a second look was asked for."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.editions.kinds import Method, SheetKind
from app.workflow import N_, Labelled


class Placing(Base):
    """The result of one proposal by one method: exact points, written as fractions.

    `place` is null where fewer judges count than the quorum asks for. `tie_breakers` are there
    where others share the final result.
    """

    __tablename__ = "placing"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    method: Mapped[Method] = mapped_column(choice(Method, name="method"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    place: Mapped[int | None]
    desk: Mapped[str | None] = mapped_column(Text)
    presentation: Mapped[str | None] = mapped_column(Text)
    final: Mapped[str] = mapped_column(Text)
    tie_breakers: Mapped[list[str]] = mapped_column(JSON)


class Severity(Base):
    """How much more a judge gives for a criterion than the others they can be compared with.

    Exact points, written as a fraction; below 0 where they give less. Whoever wrote one sheet only
    `is_alone`: nothing can be told of them.
    """

    __tablename__ = "severity"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind, name="kind"), primary_key=True)
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    points: Mapped[str] = mapped_column(Text)
    is_alone: Mapped[bool]


class Ending(Labelled):
    """Why a second look ended."""

    CLEAR = "clear", N_("Nobody lies too close to the line any more.")
    BUDGET = "budget", N_("The extra sheets are used up.")
    DECIDED = "decided", N_("Ended before that, for a reason.")


class SecondLook(Base):
    """The second look of an edition that declared one: until it has ended no judge sees a ranking.

    `reason` says why it ended where neither the line nor the budget does.
    """

    __tablename__ = "second_look"
    __table_args__ = (
        CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL) AND (ended_at IS NULL) = (ended_by_id IS NULL)",
            name="whole",
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ending: Mapped[Ending | None] = mapped_column(choice(Ending, name="ending"))
    reason: Mapped[str] = mapped_column(Text, default="")


class Material(Labelled):
    """What an extra judge goes by."""

    RECORDING = "recording", N_("A recording of the presentation")
    HEARING = "hearing", N_("A repeated hearing")
    PROPOSAL = "proposal", N_("The proposal and its files")


class ExtraJudge(Base):
    """A judge whom a second look asked for sheets, on proposals (ids) near the line.

    `anchors` lie outside the `band`: they tell how severe the judge is, and nobody tells the judge
    which they are. Whoever was released does not owe the sheets any more.
    """

    __tablename__ = "extra_judge"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    material: Mapped[Material] = mapped_column(choice(Material, name="material"))
    band: Mapped[list[int]] = mapped_column(JSON)
    anchors: Mapped[list[int]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(foreign_keys=person_id)

    @property
    def proposals(self) -> list[int]:
        """All proposals (ids) that the judge was asked about."""
        return [*self.band, *self.anchors]


def as_text(value: Fraction | None) -> str | None:
    """Write an exact value, as 1723/20."""
    return None if value is None else str(value)


def from_text(written: str | None) -> Fraction | None:
    """Read an exact value."""
    return None if written is None else Fraction(written)
