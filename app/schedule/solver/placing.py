"""Which sittings each talk is considered for, and a first schedule that breaks no rule. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from app.schedule.draft.timetable import Sitting, Talk
from app.schedule.solver.model import SchedulingProblem

SPREAD = 40  # sittings that a talk without a place is considered for in a large edition
FEW = 60  # sittings up to which a talk is considered for all that it may be in

Places = dict[int, list[int]]  # the sittings that each talk is considered for


def everywhere(problem: SchedulingProblem) -> Places:
    """Return all the sittings that each talk may be in; where nothing hinders, the same list."""
    timetable, every = problem.timetable, [sitting.id for sitting in problem.timetable.sittings]
    hindered = {talk for _, talk, _ in timetable.declined} | problem.pinned
    hindered |= {talk.id for talk in timetable.talks if talk.is_long}
    found = {}
    for talk in timetable.talks:
        is_hindered = talk.id in hindered or not timetable.away.keys().isdisjoint(talk.presenters)
        found[talk.id] = _possible(problem, talk, every) if is_hindered else every
    return found


def broadly(problem: SchedulingProblem, *known: Mapping[int, int]) -> Places:
    """Return all the sittings of talks that have few, and for the others what may be enough.

    That is what they ask for, a spread, and where they stand in the `known` schedules.
    """
    found = everywhere(problem)
    for number, talk in enumerate(problem.timetable.talks):
        options = found[talk.id]
        if len(options) > FEW:
            stands = [placed[talk.id] for placed in known if talk.id in placed]
            asked = _possible(problem, talk, _asked(problem, talk))
            some = [*stands, *asked, *_spread(options, FEW, number)]
            found[talk.id] = list(dict.fromkeys(some))
    return found


def preferred(problem: SchedulingProblem) -> Places:
    """Return the sittings that each talk asks for, and the one where it was."""
    timetable = problem.timetable
    return {talk.id: _possible(problem, talk, _asked(problem, talk)) for talk in timetable.talks}


def legal(problem: SchedulingProblem, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return as much of what is wanted as nobody has to be in two places for, and fill it up."""
    busy: dict[Hashable, list[Sitting]] = defaultdict(list)
    free = dict.fromkeys(sitting.id for sitting in problem.timetable.sittings)
    kept = {}
    for talk_id, there in sorted(wanted.items(), key=lambda pair: pair[0] not in problem.pinned):
        talk = problem.timetable.talk_of[talk_id]
        sitting = problem.timetable.sitting_of[there]
        if talk_id in problem.pinned or _fits(problem, talk, sitting, busy, free):
            kept[talk_id] = there
            _bind(problem, talk, sitting, busy, free)
    return first(problem, kept)


def settling(
    problem: SchedulingProblem,
    fixed: Mapping[int, int],
    favoured: Sequence[int],
    placed: Mapping[int, int],
) -> Places:
    """Return one sitting for each fixed talk, and for the others a spread of those not taken.

    The spread begins one later for each talk, so that all could be placed; `placed` is in it.
    """
    timetable, taken = problem.timetable, {*fixed.values(), *favoured}
    rest = [sitting.id for sitting in timetable.sittings if sitting.id not in taken]
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
    """Place talks one by one where they still fit: `fixed` first, others in `favoured`."""
    timetable = problem.timetable
    busy: dict[Hashable, list[Sitting]] = defaultdict(list)
    placed, kept = dict[int, int](), dict(fixed or {})
    kept |= {talk: timetable.placed[talk] for talk in sorted(problem.pinned)}
    free = dict.fromkeys([*favoured, *(sitting.id for sitting in timetable.sittings)])
    for held, there in kept.items():
        placed[held] = there
        _bind(problem, timetable.talk_of[held], timetable.sitting_of[there], busy, free)
    for talk in timetable.talks:
        if talk.id not in placed:
            for there in _wanted(problem, talk, free):
                sitting = timetable.sitting_of[there]
                if _fits(problem, talk, sitting, busy, free):
                    placed[talk.id] = there
                    _bind(problem, talk, sitting, busy, free)
                    break
    return placed


def _asked(problem: SchedulingProblem, talk: Talk) -> list[int]:
    if talk.id in problem.pinned:
        return [problem.timetable.placed[talk.id]]
    was = [problem.was[talk.id]] if talk.id in problem.was else []
    asked = dict.fromkeys([*was, *problem.timetable.wishes.get(talk.id, ())])
    return [sitting_id for sitting_id in asked if sitting_id in problem.timetable.sitting_of]


def _possible(problem: SchedulingProblem, talk: Talk, sittings: Iterable[int]) -> list[int]:
    sitting_of = problem.timetable.sitting_of
    return [
        sitting_id for sitting_id in sittings if problem.is_possible(talk, sitting_of[sitting_id])
    ]


def _spread(items: Sequence[int], count: int, offset: int) -> list[int]:
    size = len(items)
    if size <= count:
        return list(items)
    return [items[(offset + number * size // count) % size] for number in range(count)]


def _wanted(problem: SchedulingProblem, talk: Talk, free: Mapping[int, None]) -> Iterator[int]:
    yield from (sitting_id for sitting_id in _asked(problem, talk) if sitting_id in free)
    yield from free


def _fits(
    problem: SchedulingProblem,
    talk: Talk,
    sitting: Sitting,
    busy: Mapping[Hashable, list[Sitting]],
    free: Mapping[int, None],
) -> bool:
    timetable = problem.timetable
    whole = timetable.stretch(talk, sitting)
    return (
        problem.is_possible(talk, sitting)
        and all(taken.id in free for taken in timetable.taken_by(talk, sitting))
        and not any(
            other.overlaps(whole)
            for party in problem.parties(talk, sitting)
            for other in busy.get(party, ())
        )
    )


def _bind(
    problem: SchedulingProblem,
    talk: Talk,
    sitting: Sitting,
    busy: dict[Hashable, list[Sitting]],
    free: dict[int, None],
) -> None:
    """Note who is needed, and which sittings are free no more."""
    for taken in problem.timetable.taken_by(talk, sitting):
        free.pop(taken.id, None)
    for party in problem.parties(talk, sitting):
        busy[party].append(problem.timetable.stretch(talk, sitting))
