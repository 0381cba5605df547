"""What a reader may see of how sure a ranking is, as lines in the words of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.editions.permissions import User
from app.scoring.certainty.asking import Certainty, is_unsure
from app.scoring.explained import Names, names_for
from app.scoring.queries import titles_of

Titles = Mapping[int, str]
"""Number and title, by proposal id."""


@dataclass(frozen=True)
class PlaceLine:
    """A proposal's place, the chance that it belongs above the line, and its place's interval."""

    place: int
    proposal_id: int
    title: str
    chance: float
    low: int
    high: int

    @property
    def is_unsure(self) -> bool:
        """Whether it lies too close to the line to be told from those on the other side."""
        return is_unsure(self.chance)


@dataclass(frozen=True)
class SeverityLine:
    """How severe a judge is and how much their sheets scatter, in points, with 90 % intervals."""

    name: str
    sheets: int
    severity: tuple[float, float, float]
    scatter: tuple[float, float, float]


@dataclass(frozen=True)
class AgreementLine:
    """How far judges agree, of `proposals` that all of them scored; `over_all` of all sheets."""

    proposals: int
    judges: int
    of_one: float | None
    of_mean: float | None
    of_order: float | None
    over_all: float | None


@dataclass(frozen=True)
class ChangeLine:
    """Who would come above the line and who would fall below it; None where it can't be told."""

    rises: Sequence[str]
    falls: Sequence[str]
    can_be_told: bool = True


@dataclass(frozen=True)
class ReachLine:
    """Between which places a proposal could have been, had a missing judge scored it."""

    title: str
    judge: str
    best: int
    worst: int


@dataclass(frozen=True)
class RivalLine:
    """What a judge gives those beside their own agency's, and how often chance gives as much."""

    judge: str
    sheets: int
    points: float
    chance: float


@dataclass(frozen=True)
class DriftLine:
    """By how many points scores rise over ten presentations, and how often chance gives as much.

    Of one judge against the others, or of all, where `judge` is empty.
    """

    judge: str
    points: float
    chance: float


@dataclass(frozen=True)
class CertaintyPage:
    """Everything that the page shows to this reader."""

    line: int
    draws: int
    seed: int
    places: Sequence[PlaceLine]
    judges: Mapping[SheetKind, Sequence[SeverityLine]]
    agreement: Mapping[SheetKind, AgreementLine]
    without: Sequence[tuple[str, ChangeLine]]
    weights: Sequence[tuple[Criterion, int, ChangeLine]]
    missing: Sequence[ReachLine]
    counted: Mapping[str, ChangeLine]
    days: Sequence[float]
    drift: DriftLine | None
    drifts: Sequence[DriftLine]
    rivals: Sequence[RivalLine] | None

    @property
    def sure(self) -> Sequence[PlaceLine]:
        """Who belongs above the line, as far as can be told."""
        return [line for line in self.places if line.chance > 1 / 2 and not line.is_unsure]

    @property
    def unsure(self) -> Sequence[PlaceLine]:
        """Who lies too close to the line to be told apart."""
        return [line for line in self.places if line.is_unsure]


def certainty_for(user: User, edition: Edition, found: Certainty) -> CertaintyPage:
    """Return what was found as the reader may see it; what judges give rivals only the chair."""
    content = found.content
    titles = titles_of([row[0] for row in content["places"]])
    judges = {row[0] for rows in content["judges"].values() for row in rows}
    names = names_for(user, judges | {row[1] for row in content["missing"]})
    criteria = {criterion.id: criterion for criterion in edition.criteria}
    first = [row[0] for row in content["places"][: content["line"]]]
    return CertaintyPage(
        line=content["line"],
        draws=content["draws"],
        seed=content["seed"],
        places=[
            PlaceLine(place, key, titles[key], chance, low, high)
            for place, (key, chance, low, high) in enumerate(content["places"], 1)
        ],
        judges={
            SheetKind(kind): severity_lines(rows, names) for kind, rows in content["judges"].items()
        },
        agreement={
            SheetKind(kind): agreement_line(own) for kind, own in content["agreement"].items()
        },
        without=[(names[judge], _change(moved, titles)) for judge, moved in content["without"]],
        weights=[
            (criteria[key], step, _change(moved, titles))
            for key, step, moved in content["weights"]
            if key in criteria
        ],
        missing=[
            ReachLine(titles[key], names[judge], best, worst)
            for key, judge, best, worst in content["missing"]
            if key in titles
        ],
        counted=_counted(content, first, titles),
        days=content["days"],
        drift=DriftLine("", *content["drift"]) if content["drift"] else None,
        drifts=[DriftLine(names[judge], *figures) for judge, *figures in content["drifts"]],
        rivals=[
            RivalLine(names[judge], sheets, points, chance)
            for judge, sheets, points, chance in content["rivals"]
        ]
        if user.is_chair
        else None,
    )


def severity_lines(rows: Sequence[Sequence[Any]], names: Names) -> list[SeverityLine]:
    """Return the judges of one kind of sheets, the most severe first."""
    lines = [
        SeverityLine(
            names[judge],
            sheets,
            (figures[0], figures[1], figures[2]),
            (figures[3], figures[4], figures[5]),
        )
        for judge, sheets, *figures in rows
    ]
    return sorted(lines, key=lambda line: (line.severity, line.name))


def agreement_line(own: Mapping[str, Any]) -> AgreementLine:
    """Return how far judges of one kind of sheets agree."""
    return AgreementLine(
        own["proposals"], own["judges"], own["one"], own["mean"], own["order"], own["all"]
    )


def _change(moved: Sequence[Sequence[int]] | None, titles: Titles) -> ChangeLine:
    if moved is None:
        return ChangeLine([], [], can_be_told=False)
    rises, falls = ([titles[key] for key in side if key in titles] for side in moved)
    return ChangeLine(rises, falls)


def _counted(
    content: Mapping[str, Any], first: Sequence[int], titles: Titles
) -> dict[str, ChangeLine]:
    """Return who would be above the line if only comparisons counted, by the name of the count."""
    by_share = sorted(content["borda"], key=lambda row: -row[1])
    counts = {
        "borda": [row[0] for row in by_share[: content["line"]]],
        "schulze": _first_of_groups(content["schulze"], content["line"]),
    }
    return {
        name: _change(
            [
                [key for key in counted if key not in first],
                [key for key in first if key not in counted],
            ],
            titles,
        )
        for name, counted in counts.items()
    }


def _first_of_groups(groups: Sequence[Sequence[int]], count: int) -> list[int]:
    """Return the first `count`, and all who share the last place among them."""
    found: list[int] = []
    for group in groups:
        if len(found) >= count:
            break
        found += group
    return found
