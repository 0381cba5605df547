"""Why the two methods give a proposal different places: who was missing among its judges. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.editions.kinds import Method, SheetKind
from app.scoring.ranking import Ranked, Ranking

Severities = Mapping[SheetKind, Mapping[int, Fraction]]
"""How many points more each judge (person id) gives in total than their team, by kind of sheet."""

Panels = Mapping[tuple[int, SheetKind], Sequence[int]]
"""Whose sheets (person ids) count, by proposal id and kind of sheet."""


@dataclass(frozen=True)
class Tilt:
    """What tilts a mean: severities, who judged what, and the share of each kind in percent."""

    severities: Severities
    panels: Panels
    shares: Mapping[SheetKind, int]


@dataclass(frozen=True)
class AbsentJudge:
    """A judge whose sheet is missing, and how many points more than the team they give."""

    kind: SheetKind
    judge_id: int
    points: Fraction


@dataclass(frozen=True)
class PlaceShift:
    """Another place by the other method, and by how many points the result differs there.

    `missing` is who explains most of it, None where nobody's absence does: the proposal's own
    result is the same, and others moved.
    """

    method: Method
    place: int | None
    points: Fraction
    missing: AbsentJudge | None


def shifted(ranking: Ranking, lines: Sequence[Ranked]) -> list[Ranked]:
    """Return those of the lines that have another place by the other method."""
    if ranking.beside is None:
        return []
    others = ranking.beside.by_proposal
    return [line for line in lines if line.rank != others[line.proposal_id].rank]


def shifts_in(ranking: Ranking, lines: Sequence[Ranked], tilt: Tilt) -> dict[int, PlaceShift]:
    """Return what the other method says of these lines, by proposal id."""
    beside = ranking.beside
    if beside is None:
        return {}
    return {
        line.proposal_id: _shift(line, beside.by_proposal[line.proposal_id], beside.method, tilt)
        for line in lines
    }


def most_shifted(ranking: Ranking) -> Ranked | None:
    """Return the line whose presentation differs most between the methods, None if none does."""
    if ranking.beside is None:
        return None
    others = ranking.beside.by_proposal

    def shift(line: Ranked) -> Fraction:
        other = others[line.proposal_id].presentation or Fraction(0)
        return abs((line.presentation or Fraction(0)) - other)

    found = max(ranking.lines, key=lambda line: (shift(line), -line.number), default=None)
    return found if found is not None and shift(found) else None


def _shift(line: Ranked, other: Ranked, method: Method, tilt: Tilt) -> PlaceShift:
    points = (other.final or Fraction(0)) - (line.final or Fraction(0))
    added = points if method is Method.ADJUSTED else -points
    return PlaceShift(method, other.rank, points, _missing(line.proposal_id, added, tilt))


def _missing(proposal_id: int, added: Fraction, tilt: Tilt) -> AbsentJudge | None:
    """Return whose absence explains most of the points that the adjustment adds to a proposal.

    The severities of a team sum to zero, so that those of who is missing, over the number of
    sheets, are what is added.
    """
    sign = (added > 0) - (added < 0)
    weighed = [
        (sign * share * points / len(panel), AbsentJudge(kind, judge_id, points))
        for kind, share in tilt.shares.items()
        if (panel := tilt.panels.get((proposal_id, kind)))
        for judge_id, points in tilt.severities.get(kind, {}).items()
        if judge_id not in panel
    ]
    most, missing = max(weighed, key=lambda pair: pair[0], default=(Fraction(0), None))
    return missing if most > 0 else None
