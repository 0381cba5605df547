"""What a reader may see of how the result came about: severities, an example, other places."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.editions.kinds import Method, Role, SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.queries import counting_sheets
from app.evaluation.standings import totals_of
from app.evaluation.statistics import MILLION, mean
from app.proposals.models import Proposal
from app.scoring.explaining import Severities, Tilt, most_shifted, shifted, shifts_in
from app.scoring.inputs import shares_of
from app.scoring.queries import (
    connected_parts,
    final_result_of,
    names_of,
    panels_of,
    proposals_in,
    sheets_by_judge,
    titles_of,
)
from app.scoring.ranking import Ranked, Ranking

Names = Mapping[int, str]
"""What the reader may call a judge, by person id."""


@dataclass(frozen=True)
class PlaceShiftLine:
    """What the other method says of a proposal's place: by how many points, and whose absence.

    `missing` is a name that the reader may read, empty where nobody's absence explains it;
    `severity` is how many points more they give than their team.
    """

    method: Method
    place: int | None
    points: Fraction
    kind: SheetKind | None
    missing: str
    severity: Fraction


@dataclass(frozen=True)
class JudgeLine:
    """How severe one judge was found to be, in points, from how many sheets."""

    name: str
    sheets: int
    points: Fraction
    is_alone: bool


@dataclass(frozen=True)
class ExampleLine:
    """One judge of the example: the points given, on two sheets their mean, and how severe."""

    name: str
    given: Fraction
    severity: Fraction

    @property
    def freed(self) -> Fraction:
        """What remains once the judge's severity is taken out."""
        return self.given - self.severity


@dataclass(frozen=True)
class Example:
    """The presentation whose result differs most between the methods, to follow by hand."""

    proposal: Proposal
    lines: Sequence[ExampleLine]

    @property
    def plain(self) -> Fraction:
        """The mean of the points given."""
        return mean([line.given for line in self.lines]) or Fraction(0)

    @property
    def adjusted(self) -> Fraction:
        """The mean of the points freed of severity."""
        return mean([line.freed for line in self.lines]) or Fraction(0)


@dataclass(frozen=True)
class PartLine:
    """Judges and proposals that sheets connect, and that can't be compared with the others."""

    judges: Sequence[str]
    proposals: Sequence[str]


@dataclass(frozen=True)
class Explanation:
    """How this edition's result came about; `parts` only where they can't be compared."""

    judges: Mapping[SheetKind, Sequence[JudgeLine]]
    example: Example | None
    parts: Mapping[SheetKind, Sequence[PartLine]]


def shifts_for(
    user: User, edition: Edition, ranking: Ranking, lines: Sequence[Ranked]
) -> dict[int, PlaceShiftLine]:
    """Return what the other method says of these lines' places, where it says something else."""
    shifting = shifted(ranking, lines)
    if not shifting:
        return {}
    panels = panels_of([line.proposal_id for line in shifting])
    tilt = Tilt(final_result_of(edition).totals, panels, shares_of(edition))
    shifts = shifts_in(ranking, shifting, tilt)
    names = names_for(user, {shift.missing.judge_id for shift in shifts.values() if shift.missing})
    return {
        proposal_id: PlaceShiftLine(
            shift.method,
            shift.place,
            shift.points,
            shift.missing.kind if shift.missing else None,
            names[shift.missing.judge_id] if shift.missing else "",
            shift.missing.points if shift.missing else Fraction(0),
        )
        for proposal_id, shift in shifts.items()
    }


def names_for(user: User, judges: Collection[int]) -> Names:
    """Return what the reader may call these judges: only organisers and judges by their names."""
    if user.is_a(Role.ORGANISER, Role.JUDGE):
        return names_of(judges)
    return {judge_id: f"{place}" for place, judge_id in enumerate(sorted(judges), 1)}


def explanation_for(user: User, edition: Edition) -> Explanation:
    """Return what explains a complete ranking that the user may read."""
    result = final_result_of(edition)
    severities = result.totals
    names = names_for(user, {judge_id for own in severities.values() for judge_id in own})
    counts = sheets_by_judge(edition)
    judges = {
        kind: sorted(
            (
                JudgeLine(
                    names[judge_id],
                    counts.get((kind, judge_id), 0),
                    points,
                    (kind, judge_id) in result.alone,
                )
                for judge_id, points in own.items()
            ),
            key=lambda line: (line.is_alone, line.points, line.name),
        )
        for kind, own in severities.items()
    }
    parts = {} if result.ranking.beside else _parts(edition, names)
    return Explanation(judges, _example(result.ranking, severities, names), parts)


def _example(ranking: Ranking, severities: Severities, names: Names) -> Example | None:
    line = most_shifted(ranking)
    if line is None:
        return None
    proposal = proposals_in([line])[line.proposal_id]
    totals = totals_of(counting_sheets(proposal, SheetKind.PRESENTATION))
    own = severities[SheetKind.PRESENTATION]
    return Example(
        proposal,
        [
            ExampleLine(names[judge_id], (points or Fraction(0)) / MILLION, own[judge_id])
            for judge_id, points in totals.items()
        ],
    )


def _parts(edition: Edition, names: Names) -> dict[SheetKind, list[PartLine]]:
    parts = {kind: connected_parts(edition, kind) for kind in shares_of(edition)}
    apart = {kind: own for kind, own in parts.items() if len(own) > 1}
    titles = titles_of({key for own in apart.values() for part in own for key in part.proposals})
    return {
        kind: [
            PartLine(
                [names[judge_id] for judge_id in sorted(part.judges)],
                [titles[proposal_id] for proposal_id in sorted(part.proposals)],
            )
            for part in own
        ]
        for kind, own in apart.items()
    }
