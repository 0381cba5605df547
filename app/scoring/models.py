"""The places that the last computation gave, and how severe it found each judge."""

from fractions import Fraction

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, choice
from app.editions.kinds import Method, SheetKind


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


def as_text(value: Fraction | None) -> str | None:
    """Write an exact value, as 1723/20."""
    return None if value is None else str(value)


def from_text(written: str | None) -> Fraction | None:
    """Read an exact value."""
    return None if written is None else Fraction(written)
