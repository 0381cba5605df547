"""Whether a judge gives less to what stands beside their own agency's proposals. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

NEAR = 3
"""Places above and below one's own within which another proposal is a rival."""

SHUFFLES = 4_000


@dataclass(frozen=True)
class Bias:
    """What a judge gives rivals of their own agency beyond what proposal and severity explain.

    In points, over `sheets` sheets; `chance` is how often as many of the judge's sheets, taken at
    random, lie as far from zero.
    """

    judge: int
    sheets: int
    points: float
    chance: float


def rivals_of(own: Collection[int], places: Mapping[int, int]) -> set[int]:
    """Return the proposals within three places of one's `own`; one's own are none."""
    held = [places[proposal] for proposal in own if proposal in places]
    near = {place + step for place in held for step in range(-NEAR, NEAR + 1)}
    return {key for key, place in places.items() if place in near} - set(own)


def bias_of(
    judge: int,
    residuals: Mapping[int, float],
    rivals: Collection[int],
    random: np.random.Generator,
) -> Bias | None:
    """Return the judge's bias, given the residual of each of their sheets by proposal.

    None where they scored no rival, or nothing but rivals: there is nothing to compare with.
    """
    values = np.array([residuals[proposal] for proposal in sorted(residuals)])
    is_rival = np.array([proposal in rivals for proposal in sorted(residuals)])
    count = int(is_rival.sum())
    if not 0 < count < len(values):
        return None
    seen = float(values[is_rival].mean())
    shuffled = random.permuted(np.tile(values, (SHUFFLES, 1)), axis=1)
    by_chance = np.abs(shuffled[:, :count].mean(axis=1)) >= abs(seen) - 1e-12
    return Bias(judge, count, seen, float((by_chance.sum() + 1) / (SHUFFLES + 1)))


def means_of(
    sheets: Sequence[tuple[int, int, float]], severities: Mapping[int, float]
) -> dict[int, float]:
    """Return the mean of each proposal's sheets (proposal, judge, points) less severities."""
    freed: dict[int, list[float]] = {}
    for proposal, judge, points in sheets:
        freed.setdefault(proposal, []).append(points - severities[judge])
    return {proposal: sum(values) / len(values) for proposal, values in freed.items()}


def residuals_of(
    sheets: Sequence[tuple[int, int, float]], severities: Mapping[int, float]
) -> dict[int, dict[int, float]]:
    """Return what proposal and severity don't explain of each sheet, by judge and proposal."""
    worth = means_of(sheets, severities)
    found: dict[int, dict[int, float]] = {}
    for proposal, judge, points in sheets:
        found.setdefault(judge, {})[proposal] = points - severities[judge] - worth[proposal]
    return found
