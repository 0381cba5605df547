"""Which proposals an extra judge scores, and which judge would tell most. Pure.

The line lies half way between the last awarded result and the next. What lies nearest to it, in
units of how well its result is known, can be told least, and there a sheet tells most: the band.
The next nearest are the anchors. One more sheet of somebody whose severity is unknown would tell
nothing; over band and anchors together it tells both. The band is chosen anew for every judge, for
each sheet moves the results.

Source: Gupta and Panchapakesan, “Multiple Decision Procedures”, 1979, chapter 11 (subsets that hold
the best, by distance over the standard error); measured in `bin/bench fairness`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

BAND, ANCHORS = 4, 2
"""Proposals that an extra judge scores: near the line, and the next nearest to it."""
FEWEST = 3
"""Sheets of one judge below which their severity can't be told from what they score."""


@dataclass(frozen=True)
class NearResult:
    """A proposal's result in points, and how well it is known.

    `variance` is that of the result in units of one sheet's; `judges` have scored the presentation.
    """

    proposal_id: int
    final: Fraction
    variance: Fraction
    judges: int


@dataclass(frozen=True)
class Choice:
    """The proposals (ids) that an extra judge would score, nearest the line first."""

    band: tuple[int, ...]
    anchors: tuple[int, ...]

    @property
    def proposals(self) -> tuple[int, ...]:
        """Band and anchors."""
        return self.band + self.anchors

    def __bool__(self) -> bool:
        """Whether there are enough to tell anything."""
        return len(self.proposals) >= FEWEST


def line_between(contenders: Sequence[NearResult], last: int) -> Fraction | None:
    """Return where the line lies, in points: half way between the last one above and the next.

    None where nobody lies below it.
    """
    finals = sorted((contender.final for contender in contenders), reverse=True)
    return (finals[last - 1] + finals[last]) / 2 if 0 < last < len(finals) else None


def nearest_first(contenders: Sequence[NearResult], last: int) -> list[NearResult]:
    """Return the contenders, those first whose side of the line can be told least."""
    line = line_between(contenders, last)
    if line is None:
        return []
    return sorted(
        contenders,
        key=lambda own: ((own.final - line) ** 2 / own.variance, own.proposal_id),
    )


def choice_for(ordered: Sequence[NearResult], barred: Collection[int], most: int) -> Choice:
    """Return what a judge would score, at most so many, without the proposals (ids) barred."""
    free = [own.proposal_id for own in ordered if own.proposal_id not in barred]
    found = free[: min(BAND + ANCHORS, most)]
    band = max(len(found) - ANCHORS, 0)
    return Choice(tuple(found[:band]), tuple(found[band:]))


def gain_of(
    choice: Choice, judges: Mapping[int, int], scored: Collection[int], *, is_known: bool
) -> Fraction:
    """Return by how much a judge's sheets would lessen the variance of the results in the band.

    In units of one sheet's variance. `judges` is how many have scored each proposal; `scored` are
    those (ids) that this judge has scored before: of such a pair only the second half is new. Of a
    judge who has scored nothing yet (not `is_known`) one sheet goes into learning how severe
    they are.
    """
    if not choice:
        return Fraction(0)
    gain = sum(
        (
            Fraction(1, 2 * judges[key] ** 2)
            if key in scored
            else Fraction(1, judges[key]) - Fraction(1, judges[key] + 1)
            for key in choice.band
        ),
        Fraction(0),
    )
    sheets = len(choice.proposals)
    return gain if is_known else gain * (sheets - 1) / sheets
