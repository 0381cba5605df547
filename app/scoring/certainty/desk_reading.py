"""What is read of how sure the tabulation is: lines in the words of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.scoring.certainty.asking import Certainty, is_unsure
from app.scoring.certainty.reading import (
    AgreementLine,
    SeverityLine,
    agreement_line,
    severity_lines,
)
from app.scoring.explained import names_for
from app.scoring.queries import titles_of


@dataclass(frozen=True)
class DeskLine:
    """A proposal of the tabulation, by its mean and by the adjusted one, in points.

    `among` is its chance to belong to the finalists, `reaches` that to reach the passing grade,
    None without one; `low` and `high` are the ends of the 90 % interval of its place.
    """

    proposal_id: int
    title: str
    place: int
    mean: Fraction
    adjusted: Fraction
    among: float
    reaches: float | None
    low: int
    high: int

    @property
    def is_unsure(self) -> bool:
        """Whether it lies too close to either line to be told from those on the other side."""
        return is_unsure(self.among) or (self.reaches is not None and is_unsure(self.reaches))


@dataclass(frozen=True)
class DeskCertaintyPage:
    """Everything that the page shows."""

    finalists: int
    grade: Fraction | None
    draws: int
    seed: int
    places: Sequence[DeskLine]
    judges: Mapping[SheetKind, Sequence[SeverityLine]]
    agreement: Mapping[SheetKind, AgreementLine]

    @property
    def has_line(self) -> bool:
        """Whether there are more proposals than finalists."""
        return len(self.places) > self.finalists

    @property
    def unsure(self) -> Sequence[DeskLine]:
        """Who lies too close to the line of the finalists to be told apart."""
        return [line for line in self.places if is_unsure(line.among)]

    @property
    def near_the_grade(self) -> Sequence[DeskLine]:
        """Who lies too close to the passing grade to be told apart."""
        return [
            line for line in self.places if line.reaches is not None and is_unsure(line.reaches)
        ]


def desk_certainty_for(user: User, edition: Edition, found: Certainty) -> DeskCertaintyPage:
    """Return what was found, for who is barred from nothing in it."""
    content = found.content
    titles = titles_of([row[0] for row in content["places"]])
    names = names_for(user, {row[0] for row in content["judges"]})
    return DeskCertaintyPage(
        finalists=content["finalists"],
        grade=None if edition.passing_grade is None else Fraction(edition.passing_grade),
        draws=content["draws"],
        seed=content["seed"],
        places=[
            _line(titles[row[0]], row, content["means"][str(row[0])]) for row in content["places"]
        ],
        judges={SheetKind.DESK: severity_lines(content["judges"], names)},
        agreement={SheetKind.DESK: agreement_line(content["agreement"])},
    )


def _line(title: str, row: Sequence[Any], means: Sequence[str]) -> DeskLine:
    key, place, among, reaches, low, high = row
    mean, adjusted = map(Fraction, means)
    return DeskLine(key, title, place, mean, adjusted, among, reaches, low, high)
