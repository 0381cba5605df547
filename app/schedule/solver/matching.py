"""How many talks can have a sitting at once, whoever else is bound then: a largest matching. Pure.

It bounds from below who is left without a slot, and is a schedule wherever nobody is needed twice.
"""

from collections import deque
from collections.abc import Mapping, Sequence


def largest_matching(
    options: Mapping[int, Sequence[int]], start: Mapping[int, int]
) -> dict[int, int]:
    """Return a sitting for as many talks as possible, one of the talk's `options` (ids).

    `start` is a matching to begin with. Each further talk is let in along a path on which others
    move (Berge's theorem); what a search without such a path has seen never helps another talk.
    """
    sitting_of = dict(start)
    talk_in = {sitting: talk for talk, sitting in start.items()}
    seen = set[int]()
    for talk in sorted(options.keys() - start.keys(), key=lambda key: (len(options[key]), key)):
        reached, free = _search(talk, options, talk_in, seen)
        if free is None:
            seen |= reached.keys()
            continue
        sitting: int | None = free
        while sitting is not None:
            mover = reached[sitting]
            sitting_of[mover], talk_in[sitting], sitting = sitting, mover, sitting_of.get(mover)
    return sitting_of


def rivals_of(
    talk: int, options: Mapping[int, Sequence[int]], placed: Mapping[int, int]
) -> tuple[tuple[int, ...], int] | None:
    """Return which other talks (ids) need the same sittings as this one, and how many these are.

    They are all taken, by as many talks (Hall's theorem): one of all of them has to be left out.
    None if the talk could be let in by moving others.
    """
    talk_in = {sitting: other for other, sitting in placed.items()}
    reached, free = _search(talk, options, talk_in, set())
    if free is not None:
        return None
    return tuple(sorted(talk_in[sitting] for sitting in reached)), len(reached)


def _search(
    talk: int, options: Mapping[int, Sequence[int]], talk_in: Mapping[int, int], closed: set[int]
) -> tuple[dict[int, int], int | None]:
    """Return from which talk each sitting was reached, and a free one if there is any."""
    reached: dict[int, int] = {}
    waiting = deque([talk])
    while waiting:
        mover = waiting.popleft()
        for sitting in options[mover]:
            if sitting in reached or sitting in closed:
                continue
            reached[sitting] = mover
            if sitting not in talk_in:
                return reached, sitting
            waiting.append(talk_in[sitting])
    return reached, None
