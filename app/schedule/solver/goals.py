"""What a good schedule is: the goals in their order, and how far a schedule is from each. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import PanelSeats, Sitting, Talk, Timetable, shares
from app.workflow import N_, Labelled

Aim = tuple["Goal", int]  # a goal, and for wishes the rank, else 0


class Goal(Labelled):
    """What a schedule is judged by, in the usual order; each counts what it should avoid."""

    UNPLACED = "unplaced", N_("Finalists without a slot")
    WITHOUT_QUORUM = "without_quorum", N_("Presentations without a quorum")
    MOVED = "moved", N_("Presentations moved")
    AFFECTED = "affected", N_("People affected by a move")
    OVERLOAD = "overload", N_("Presentations above a judge's daily limit")
    WISHES = "wishes", N_("Finalists far from their first preference")
    EARLY = "early", N_("Finalists who have to leave too early")
    UNBALANCED = "unbalanced", N_("Presentations above a day's share")
    UNEVEN = "uneven", N_("Presentations above a room's share")
    IDLE = "idle", N_("Panels with nothing to judge")
    WAITING = "waiting", N_("Slots that judges spend waiting")
    WALKOUTS = "walkouts", N_("Times a recused judge leaves the room")
    NEIGHBOURS = "neighbours", N_("Neighbouring presentations that break the agency rule")

    @property
    def is_fixed(self) -> bool:
        """Whether it comes first in every edition."""
        return self in FIXED

    @property
    def is_share(self) -> bool:
        """Whether it depends on how many sittings are taken in all."""
        return self in {Goal.UNBALANCED, Goal.UNEVEN}

    @property
    def is_of_repairs(self) -> bool:
        """Whether it only counts in a repair."""
        return self in {Goal.MOVED, Goal.AFFECTED}


FIXED = (Goal.UNPLACED, Goal.WITHOUT_QUORUM, Goal.MOVED, Goal.AFFECTED)
"""What comes first in every edition; moves only count in a repair."""

USUAL_ORDER = tuple(goal for goal in Goal if goal not in FIXED)
"""The other goals, in the order they have until an edition chooses another."""


@dataclass(frozen=True)
class GoalScore:
    """How a plan does in a goal; none as good in the goals before it has less than `bound`.

    Wishes have one score for each `rank` from the worst to the second: how many stand at it.
    """

    goal: Goal
    value: int
    bound: int
    rank: int = 0

    @property
    def is_proven(self) -> bool:
        """Whether no plan can do better."""
        return self.value == self.bound

    @property
    def gap(self) -> float:
        """How much of the value could at most be saved, as a share from 0 to 1."""
        return (self.value - self.bound) / self.value if self.value else 0.0


def aims(
    timetable: Timetable, *, is_repair: bool, order: Sequence[Goal] = USUAL_ORDER
) -> list[Aim]:
    """Return what is to be minimised: what always comes first, then the rest in this order."""
    ladder = [goal for goal in FIXED if is_repair or not goal.is_of_repairs]
    return [aim for goal in [*ladder, *order] for aim in _aims_of(goal, timetable)]


def _aims_of(goal: Goal, timetable: Timetable) -> list[Aim]:
    """Return the aims of a goal, none where it can't be missed."""
    if goal is Goal.WISHES:
        worst = worst_rank(timetable) if any(timetable.wishes.values()) else 1
        return [(goal, rank) for rank in range(worst, 1, -1)]
    is_moot = {
        Goal.NEIGHBOURS: timetable.order is AgencyOrder.ANY,
        Goal.OVERLOAD: timetable.most_a_day is None,
        Goal.UNEVEN: len(in_rooms(timetable)) == len(timetable.sittings_on),
        Goal.IDLE: len(panels_at_work(timetable)) < 2,  # noqa: PLR2004 -- one would judge all
    }
    return [] if is_moot.get(goal) else [(goal, 0)]


def measure(aim: Aim, timetable: Timetable, was: Mapping[int, int]) -> int:
    """Return how far the timetable is from the aim; `was` is where talks stood before a repair."""
    goal, rank = aim
    if goal is Goal.WISHES:
        return sum(1 for talk in timetable.talks if _rank(timetable, talk) == rank)
    if goal is Goal.MOVED:
        return sum(1 for talk, old in was.items() if timetable.placed.get(talk) != old)
    if goal is Goal.AFFECTED:
        return sum(
            affected(timetable, timetable.talk_of[talk], old, timetable.placed.get(talk))
            for talk, old in was.items()
        )
    return _COUNTS[goal](timetable)


def worst_rank(timetable: Timetable) -> int:
    """Return the worst rank there may be: that of who misses the longest list of wishes."""
    return 1 + max(map(len, timetable.wishes.values()), default=0)


def rank_in(timetable: Timetable, talk: Talk, sitting: int | None) -> int:
    """Return which of its wishes the talk gets in the sitting, 0 if it has none.

    To get none of them counts as one more than there are: who names one slot alone gains nothing
    by it over who names more.
    """
    wishes = timetable.wishes.get(talk.id, ())
    if not wishes:
        return 0
    return wishes.index(sitting) + 1 if sitting in wishes else len(wishes) + 1


def fillable(timetable: Timetable, panel: PanelSeats) -> int:
    """Return how many judges could at most take the panel's open seats."""
    return min(panel.open_seats, len(timetable.free))


def affected(timetable: Timetable, talk: Talk, old: int, new: int | None) -> int:
    """Return how many people a move concerns: its presenters and both panels' members.

    Anyone concerned by two moves counts twice, so that the sum is linear.
    """
    if old == new:
        return 0
    there = (timetable.sitting_of.get(place) for place in (old, new) if place is not None)
    found = [sitting for sitting in there if sitting is not None]
    judges = {judge for sitting in found for judge in timetable.panels[sitting.panel_id].members}
    return len(judges | talk.presenters)


def size_of(panel: PanelSeats) -> int:
    """Return how many members the panel has once it is complete."""
    return max(panel.seats, len(panel.members))


def panels_at_work(timetable: Timetable) -> Mapping[int | None, list[Sitting]]:
    """Return the panels that have anybody or are to have, by their id, with their sittings."""
    found: dict[int | None, list[Sitting]] = {}
    for sitting in timetable.sittings:
        panel = timetable.panels[sitting.panel_id]
        if size_of(panel) or panel.alternates:
            found.setdefault(panel.id, []).append(sitting)
    return found


def judge_days(timetable: Timetable) -> Counter[frozenset[int]]:
    """Return how many judges each set of sittings (ids) is the day of."""
    days: dict[tuple[int, date], set[int]] = defaultdict(set)
    for sitting in timetable.sittings:
        for judge in timetable.panels[sitting.panel_id].members:
            days[judge, sitting.day].add(sitting.id)
    return Counter(frozenset(sittings) for sittings in days.values())


def is_barred(timetable: Timetable, judge: int, talk: Talk) -> bool:
    """Return whether the judge has to leave when the talk is presented."""
    return (judge, talk.id) in timetable.barred or judge in talk.presenters


def in_rooms(timetable: Timetable) -> list[list[Sitting]]:
    """Return the sittings of each room and day in the order of time."""
    return _runs(timetable.sittings, lambda sitting: (sitting.day, sitting.room_id))


def in_sessions(timetable: Timetable) -> list[list[Sitting]]:
    """Return the sittings of each session in the order of time."""
    return _runs(timetable.sittings, lambda sitting: sitting.session)


def attended(timetable: Timetable, session: Iterable[Sitting]) -> Iterator[tuple[int, list[int]]]:
    """Yield each judge with each stretch of the session's sittings that they sit in, as ids.

    A stretch ends where they are away or not a member; when they come back, the next one begins.
    """
    session = list(session)
    judges = {judge for sitting in session for judge in timetable.panels[sitting.panel_id].members}
    for judge in sorted(judges):
        sits = [
            (_attends(timetable, judge, sitting), sitting.id)  # in the order of time
            for sitting in session
        ]
        for is_there, stretch in groupby(sits, key=lambda pair: pair[0]):
            if is_there:
                yield judge, [sitting for _, sitting in stretch]


def _attends(timetable: Timetable, judge: int, sitting: Sitting) -> bool:
    is_member = judge in timetable.panels[sitting.panel_id].members
    return is_member and not timetable.is_away(judge, sitting)


def _runs(
    sittings: Iterable[Sitting], key: Callable[[Sitting], tuple[date, int] | int]
) -> list[list[Sitting]]:
    found: dict[tuple[date, int] | int, list[Sitting]] = {}
    for sitting in sorted(sittings, key=lambda sitting: (sitting.starts_at, sitting.id)):
        found.setdefault(key(sitting), []).append(sitting)
    return list(found.values())


def _rank(timetable: Timetable, talk: Talk) -> int:
    return rank_in(timetable, talk, timetable.placed.get(talk.id))


def _pairs(timetable: Timetable) -> Iterator[tuple[Talk, Sitting]]:
    for talk, sitting in timetable.placed.items():
        yield timetable.talk_of[talk], timetable.sitting_of[sitting]


def _unplaced(timetable: Timetable) -> int:
    return len(timetable.talks) - len(timetable.placed)


def _without_quorum(timetable: Timetable) -> int:
    """Count the presentations that lack more judges than can still take the panel's open seats."""
    return sum(
        bench.lacking > fillable(timetable, timetable.panels[sitting.panel_id])
        for talk, sitting in _pairs(timetable)
        for bench in (timetable.benches[talk.id],)
    )


def _early(timetable: Timetable) -> int:
    return sum(timetable.has_to_rise_early(*pair) for pair in _pairs(timetable))


def _unbalanced(timetable: Timetable) -> int:
    return _beyond_share(timetable, timetable.sittings_on.values())


def _uneven(timetable: Timetable) -> int:
    return _beyond_share(timetable, in_rooms(timetable))


def _beyond_share(timetable: Timetable, parts: Collection[Sequence[Sitting]]) -> int:
    """Count the sittings taken that parts of the timetable have beyond their share, or lack."""
    beyond = 0
    for sittings, (fewest, most) in shares(parts, len(timetable.talk_in)):
        held = sum(sitting.id in timetable.talk_in for sitting in sittings)
        beyond += max(fewest - held, held - most, 0)
    return beyond


def _overload(timetable: Timetable) -> int:
    most = timetable.most_a_day
    if most is None:
        return 0
    return sum(
        judges * max(0, len(day & timetable.talk_in.keys()) - most)
        for day, judges in judge_days(timetable).items()
    )


def _idle(timetable: Timetable) -> int:
    return sum(
        not any(sitting.id in timetable.talk_in for sitting in sittings)
        for panel, sittings in panels_at_work(timetable).items()
        if timetable.panels[panel].members or timetable.panels[panel].alternates
    )


def _waiting(timetable: Timetable) -> int:
    total = 0
    for sittings in in_rooms(timetable):
        taken = [place for place, sitting in enumerate(sittings) if sitting.id in timetable.talk_in]
        inside = sittings[taken[0] : taken[-1]] if taken else []
        empty = [sitting for sitting in inside if sitting.id not in timetable.talk_in]
        total += sum(size_of(timetable.panels[sitting.panel_id]) for sitting in empty)
    return total


def _walkouts(timetable: Timetable) -> int:
    return sum(
        _leavings(timetable, judge, stretch)
        for session in in_sessions(timetable)
        for judge, stretch in attended(timetable, session)
    )


def _leavings(timetable: Timetable, judge: int, stretch: list[int]) -> int:
    talks = [timetable.talk_in[sitting] for sitting in stretch if sitting in timetable.talk_in]
    out = [is_barred(timetable, judge, timetable.talk_of[talk]) for talk in talks]
    return sum(1 for before, after in pairwise(out) if after and not before)


def _neighbours(timetable: Timetable) -> int:
    found = 0
    for session in in_sessions(timetable):
        for one, next_one in pairwise(timetable.talk_in.get(sitting.id) for sitting in session):
            if one is not None and next_one is not None and one != next_one:
                agencies = timetable.talk_of[one].agency_id, timetable.talk_of[next_one].agency_id
                found += agencies[0] == agencies[1]
    return longest_chains(timetable) - found if timetable.order is AgencyOrder.TOGETHER else found


def longest_chains(timetable: Timetable) -> int:
    """Return how many pairs would be neighbours if each agency's talks formed one chain."""
    return sum(count - 1 for count in Counter(talk.agency_id for talk in timetable.talks).values())


_COUNTS: dict[Goal, Callable[[Timetable], int]] = {
    Goal.UNPLACED: _unplaced,
    Goal.WITHOUT_QUORUM: _without_quorum,
    Goal.EARLY: _early,
    Goal.OVERLOAD: _overload,
    Goal.UNBALANCED: _unbalanced,
    Goal.UNEVEN: _uneven,
    Goal.IDLE: _idle,
    Goal.WAITING: _waiting,
    Goal.WALKOUTS: _walkouts,
    Goal.NEIGHBOURS: _neighbours,
}
