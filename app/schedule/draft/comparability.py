"""Whether the draft's panels let presentations be compared, and how well. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.evaluation.adjustment import ConnectedPart, Rating, efficiency_of, parts_of
from app.schedule.draft.timetable import Timetable

MOST_COMPARED = 40
"""Judges up to whom the efficiency is computed within a request."""


@dataclass(frozen=True)
class Comparability:
    """How well presentations can be compared by who judges them.

    `efficiency` is 1 where every judge hears every presentation. It is None where there is more
    than one of the `parts`, between which nothing can be compared, or too many judges.
    """

    efficiency: Fraction | None
    parts: Sequence[ConnectedPart]

    @property
    def is_connected(self) -> bool:
        """Whether all presentations can be compared."""
        return len(self.parts) == 1


def comparability_of(timetable: Timetable) -> Comparability | None:
    """Return how well the placed presentations can be compared, None of fewer than two."""
    panels = {talk: bench.judges for talk, bench in timetable.benches.items() if bench.judges}
    if len(panels) < 2:  # noqa: PLR2004 -- a pair
        return None
    ratings = [Rating(talk, judge, ()) for talk, judges in panels.items() for judge in judges]
    parts = parts_of(ratings)
    is_small = len({rating.judge for rating in ratings}) <= MOST_COMPARED
    can_be_told = len(parts) == 1 and is_small
    return Comparability(efficiency_of([*panels.values()]) if can_be_told else None, parts)
