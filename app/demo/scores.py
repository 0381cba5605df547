"""Sample scores: what a proposal is worth, how strict a judge is, taste and chance. Pure.

The press gives no scores. These are made up, the same each time, so that the awards are those of
the case. Judges differ; the strictest is recused from two proposals, which moves one of them by
the adjusted mean; the last place of the first seven and the next lie too close to tell apart.
"""

from decimal import Decimal
from random import Random

from app.editions.kinds import HIGHEST_SCORE, SheetKind

SEED = "17"
SEVERITIES = {
    SheetKind.DESK: (-2.5, 0.5, 2.0),
    SheetKind.PRESENTATION: (1.5, -1.5, 3.0, 0.5, -6.0, 2.5),
}
"""How many points more than others each evaluator gives, in the order of their ids."""

AWARDED = (88.0, 86.3, 85.0, 83.8, 83.1, 82.4, 81.3, 81.0, 79.6, 78.7)
"""What the first ten of the case's list are worth: its Top 7, then its participatory awards."""

STEP = 0.95  # points from one of the others to the next
TASTE, OF_A_SHEET, OF_A_CRITERION = 1.2, 1.6, 2.5  # standard deviations, in points


def sample_score(kind: SheetKind, proposal: int, evaluator: int, criterion: int) -> Decimal:
    """Return what an evaluator gives the proposal of this number for a criterion, by places."""
    score = (
        _worth(proposal)
        + SEVERITIES[kind][evaluator]
        + _chance(TASTE, kind, "taste", evaluator, criterion)
        + _chance(OF_A_SHEET, kind, proposal, evaluator)
        + _chance(OF_A_CRITERION, kind, proposal, evaluator, criterion)
    )
    return Decimal(min(HIGHEST_SCORE, max(0, round(score))))


def _worth(proposal: int) -> float:
    if proposal <= len(AWARDED):
        return AWARDED[proposal - 1]
    return AWARDED[-1] - 1 - STEP * (proposal - len(AWARDED))


def _chance(deviation: float, *of: object) -> float:
    return Random(f"{SEED} {of}").gauss(0, deviation)  # noqa: S311 -- sample data, no secret
