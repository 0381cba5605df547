"""A schedule as plain values: what stands where, who sits in front of it, who can't. Pure.

The warnings, the solver and the pages that arrange look at this one picture, so that they agree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from app.editions.kinds import AgencyOrder


@dataclass(frozen=True)
class Span:
    """A stretch of time, from `starts_at` until just before `ends_at` (aware)."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Tell whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Sitting(Span):
    """A slot: a room's stretch of time before a panel, in which one proposal can be presented.

    Sittings of one room and day that follow each other without a break form a session, which has
    the same `session` number; numbers are unique within the timetable.
    """

    id: int
    room_id: int
    panel_id: int | None
    day: dt.date
    session: int


Engagement = tuple[Sitting, int]
"""What somebody is bound to: a sitting, and the id of the talk in it."""


@dataclass(frozen=True)
class PanelSeats:
    """Who judges in a sitting: `None` as id is the whole judging team.

    Alternates fill in, in their order, where members can't. `quorum` is how many judges must be
    there after recusal; `seats` how many members the panel is to have, of which some may be open.
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
    """A finalist to be presented: by whom, of which agency, how far away."""

    id: int
    agency_id: int
    presenters: frozenset[int]
    travel: timedelta = timedelta(0)


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
    def has_quorum(self) -> bool:
        """Whether enough judges are there."""
        return len(self.judges) >= self.quorum


@dataclass(frozen=True)
class Timetable:
    """Everything that a schedule depends on.

    `placed` says in which sitting a talk stands, `barred` which judge (first) has a conflict with
    which talk, `away` when a person can't, `wishes` the sittings a talk asks for, the best first,
    `free` the judges who sit in no panel yet, `declined` who (first) has declined to come to which
    talk where it stands now. Nobody leaves for the venue before `earliest`.
    """

    sittings: tuple[Sitting, ...]
    talks: tuple[Talk, ...]
    panels: Mapping[int | None, PanelSeats]
    placed: Mapping[int, int] = field(default_factory=dict)
    barred: frozenset[tuple[int, int]] = frozenset()
    away: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    wishes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    free: tuple[int, ...] = ()
    declined: frozenset[tuple[int, int]] = frozenset()
    order: AgencyOrder = AgencyOrder.ANY
    earliest: Mapping[dt.date, datetime] = field(default_factory=dict)

    @cached_property
    def sitting_of(self) -> Mapping[int, Sitting]:
        """The sittings by their id."""
        return {each.id: each for each in self.sittings}

    @cached_property
    def talk_of(self) -> Mapping[int, Talk]:
        """The talks by their id."""
        return {each.id: each for each in self.talks}

    @cached_property
    def talk_in(self) -> Mapping[int, int]:
        """The id of the talk that stands in each sitting that is taken."""
        return {sitting: talk for talk, sitting in self.placed.items()}

    @cached_property
    def sittings_on(self) -> Mapping[dt.date, tuple[Sitting, ...]]:
        """The sittings of each day, in its order."""
        days: dict[dt.date, list[Sitting]] = {}
        for each in sorted(self.sittings, key=lambda each: each.starts_at):
            days.setdefault(each.day, []).append(each)
        return {day: tuple(row) for day, row in days.items()}

    def shares(self, placed: int) -> Mapping[dt.date, tuple[int, int]]:
        """Return the fewest and most of so many talks that each day should have, by its size."""
        total = len(self.sittings)
        return {
            day: (placed * len(row) // total, -(-placed * len(row) // total))
            for day, row in sorted(self.sittings_on.items())
        }

    def is_away(self, person: int, span: Span) -> bool:
        """Tell whether the person can't be there at some moment of the span."""
        return any(each.overlaps(span) for each in self.away.get(person, ()))

    def can_be_there(self, talk: Talk, sitting: Sitting) -> bool:
        """Tell whether every presenter has time."""
        return not any(self.has_refused(each, talk, sitting) for each in talk.presenters)

    def has_refused(self, person: int, talk: Talk, sitting: Sitting) -> bool:
        """Tell whether the person is away then, or has declined to come to the talk there."""
        stands_there = self.placed.get(talk.id) == sitting.id
        has_declined = stands_there and (person, talk.id) in self.declined
        return has_declined or self.is_away(person, sitting)

    def bench(self, talk: Talk, sitting: Sitting, elsewhere: Iterable[int] = ()) -> Bench:
        """Return who judges the talk in the sitting (rules 3 and 7 of the domain).

        `elsewhere` are people bound in other rooms; `bench_as_placed` finds them.

        Who presents the talk is recused by authorship; alternates are called until there is quorum.
        """
        panel = self.panels[sitting.panel_id]
        bound = frozenset(elsewhere)
        recused = tuple(each for each in panel.members if self._has_conflict(each, talk))
        able = [each for each in panel.members if each not in recused]
        seated = tuple(each for each in able if self._has_time(each, talk, sitting, bound))
        called: list[int] = []
        for each in panel.alternates:
            if len(seated) + len(called) >= panel.quorum:
                break
            if not self._has_conflict(each, talk) and self._has_time(each, talk, sitting, bound):
                called.append(each)
        missing = tuple(each for each in able if each not in seated)
        return Bench(seated, tuple(called), recused, missing, panel.quorum)

    def bench_as_placed(self, talk: Talk, sitting: Sitting) -> Bench:
        """Return who would judge the talk in the sitting, beside everything else that is placed.

        Who presents something else then is not there; nor is an alternate whose own panel sits, or
        who is called into another room.
        """
        if self.placed.get(talk.id) == sitting.id:
            return self.benches[talk.id]
        return self._bench_beside(talk, sitting, self.called)

    @cached_property
    def benches(self) -> Mapping[int, Bench]:
        """Who judges each placed talk, by its id; an alternate is called to what begins first."""
        found = {}
        called = defaultdict[int, list[Engagement]](list)
        for talk, at in sorted(self.placements, key=lambda each: (each[1].starts_at, each[1].id)):
            found[talk.id] = self._bench_beside(talk, at, called)
            for alternate in found[talk.id].called:
                called[alternate].append((at, talk.id))
        return found

    @cached_property
    def called(self) -> Mapping[int, Sequence[Engagement]]:
        """To which talks each alternate is called, by the person's id."""
        found = defaultdict(list)
        for talk, sitting in self.placements:
            for person in self.benches[talk.id].called:
                found[person].append((sitting, talk.id))
        return found

    @cached_property
    def presenting(self) -> Mapping[int, Sequence[Engagement]]:
        """Where each presenter presents what, by the person's id."""
        found = defaultdict(list)
        for talk, sitting in self.placements:
            for person in talk.presenters:
                found[person].append((sitting, talk.id))
        return found

    @cached_property
    def judging(self) -> Mapping[int, Sequence[Engagement]]:
        """Before which talks each member of a panel sits, by the person's id."""
        found = defaultdict(list)
        for talk, sitting in self.placements:
            for person in self.panels[sitting.panel_id].members:
                found[person].append((sitting, talk.id))
        return found

    @cached_property
    def claimed(self) -> Mapping[int, frozenset[int]]:
        """Whom panels have a claim on that sit at the same time in another sitting, by its id.

        They are the members of all of these, and the alternates of those panels that come first.
        """
        found, running = {}, list[Sitting]()
        others = defaultdict[int, list[Sitting]](list)
        for sitting in sorted(self.sittings, key=lambda each: each.starts_at):
            running = [each for each in running if each.ends_at > sitting.starts_at]
            for each in running:
                others[each.id].append(sitting)
                others[sitting.id].append(each)
            running.append(sitting)
        for sitting in self.sittings:
            panels = [self.panels[each.panel_id] for each in others[sitting.id]]
            members = {who for each in panels for who in each.members}
            first = (each for each in panels if (each.id or 0) < (sitting.panel_id or 0))
            found[sitting.id] = frozenset(members.union(*(each.alternates for each in first)))
        return found

    @cached_property
    def placements(self) -> Sequence[tuple[Talk, Sitting]]:
        """The placed talks, each with its sitting."""
        pairs = ((each, self.sitting_of.get(self.placed.get(each.id, 0))) for each in self.talks)
        return [(talk, sitting) for talk, sitting in pairs if sitting is not None]

    def has_to_rise_early(self, talk: Talk, sitting: Sitting) -> bool:
        """Tell whether a presenter would have to leave home before it is reasonable."""
        earliest = self.earliest.get(sitting.day)
        return earliest is not None and sitting.starts_at - talk.travel < earliest

    def _bench_beside(
        self, talk: Talk, sitting: Sitting, called: Mapping[int, Sequence[Engagement]]
    ) -> Bench:
        panel = self.panels[sitting.panel_id]
        bound = {
            each
            for each in (*panel.members, *panel.alternates)
            if _is_bound(self.presenting.get(each, ()), talk, sitting)
        }
        bound |= {
            each
            for each in panel.alternates
            for engagements in (self.judging.get(each, ()), called.get(each, ()))
            if _is_bound(engagements, talk, sitting)
        }
        return self.bench(talk, sitting, bound)

    def _has_conflict(self, judge: int, talk: Talk) -> bool:
        return (judge, talk.id) in self.barred or judge in talk.presenters

    def _has_time(
        self, person: int, talk: Talk, sitting: Sitting, elsewhere: frozenset[int]
    ) -> bool:
        return person not in elsewhere and not self.has_refused(person, talk, sitting)


def _is_bound(engagements: Iterable[Engagement], talk: Talk, sitting: Sitting) -> bool:
    """Tell whether one of these is another talk at the same time in another sitting."""
    return any(
        other != talk.id and at.id != sitting.id and at.overlaps(sitting)
        for at, other in engagements
    )
