"""Small random editions, and all the schedules they allow: what a plan claims, beside the truth.

Counted by the checker, which knows nothing of the solver.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from checker import count, finished, violations
from timetables import DAY, ZONE, go_on, span

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import PanelSeats, Sitting, Talk, Timetable
from app.schedule.solver.solve import SchedulePlan, complete, repair

MODES = ("whole", "rest", "repair")
JUDGES = (1, 2, 3, 11, 12)
GONE = 99  # a sitting that there is no longer


@dataclass(frozen=True)
class Finding:
    """How a plan compares with all schedules there are.

    `miscounted` are the aims that come to something else than it says, `too_high` those whose bound
    some schedule undercuts; `is_best` says whether no schedule is better.
    """

    is_proven: bool
    is_best: bool
    miscounted: tuple[str, ...]
    too_high: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether it claims what is not so."""
        return bool(self.miscounted or self.too_high) or (self.is_proven and not self.is_best)


def edition(seed: int) -> Timetable:
    """Draw an edition: rooms that may be staggered, alternates who judge or present elsewhere."""
    draw = random.Random(seed)
    sittings = tuple(_sittings(draw))
    has_open_seats, has_long_talks = draw.random() < 0.25, draw.random() < 0.3
    talks = tuple(
        Talk(
            number,
            draw.randint(1, 2),
            _presenters(draw, number),
            is_long=has_long_talks and draw.random() < 0.4,
        )
        for number in range(1, draw.choice((3, 4) if not has_open_seats else (2, 3)) + 1)
    )
    panels = {room: _panel(draw, room, has_open_seats=has_open_seats) for room in (1, 2)}
    ids = [sitting.id for sitting in sittings]
    used = {judge for panel in panels.values() for judge in (*panel.members, *panel.alternates)}
    some = draw.sample(ids, min(len(ids), len(talks)))
    placed = {
        talk.id: there if draw.random() < 0.9 else GONE
        for talk, there in zip(talks, some, strict=False)
        if draw.random() < 0.8
    }
    for talk in talks:
        after = placed.get(talk.id, 0) + 1  # ids count on within a room
        is_free = after not in placed.values() and _follows(sittings, after)
        if talk.is_long and talk.id in placed and not is_free:
            del placed[talk.id]
    people = [*JUDGES, *(100 + talk.id for talk in talks)]
    return Timetable(
        sittings,
        talks,
        panels,
        placed=placed,
        barred=frozenset(
            (draw.choice(JUDGES), draw.choice(talks).id) for _ in range(draw.randint(0, 2))
        ),
        away={
            who: (span(0, hour, hour + 1),)
            for who, hour in ((draw.choice(people), draw.randint(8, 10)) for _ in range(2))
            if draw.random() < 0.6
        },
        wishes={
            talk.id: tuple(draw.sample(ids, draw.randint(1, 2)))
            for talk in talks
            if draw.random() < 0.6
        },
        free=tuple(judge for judge in (*JUDGES, 31) if judge not in used)[:2],
        declined=frozenset(
            (draw.choice(people), talk, there)
            for talk, there in placed.items()
            if there != GONE and draw.random() < 0.2
        ),
        order=draw.choice(list(AgencyOrder)),
        most_a_day=draw.choice((None, None, 1, 2)),
    )


def _follows(sittings: tuple[Sitting, ...], there: int) -> bool:
    """Return whether the sitting goes on where that with the id before it ends."""
    found = {sitting.id: (sitting.room_id, sitting.session) for sitting in sittings}
    return there in found and found[there] == found.get(there - 1)


def _sittings(draw: random.Random) -> Iterator[Sitting]:
    number = 0
    for room in (1, 2):
        late = draw.choice((0, 0, 30)) if room == 2 else 0
        for hour in range(draw.randint(2, 3)):
            number += 1
            starts = dt.datetime.combine(DAY, dt.time(8 + hour, late), ZONE)
            session = 10 * room + (hour > 1 and draw.random() < 0.3)
            yield Sitting(starts, starts + dt.timedelta(hours=1), number, room, room, DAY, session)


def _presenters(draw: random.Random, number: int) -> frozenset[int]:
    own = {100 + number}
    if draw.random() < 0.2:
        own.add(101)
    if draw.random() < 0.3:
        own.add(draw.choice(JUDGES))
    return frozenset(own)


def _panel(draw: random.Random, room: int, *, has_open_seats: bool) -> PanelSeats:
    judges = draw.sample(JUDGES, 4)
    members = draw.randint(0, 2)
    seats = members + draw.randint(0, 1) if has_open_seats else 0
    alternates = tuple(judges[members : members + draw.randint(0, 2)])
    return PanelSeats(room, tuple(judges[:members]), alternates, draw.randint(1, 2), seats)


def planned(table: Timetable, mode: str) -> SchedulePlan:
    """Solve the edition: as a whole, with all pins, or as a repair."""
    if mode == "repair":
        return repair(table, listen=go_on)
    return complete(table, pinned=pins(table) if mode == "rest" else (), listen=go_on)


def compared(table: Timetable, plan, mode: str) -> Finding:
    """Return how the plan compares with every schedule and every way to fill open seats."""
    was = table.placed if mode == "repair" else {}
    pinned = pins(table) if mode == "rest" else {}
    own = replace(table, placed=dict(plan.placed)), replace(finished(table, plan), free=())
    left = [own, *_outcomes(table, pinned)]
    miscounted, too_high, is_best = [], [], True
    for score in plan.scores:
        truly, *_ = counts = [_count(outcome, score, was) for outcome in left]
        name = f"{score.goal} {score.rank}"
        if score.value != truly:
            miscounted.append(f"{name}: {score.value}, truly {truly}")
        if score.bound > min(counts):
            too_high.append(f"{name}: {score.bound} > {min(counts)}")
        is_best = is_best and truly == min(counts)
        left = [outcome for outcome, found in zip(left, counts, strict=True) if found <= truly]
    return Finding(plan.is_proven, is_best, tuple(miscounted), tuple(too_high))


def pins(table: Timetable) -> Mapping[int, int]:
    """Return which talks stay where they are when only the rest is to be placed."""
    return {talk: there for talk, there in table.placed.items() if there != GONE}


def _count(outcome: tuple[Timetable, Timetable], score, was: Mapping[int, int]) -> int:
    unstaffed, staffed = outcome
    table = unstaffed if score.goal == "affected" else staffed
    return count(table, score.goal, score.rank, was)


def _outcomes(table: Timetable, pinned: Mapping[int, int]) -> Iterator[tuple[Timetable, Timetable]]:
    """Yield each schedule with the panels as they are, and with their open seats filled."""
    for placed in _schedules(table, pinned):
        moved = replace(table, placed=placed)
        for seats in _seatings(table):
            plan = _Plan(placed, seats)
            staffed = replace(finished(table, plan), free=())
            if not seats or violations(staffed) == violations(moved):
                yield moved, staffed


@dataclass(frozen=True)
class _Plan:
    placed: Mapping[int, int]
    seats: Mapping[int | None, tuple[int, ...]]


def _schedules(table: Timetable, pinned: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Yield all schedules that break no rule but what the pinned break; each rule is of pairs."""

    def is_legal(placed: dict[int, int]) -> bool:
        held = dict(placed.items() & pinned.items())
        return _broken(table, placed) == _broken(table, held)

    ways = {
        talk.id: [pinned[talk.id]]
        if talk.id in pinned
        else [each.id for each in table.sittings if is_legal({talk.id: each.id})]
        for talk in table.talks
    }
    pairs = [(talk, there) for talk, places in ways.items() for there in places]
    legal = {
        (one, other)
        for one, other in itertools.product(pairs, pairs)
        if one[0] < other[0] and is_legal(dict((one, other)))
    }

    def extended(placed: dict[int, int], rest: list[int]) -> Iterator[dict[int, int]]:
        if not rest:
            yield placed
            return
        talk, *others = rest
        if talk not in pinned:
            yield from extended(placed, others)
        for there in ways[talk]:
            if all((pair, (talk, there)) in legal for pair in placed.items()):
                yield from extended({**placed, talk: there}, others)

    yield from extended({}, sorted(ways))


def _broken(table: Timetable, placed: Mapping[int, int]) -> list[str]:
    return violations(replace(table, placed=placed))


def _seatings(table: Timetable) -> list[dict[int | None, tuple[int, ...]]]:
    """Return all ways to fill open seats with free judges, or to leave them open."""
    ways = []
    for key, panel in table.panels.items():
        sizes = range(max(0, panel.seats - len(panel.members)) + 1)
        ways.append([(key, some) for n in sizes for some in itertools.combinations(table.free, n)])
    return [{key: some for key, some in each if some} for each in itertools.product(*ways)]
