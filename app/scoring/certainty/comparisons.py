"""Orders that rest on comparisons alone: who was put before whom by the same judge. Pure.

How many points lie between two proposals plays no part, nor does how severe a judge is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

Score = tuple[int, int, float]
"""Proposal, judge, points."""


def borda_shares(scores: Iterable[Score]) -> dict[int, float]:
    """Return the share of its comparisons that each proposal wins, a tie being half a win.

    A comparison is of two proposals by one judge who scored both. With the same judges for all it
    orders as the count of Borda (1784) does.
    """
    won: dict[int, float] = defaultdict(float)
    held: dict[int, int] = defaultdict(int)
    for own in _by_judge(scores).values():
        for (one, points), (other, more) in combinations(sorted(own.items()), 2):
            won[one] += (points > more) + (points == more) / 2
            won[other] += (more > points) + (points == more) / 2
            held[one] += 1
            held[other] += 1
    return {proposal: won[proposal] / count for proposal, count in held.items()}


def schulze_order(scores: Iterable[Score], proposals: Sequence[int]) -> list[frozenset[int]]:
    """Return these proposals by the method of Schulze, best first; equal ones together.

    Pairs are weighed by margins: by how many judges more one was put before the other. A pair that
    no judge scored is undecided. Source: Schulze, “A new monotonic, clone-independent, reversal
    symmetric, and Condorcet-consistent single-winner election method”, Social Choice and Welfare
    36 (2011).
    """
    strength = _strongest_paths(_margins(scores, set(proposals)), proposals)
    beaten = {
        proposal: sum(
            strength[proposal, other] > strength[other, proposal]
            for other in proposals
            if other != proposal
        )
        for proposal in proposals
    }
    groups: dict[int, set[int]] = defaultdict(set)
    for proposal, count in beaten.items():
        groups[count].add(proposal)
    return [frozenset(groups[count]) for count in sorted(groups, reverse=True)]


def _margins(scores: Iterable[Score], among: set[int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for own in _by_judge(scores).values():
        known = sorted((key, points) for key, points in own.items() if key in among)
        for (one, points), (other, more) in combinations(known, 2):
            better = (points > more) - (points < more)
            found[one, other] += better
            found[other, one] -= better
    return found


def _strongest_paths(
    margins: Mapping[tuple[int, int], int], proposals: Sequence[int]
) -> dict[tuple[int, int], int]:
    """Return the strength of the strongest path between each pair (Floyd and Warshall)."""
    path = {
        (one, other): max(0, margins.get((one, other), 0))
        for one in proposals
        for other in proposals
        if one != other
    }
    for middle in proposals:
        for one in proposals:
            if one == middle or not path[one, middle]:
                continue
            reach = path[one, middle]
            for other in proposals:
                if other in {one, middle}:
                    continue
                by_middle = min(reach, path[middle, other])
                path[one, other] = max(path[one, other], by_middle)
    return path


def _by_judge(scores: Iterable[Score]) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for proposal, judge, points in scores:
        found[judge][proposal] = points
    return found
