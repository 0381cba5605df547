"""A schedule as plain values: what is where, who judges it, who can't be there. Pure.

The warnings, the solver and the arranging pages all look at this one picture, so they agree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from app.editions.kinds import AgencyOrder


@dataclass(frozen=True)
class Span:
    """A stretch of time, from `starts_at` until just before `ends_at` (aware)."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Return whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Sitting(Span):
    """A slot: a stretch of time in a room with a panel, in which one proposal can be presented.

    Sittings of one room and day that follow each other without a break form a session, which has
    the same `session` number; numbers are unique within the timetable.
    """

    id: int
    room_id: int
    panel_id: int | None
    day: dt.date
    session: int

    @property
    def turn(self) -> tuple[datetime, int]:
        """What orders the sittings in which alternates are called: who begins first, goes first."""
        return self.starts_at, self.id


Engagement = tuple[Sitting, int]
"""What somebody is committed to: a sitting, and the id of the talk in it."""


@dataclass(frozen=True)
class PanelSeats:
    """Who judges in a sitting: `None` as id is the whole judging team.

    Alternates fill in, in their order, when members can't. `quorum` is how many judges must be
    there after recusal; `seats` how many members the panel should have, some of them still open.
    """

    id: int | None
    members: tuple[int, ...]
    alternates: tuple[int, ...] = ()
    quorum: int = 1
    seats: int = 0

    @property
    def open_seats(self) -> int:
        """How many members it still lacks."""
        return max(0, self.seats - len(self.members))


@dataclass(frozen=True)
class Talk:
    """A finalist to be presented: by whom, of which agency, how far away, in how many slots.

    One that `is_held` has been presented, and stays where that was.
    """

    id: int
    agency_id: int
    presenters: frozenset[int]
    travel: timedelta = timedelta(0)
    is_long: bool = False  # it needs the following sitting too
    is_held: bool = False

    @property
    def slots(self) -> int:
        """How many sittings it takes."""
        return 2 if self.is_long else 1


@dataclass(frozen=True)
class Bench:
    """Who judges one talk in one sitting: the members there, the alternates called, who is recused.

    `recused` are members with a conflict, who leave the room; `missing` those away or elsewhere.
    """

    seated: tuple[int, ...]
    called: tuple[int, ...]
    recused: tuple[int, ...]
    missing: tuple[int, ...]
    quorum: int

    @property
    def judges(self) -> tuple[int, ...]:
        """Who judges: the members and alternates who are there, by their ids."""
        return tuple(sorted(self.seated + self.called))

    @property
    def is_appointed(self) -> bool:
        """Whether the panel has anybody yet."""
        return bool(self.seated or self.called or self.recused or self.missing)

    @property
    def lacking(self) -> int:
        """How many judges it lacks for a quorum; 0 or below if it has one."""
        return self.quorum - len(self.seated) - len(self.called)

    @property
    def has_quorum(self) -> bool:
        """Whether enough judges are there."""
        return self.lacking <= 0


@dataclass(frozen=True)
class Timetable:
    """Everything that a schedule depends on.

    `placed` says in which sitting a talk begins, `barred` which judge (first) has a conflict with
    which talk, `away` when a person can't come, `wishes` the sittings a talk asks for, most wanted
    first, `free` the judges on no panel yet, `declined` who (first) has declined to come to which
    talk in which sitting. Nobody should have to leave home before `earliest`; no judge should hear
    more than `most_a_day` talks on one day.
    """

    sittings: tuple[Sitting, ...]
    talks: tuple[Talk, ...]
    panels: Mapping[int | None, PanelSeats]
    placed: Mapping[int, int] = field(default_factory=dict)
    barred: frozenset[tuple[int, int]] = frozenset()
    away: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    wishes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    free: tuple[int, ...] = ()
    declined: frozenset[tuple[int, int, int]] = frozenset()
    order: AgencyOrder = AgencyOrder.ANY
    earliest: Mapping[dt.date, datetime] = field(default_factory=dict)
    most_a_day: int | None = None

    @cached_property
    def sitting_of(self) -> Mapping[int, Sitting]:
        """The sittings by their id."""
        return {sitting.id: sitting for sitting in self.sittings}

    @cached_property
    def talk_of(self) -> Mapping[int, Talk]:
        """The talks by their id."""
        return {talk.id: talk for talk in self.talks}

    @cached_property
    def talk_in(self) -> Mapping[int, int]:
        """The id of the talk in each sitting that is taken; a long one is in two."""
        found = {sitting: talk for talk, sitting in self.placed.items()}
        for talk in self.talks:
            there = self.placed.get(talk.id, 0)
            if talk.is_long and there in self.following:
                found[self.following[there].id] = talk.id
        return found

    @cached_property
    def following(self) -> Mapping[int, Sitting]:
        """The sitting that follows another in the same session, by the other's id."""
        in_order = sorted(self.sittings, key=lambda sitting: (sitting.session, sitting.starts_at))
        return {
            sitting.id: after
            for sitting, after in pairwise(in_order)
            if (sitting.session, sitting.room_id, sitting.ends_at)
            == (after.session, after.room_id, after.starts_at)
            and sitting.panel_id == after.panel_id
        }

    def taken_by(self, talk: Talk, sitting: Sitting) -> tuple[Sitting, ...]:
        """Return the sittings that the talk takes if it begins in this one."""
        after = self.following.get(sitting.id) if talk.is_long else None
        return (sitting, after) if after else (sitting,)

    def stretch(self, talk: Talk, sitting: Sitting) -> Sitting:
        """Return the sitting, with the following one if the talk needs both."""
        *_, last = self.taken_by(talk, sitting)
        return sitting if last is sitting else replace(sitting, ends_at=last.ends_at)

    def fits(self, talk: Talk, sitting: Sitting) -> bool:
        """Return whether the sitting is long enough, with the one that follows it."""
        return len(self.taken_by(talk, sitting)) == talk.slots

    @cached_property
    def sittings_on(self) -> Mapping[dt.date, tuple[Sitting, ...]]:
        """The sittings of each day, in the order of time."""
        days: dict[dt.date, list[Sitting]] = {}
        for sitting in sorted(self.sittings, key=lambda sitting: sitting.starts_at):
            days.setdefault(sitting.day, []).append(sitting)
        return {day: tuple(sittings) for day, sittings in days.items()}

    def is_away(self, person: int, span: Span) -> bool:
        """Return whether the person can't be there at some moment of the span."""
        return any(absence.overlaps(span) for absence in self.away.get(person, ()))

    def can_be_there(self, talk: Talk, sitting: Sitting) -> bool:
        """Return whether it is long enough and every presenter has time."""
        return self.fits(talk, sitting) and not any(
            self.has_refused(presenter, talk, sitting) for presenter in talk.presenters
        )

    def has_refused(self, person: int, talk: Talk, sitting: Sitting) -> bool:
        """Return whether the person is away then, or has declined to come to the talk there."""
        has_declined = (person, talk.id, sitting.id) in self.declined
        return has_declined or self.is_away(person, self.stretch(talk, sitting))

    def bench(self, talk: Talk, sitting: Sitting, elsewhere: Iterable[int] = ()) -> Bench:
        """Return who judges the talk in the sitting (rules 3 and 7 of the domain).

        `elsewhere` are people needed in other rooms; `bench_as_placed` finds them.

        The talk's presenters are recused as authors; alternates are called until there is a quorum.
        """
        panel = self.panels[sitting.panel_id]
        bound = frozenset(elsewhere)
        recused = tuple(judge for judge in panel.members if self._has_conflict(judge, talk))
        able = [judge for judge in panel.members if judge not in recused]
        seated = tuple(judge for judge in able if self._has_time(judge, talk, sitting, bound))
        called: list[int] = []
        for judge in panel.alternates:
            if len(seated) + len(called) >= panel.quorum:
                break
            if not self._has_conflict(judge, talk) and self._has_time(judge, talk, sitting, bound):
                called.append(judge)
        missing = tuple(judge for judge in able if judge not in seated)
        return Bench(seated, tuple(called), recused, missing, panel.quorum)

    def bench_as_placed(self, talk: Talk, sitting: Sitting) -> Bench:
        """Return who would judge the talk in the sitting, given everything else that is placed.

        Anyone who presents something else then is missing; so is an alternate whose own panel
        sits, or who is called to what begins before.
        """
        if self.placed.get(talk.id) == sitting.id:
            return self.benches[talk.id]
        alternates = self.panels[sitting.panel_id].alternates
        called = self._without(talk.id).called if alternates else {}
        before = {
            alternate: [call for call in called.get(alternate, ()) if call[0].turn < sitting.turn]
            for alternate in alternates
        }
        return self._bench_beside(talk, sitting, before)

    @cached_property
    def benches(self) -> Mapping[int, Bench]:
        """Who judges each placed talk, by its id; alternates are called to what begins first."""
        found = {}
        called = defaultdict[int, list[Engagement]](list)
        for talk, at in sorted(self.placements, key=lambda placement: placement[1].turn):
            found[talk.id] = self._bench_beside(talk, at, called)
            for alternate in found[talk.id].called:
                called[alternate].append((at, talk.id))
        return found

    @cached_property
    def called(self) -> Mapping[int, Sequence[Engagement]]:
        """The talks that each alternate is called to, by the person's id."""
        return self._engagements(lambda talk, _: self.benches[talk.id].called)

    @cached_property
    def serving(self) -> Mapping[int, Sequence[Engagement]]:
        """The talks that each person judges, as a member or called, by the person's id."""
        return self._engagements(lambda talk, _: self.benches[talk.id].judges)

    def costs_a_quorum(self, talk: Talk, sitting: Sitting) -> bool:
        """Return whether another talk would have too few judges if this one came to the sitting."""
        rest, sitting = self._without(talk.id), self.stretch(talk, sitting)
        panel, bench = self.panels[sitting.panel_id], self.bench_as_placed(talk, sitting)
        needed = talk.presenters.union(panel.members, bench.called)
        if not any(_is_bound(rest.serving.get(person, ()), talk, sitting) for person in needed):
            return False
        then = replace(rest, placed={**rest.placed, talk.id: sitting.id}).benches
        return any(
            bench.has_quorum and not then[other].has_quorum
            for other, bench in rest.benches.items()
            if rest.placed[other] != sitting.id
        )

    def lacking(self, talk: Talk, sitting: Sitting) -> int:
        """Return how many judges the panel's members leave lacking there; below 0 if none."""
        panel = self.panels[sitting.panel_id]
        return panel.quorum - sum(self.can_judge(judge, talk, sitting) for judge in panel.members)

    def can_judge(self, judge: int, talk: Talk, sitting: Sitting) -> bool:
        """Return whether the judge has no conflict and has time, whatever else is placed."""
        return not self._has_conflict(judge, talk) and not self.has_refused(judge, talk, sitting)

    @cached_property
    def presenting(self) -> Mapping[int, Sequence[Engagement]]:
        """What each presenter presents, and where, by the person's id."""
        return self._engagements(lambda talk, _: talk.presenters)

    @cached_property
    def judging(self) -> Mapping[int, Sequence[Engagement]]:
        """The talks that each member's panel judges, by the person's id."""
        return self._engagements(lambda _, sitting: self.panels[sitting.panel_id].members)

    @cached_property
    def placements(self) -> Sequence[tuple[Talk, Sitting]]:
        """The placed talks, each with its sitting, stretched as far as it needs."""
        pairs = ((talk, self.sitting_of.get(self.placed.get(talk.id, 0))) for talk in self.talks)
        return [
            (talk, self.stretch(talk, sitting)) for talk, sitting in pairs if sitting is not None
        ]

    def has_to_rise_early(self, talk: Talk, sitting: Sitting) -> bool:
        """Return whether a presenter would have to leave home unreasonably early."""
        earliest = self.earliest.get(sitting.day)
        return earliest is not None and sitting.starts_at - talk.travel < earliest

    def _without(self, talk_id: int) -> "Timetable":
        """Return the timetable with the talk nowhere."""
        if talk_id not in self._others:
            placed = {talk: there for talk, there in self.placed.items() if talk != talk_id}
            self._others[talk_id] = replace(self, placed=placed)
        return self._others[talk_id]

    @cached_property
    def _others(self) -> dict[int, "Timetable"]:
        """The timetables without one of the talks, by its id, once they have been asked for."""
        return {}

    def _bench_beside(
        self, talk: Talk, sitting: Sitting, called: Mapping[int, Sequence[Engagement]]
    ) -> Bench:
        panel, sitting = self.panels[sitting.panel_id], self.stretch(talk, sitting)
        bound = {
            judge
            for judge in (*panel.members, *panel.alternates)
            if _is_bound(self.presenting.get(judge, ()), talk, sitting)
        }
        bound |= {
            alternate
            for alternate in panel.alternates
            for engagements in (self.judging.get(alternate, ()), called.get(alternate, ()))
            if _is_bound(engagements, talk, sitting)
        }
        return self.bench(talk, sitting, bound)

    def _engagements(
        self, people: Callable[[Talk, Sitting], Iterable[int]]
    ) -> Mapping[int, Sequence[Engagement]]:
        """Return the placed talks that concern each person (by id), found by `people`."""
        found = defaultdict(list)
        for talk, sitting in self.placements:
            for person in people(talk, sitting):
                found[person].append((sitting, talk.id))
        return found

    def _has_conflict(self, judge: int, talk: Talk) -> bool:
        return (judge, talk.id) in self.barred or judge in talk.presenters

    def _has_time(
        self, person: int, talk: Talk, sitting: Sitting, elsewhere: frozenset[int]
    ) -> bool:
        return person not in elsewhere and not self.has_refused(person, talk, sitting)


def shares(
    parts: Collection[Sequence[Sitting]], taken: int
) -> Iterator[tuple[Sequence[Sitting], tuple[int, int]]]:
    """Yield each part's sittings, with how many of those taken it should have at least and most.

    That is its share by its size among all, rounded down and up.
    """
    total = sum(map(len, parts))
    for sittings in parts:
        share = taken * len(sittings)
        yield sittings, (share // total, -(-share // total))


def _is_bound(engagements: Iterable[Engagement], talk: Talk, sitting: Sitting) -> bool:
    """Return whether one of these is another talk at the same time in another sitting."""
    return any(
        other != talk.id and at.id != sitting.id and at.overlaps(sitting)
        for at, other in engagements
    )
