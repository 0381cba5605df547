"""Where each talk is looked for, and a first schedule that breaks no rule. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from app.schedule.draft.timetable import Sitting, Talk
from app.schedule.solver.model import SchedulingProblem

SPREAD = 40  # sittings that are looked at for a talk without a place in a large edition

Places = dict[int, list[int]]  # the sittings in which each talk is looked for


def everywhere(problem: SchedulingProblem) -> Places:
    """Return all the sittings in which each talk may stand."""
    sittings = problem.timetable.sittings
    return {
        talk.id: [each.id for each in sittings if problem.is_possible(talk, each)]
        for talk in problem.timetable.talks
    }


def preferred(problem: SchedulingProblem) -> Places:
    """Return the sittings that each talk asks for, and the one where it stood."""
    timetable = problem.timetable
    return {talk.id: _possible(problem, talk, _asked(problem, talk)) for talk in timetable.talks}


def settling(
    problem: SchedulingProblem,
    fixed: Mapping[int, int],
    favoured: Sequence[int],
    placed: Mapping[int, int],
) -> Places:
    """Return one sitting for what is fixed, and for the others a spread of those not taken.

    The spread begins one further for each talk, so that all could be placed; `placed` is in it.
    """
    timetable, taken = problem.timetable, {*fixed.values(), *favoured}
    rest = [each.id for each in timetable.sittings if each.id not in taken]
    found = {talk: [there] for talk, there in fixed.items()}
    others = [talk for talk in timetable.talks if talk.id not in fixed]
    for number, talk in enumerate(others):
        some = [*_spread(favoured, SPREAD, number), *_spread(rest, SPREAD // 4, number)]
        if talk.id in placed:
            some.append(placed[talk.id])
        found[talk.id] = _possible(problem, talk, dict.fromkeys(some))
    return found


def first(
    problem: SchedulingProblem, fixed: Mapping[int, int] | None = None, favoured: Iterable[int] = ()
) -> dict[int, int]:
    """Place one talk after the other where it still can be: `fixed` first, others in `favoured`."""
    timetable = problem.timetable
    busy: dict[Hashable, list[Sitting]] = defaultdict(list)
    placed, kept = dict[int, int](), dict(fixed or {})
    kept |= {talk: timetable.placed[talk] for talk in sorted(problem.pinned)}
    for held, there in kept.items():
        placed[held] = there
        _bind(problem, timetable.talk_of[held], timetable.sitting_of[there], busy)
    free = dict.fromkeys([*favoured, *(each.id for each in timetable.sittings)])
    for taken in placed.values():
        free.pop(taken, None)
    for talk in timetable.talks:
        if talk.id not in placed:
            for there in _wanted(problem, talk, free):
                sitting = timetable.sitting_of[there]
                if _fits(problem, talk, sitting, busy):
                    placed[talk.id] = there
                    free.pop(there)
                    _bind(problem, talk, sitting, busy)
                    break
    return placed


def _asked(problem: SchedulingProblem, talk: Talk) -> list[int]:
    if talk.id in problem.pinned:
        return [problem.timetable.placed[talk.id]]
    was = [problem.was[talk.id]] if talk.id in problem.was else []
    asked = dict.fromkeys([*was, *problem.timetable.wishes.get(talk.id, ())])
    return [each for each in asked if each in problem.timetable.sitting_of]


def _possible(problem: SchedulingProblem, talk: Talk, sittings: Iterable[int]) -> list[int]:
    sitting_of = problem.timetable.sitting_of
    return [each for each in sittings if problem.is_possible(talk, sitting_of[each])]


def _spread(items: Sequence[int], count: int, offset: int) -> list[int]:
    size = len(items)
    if size <= count:
        return list(items)
    return [items[(offset + n * size // count) % size] for n in range(count)]


def _wanted(problem: SchedulingProblem, talk: Talk, free: Mapping[int, None]) -> Iterator[int]:
    yield from (each for each in _asked(problem, talk) if each in free)
    yield from free


def _fits(
    problem: SchedulingProblem, talk: Talk, sitting: Sitting, busy: Mapping[Hashable, list[Sitting]]
) -> bool:
    who = (*talk.presenters, *problem.judging(sitting))
    return problem.is_possible(talk, sitting) and not any(
        each.overlaps(sitting) for one in who for each in busy.get(one, ())
    )


def _bind(
    problem: SchedulingProblem, talk: Talk, sitting: Sitting, busy: dict[Hashable, list[Sitting]]
) -> None:
    for who in {*talk.presenters, *problem.judging(sitting)}:
        busy[who].append(sitting)
