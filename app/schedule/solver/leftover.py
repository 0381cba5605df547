"""Who is left without a sitting, why, and what would let them in. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from app.schedule.draft.timetable import Span, Talk, Timetable
from app.schedule.solver import goals, placing
from app.schedule.solver.matching import largest_matching, rivals_of
from app.schedule.solver.model import SchedulingProblem

MOST_REMEDIES = 3  # that are looked for, for each group of talks
MOST_TRIED = 60  # changes that are tried for each group
NEW = 0  # the id of a sitting in a break; real ones begin at 1


@dataclass(frozen=True)
class Remedy:
    """What would let one more in: a slot in a room's break, or somebody who comes after all."""

    span: Span
    person_id: int | None = None
    room_id: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """Talks without a sitting: the `rivals` (ids) and they can only be in the same `sittings`.

    There are fewer of these than of the talks. None means that there would be sittings enough, and
    somebody would be needed in two places.
    """

    talks: tuple[int, ...]
    rivals: tuple[int, ...]
    sittings: int | None
    remedies: tuple[Remedy, ...] = ()


def left_out(
    timetable: Timetable, placed: Mapping[int, int], *, pinned: Collection[int] = ()
) -> list[LeftOut]:
    """Return the talks without a sitting, together where they need the same ones, each with why."""
    problem = SchedulingProblem(timetable, frozenset(pinned))
    options = placing.everywhere(problem)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for talk in timetable.talks:
        if talk.id not in placed:
            found = rivals_of(talk.id, options, placed)
            alone = () if found is None or not found[0] else found
            groups[alone or (talk.id, found is None)].append(talk.id)
    return [_left_out(problem, placed, options, talks) for talks in groups.values()]


def _left_out(
    problem: SchedulingProblem,
    placed: Mapping[int, int],
    options: Mapping[int, Sequence[int]],
    talks: list[int],
) -> LeftOut:
    rivals, sittings = rivals_of(talks[0], options, placed) or ((), None)
    remedies = islice(_remedies(problem, placed, [*talks, *rivals]), MOST_REMEDIES)
    return LeftOut(tuple(talks), rivals, sittings, tuple(remedies))


def _remedies(
    problem: SchedulingProblem, placed: Mapping[int, int], talks: list[int]
) -> Iterator[Remedy]:
    """Yield the changes that let one more of all talks in; `talks` are those concerned."""
    concerned = [problem.timetable.talk_of[talk] for talk in talks]
    changes = [*_absences(problem.timetable, concerned), *_breaks(problem.timetable)]
    for remedy, changed in changes[:MOST_TRIED]:
        then = replace(problem, timetable=changed)
        matching = largest_matching(placing.everywhere(then), placed)
        if len(matching) > len(placed) and len(placing.legal(then, matching)) > len(placed):
            yield remedy


def _absences(timetable: Timetable, talks: list[Talk]) -> Iterator[tuple[Remedy, Timetable]]:
    """Yield each time away of the talks' presenters, and the timetable without it."""
    people = dict.fromkeys(person for talk in talks for person in sorted(talk.presenters))
    for person in people:
        spans = timetable.away.get(person, ())
        for span in spans:
            rest = tuple(other for other in spans if other != span)
            away = {**timetable.away, person: rest}
            yield Remedy(span, person_id=person), replace(timetable, away=away)


def _breaks(timetable: Timetable) -> Iterator[tuple[Remedy, Timetable]]:
    """Yield each break long enough for a sitting, and the timetable with one in it."""
    for sittings in goals.in_rooms(timetable):
        for before, after in pairwise(sittings):
            ends_at = before.ends_at + (before.ends_at - before.starts_at)
            if ends_at <= after.starts_at:
                inserted = replace(
                    before, id=NEW, starts_at=before.ends_at, ends_at=ends_at, session=NEW
                )
                remedy = Remedy(Span(before.ends_at, after.starts_at), room_id=before.room_id)
                yield remedy, replace(timetable, sittings=(*timetable.sittings, inserted))
