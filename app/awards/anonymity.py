"""Whether a file without names would still tell whose sheets are in it. Pure.

Two ways are looked for. A presentation with one or two sheets tells whose they are, or tells each
of the two judges the other's. And where it is known from which proposals a judge is recused, a
judge whose total is nearly always the lowest, or the highest, can be told by the row that then
lacks its usual end.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

FEW = 3  # sheets, so that two judges can't tell the third's from one another
ENOUGH = 5  # proposals, so that a habit can be seen
HABIT = Fraction(4, 5)  # of the proposals


@dataclass(frozen=True)
class Outermost:
    """A recused judge (id) whose total is the lowest, or the highest, `times` of `proposals`."""

    judge_id: int
    is_lowest: bool
    times: int
    proposals: int


@dataclass(frozen=True)
class Guessable:
    """What a reader could guess: of few sheets (ids of proposals), and of outermost judges."""

    few: Collection[int]
    outermost: Collection[Outermost]


def guessable(
    totals: Mapping[int, Mapping[int, Fraction]], recused: Collection[int]
) -> Guessable | None:
    """Return what these totals, by proposal and judge, would tell; None if nothing.

    `recused` are the judges (ids) whom a conflict of interest is known to bar from some proposal.
    """
    few = [key for key, panel in totals.items() if 0 < len(panel) < FEW]
    found = [
        outermost
        for judge_id in sorted(recused)
        for is_lowest in (True, False)
        if (outermost := _habit_of(judge_id, totals, is_lowest=is_lowest))
    ]
    return Guessable(few, found) if few or found else None


def _habit_of(
    judge_id: int, totals: Mapping[int, Mapping[int, Fraction]], *, is_lowest: bool
) -> Outermost | None:
    panels = [panel for panel in totals.values() if judge_id in panel and len(panel) > 1]
    times = sum(_is_end(judge_id, panel, is_lowest=is_lowest) for panel in panels)
    if len(panels) < ENOUGH or times < HABIT * len(panels):
        return None
    return Outermost(judge_id, is_lowest, times, len(panels))


def _is_end(judge_id: int, panel: Mapping[int, Fraction], *, is_lowest: bool) -> bool:
    """Return whether the judge's total alone lies at this end of its panel."""
    own, others = panel[judge_id], [total for judge, total in panel.items() if judge != judge_id]
    return own < min(others) if is_lowest else own > max(others)
