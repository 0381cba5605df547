"""What is wrong with a schedule, or could be better: each warning with those it is about. Pure.

Rule 7 of the domain: no presenter or judge in two places, quorum after recusal, balanced days.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.editions.kinds import AgencyOrder
from app.schedule.draft.timetable import Engagement, Sitting, Talk, Timetable, shares
from app.workflow import N_, Labelled

Pair = tuple[tuple[Talk, Sitting], tuple[Talk, Sitting]]
"""Two placed talks, each with its sitting."""

OFTEN = 3  # leaving the room more often than this within a day counts as often


class WarningKind(Labelled):
    """What a warning is about, most serious first."""

    PRESENTER_TWICE = "presenter_twice", N_("A presenter is in two places")
    JUDGE_TWICE = "judge_twice", N_("A judge is in two places")
    PRESENTER_AWAY = "presenter_away", N_("A presenter is unavailable")
    TOO_SHORT = "too_short", N_("A presentation needs two slots but has only one")
    NO_QUORUM = "no_quorum", N_("Too few judges are left")
    UNPLACED = "unplaced", N_("No slot yet")
    JUDGE_AWAY = "judge_away", N_("A judge is unavailable")
    ALTERNATE = "alternate", N_("An alternate is called in")
    RECUSED = "recused", N_("A judge is recused")
    EARLY = "early", N_("A presenter must leave home very early")
    OVERLOADED = "overloaded", N_("A judge has more presentations in one day than agreed")
    UNBALANCED = "unbalanced", N_("The days are unbalanced")
    IDLE = "idle", N_("A panel has nothing to judge")
    NEIGHBOURS = "neighbours", N_("Presentations of one agency follow each other")
    SCATTERED = "scattered", N_("Presentations of one agency are apart")
    WALKOUTS = "walkouts", N_("A judge leaves the room often")

    @property
    def is_grave(self) -> bool:
        """Whether a schedule with it can't go ahead as it is."""
        return self in _GRAVE

    @property
    def is_absence(self) -> bool:
        """Whether it is that somebody can't come."""
        return self in {WarningKind.PRESENTER_AWAY, WarningKind.JUDGE_AWAY}

    @property
    def is_note(self) -> bool:
        """Whether it only notes what is in order: a recusal, or an alternate who is called."""
        return self in {WarningKind.RECUSED, WarningKind.ALTERNATE}


_GRAVE = {
    WarningKind.PRESENTER_TWICE,
    WarningKind.JUDGE_TWICE,
    WarningKind.PRESENTER_AWAY,
    WarningKind.TOO_SHORT,
    WarningKind.NO_QUORUM,
}


@dataclass(frozen=True)
class ScheduleWarning:
    """One warning: the talks and sittings it is about, and the people."""

    kind: WarningKind
    talks: tuple[int, ...] = ()
    sittings: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    day: dt.date | None = None
    count: int = 0


def warnings_of(timetable: Timetable) -> list[ScheduleWarning]:
    """Return all warnings of a schedule, most serious first, then in the order of the day."""
    found = [
        *_twice(timetable),
        *_benches(timetable),
        *_presenters(timetable),
        *_unplaced(timetable),
        *_overloaded(timetable),
        *_unbalanced(timetable),
        *_idle(timetable),
        *_agencies(timetable),
        *_walkouts(timetable),
    ]
    order = {kind: place for place, kind in enumerate(WarningKind)}
    starts = {sitting.id: sitting.starts_at for sitting in timetable.sittings}
    begins = min(starts.values(), default=None)
    return sorted(
        found,
        key=lambda warning: (
            order[warning.kind],
            starts[warning.sittings[0]] if warning.sittings else begins,
            warning.talks,
        ),
    )


def people_in(found: Iterable[ScheduleWarning]) -> set[int]:
    """Return the ids of the people whom the warnings are about."""
    return {person for warning in found for person in warning.people}


def _twice(timetable: Timetable) -> Iterator[ScheduleWarning]:
    """Find people who would be in two rooms at once, each pair of talks once."""
    for kind, engagements in (
        (WarningKind.PRESENTER_TWICE, timetable.presenting),
        (WarningKind.JUDGE_TWICE, _bound_to_judge(timetable)),
    ):
        people: dict[tuple[Engagement, Engagement], set[int]] = defaultdict(set)
        for person, own in engagements.items():
            for pair in _at_once(own):
                people[pair].add(person)
        for ((sitting, talk), (other, other_talk)), both in people.items():
            yield ScheduleWarning(
                kind, (talk, other_talk), (sitting.id, other.id), tuple(sorted(both))
            )


def _bound_to_judge(timetable: Timetable) -> dict[int, list[Engagement]]:
    """Return what panel members judge, with what they present themselves."""
    return {
        person: [*own, *timetable.presenting.get(person, ())]
        for person, own in timetable.judging.items()
    }


def _at_once(own: Iterable[Engagement]) -> Iterator[tuple[Engagement, Engagement]]:
    """Return the pairs of one person's engagements that overlap, in different sittings."""
    ordered = sorted(own, key=lambda engagement: (engagement[0].starts_at, engagement[0].id))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second[0].starts_at >= first[0].ends_at:
                break
            if second[0].id != first[0].id:
                yield first, second


def _benches(timetable: Timetable) -> Iterator[ScheduleWarning]:
    for talk_id, bench in timetable.benches.items():
        about = ((talk_id,), (timetable.placed[talk_id],))
        if not bench.has_quorum:
            count = len(bench.judges)
            yield ScheduleWarning(
                WarningKind.NO_QUORUM, *about, bench.recused + bench.missing, count=count
            )
        for kind, people in (
            (WarningKind.JUDGE_AWAY, bench.missing),
            (WarningKind.ALTERNATE, bench.called),
            (WarningKind.RECUSED, bench.recused),
        ):
            if people:
                yield ScheduleWarning(kind, *about, people)


def _presenters(timetable: Timetable) -> Iterator[ScheduleWarning]:
    for talk, sitting in timetable.placements:
        away = tuple(
            sorted(
                person for person in talk.presenters if timetable.has_refused(person, talk, sitting)
            )
        )
        if away:
            yield ScheduleWarning(WarningKind.PRESENTER_AWAY, (talk.id,), (sitting.id,), away)
        if not timetable.fits(talk, sitting):
            yield ScheduleWarning(WarningKind.TOO_SHORT, (talk.id,), (sitting.id,))
        if timetable.has_to_rise_early(talk, sitting):
            people = tuple(sorted(talk.presenters))
            yield ScheduleWarning(WarningKind.EARLY, (talk.id,), (sitting.id,), people)


def _unplaced(timetable: Timetable) -> Iterator[ScheduleWarning]:
    placed = {talk.id for talk, _ in timetable.placements}
    for talk in timetable.talks:
        if talk.id not in placed:
            yield ScheduleWarning(WarningKind.UNPLACED, (talk.id,))


def _unbalanced(timetable: Timetable) -> Iterator[ScheduleWarning]:
    """Find days with more or fewer sittings taken than their share, rounded up or down."""
    taken = len(timetable.talk_in)
    for sittings, (fewest, most) in shares(timetable.sittings_on.values(), taken):
        held = sum(sitting.id in timetable.talk_in for sitting in sittings)
        if not fewest <= held <= most:
            yield ScheduleWarning(WarningKind.UNBALANCED, day=sittings[0].day, count=held)


def _overloaded(timetable: Timetable) -> Iterator[ScheduleWarning]:
    """Find judges whose panels have more talks on a day than one judge should hear.

    A long one counts as two.
    """
    most = timetable.most_a_day
    if most is None:
        return
    heard: Counter[tuple[dt.date, int]] = Counter()
    for talk, sitting in timetable.placements:
        for judge in timetable.panels[sitting.panel_id].members:
            heard[sitting.day, judge] += talk.slots
    for (day, judge), count in sorted(heard.items()):
        if count > most:
            yield ScheduleWarning(WarningKind.OVERLOADED, people=(judge,), day=day, count=count)


def _idle(timetable: Timetable) -> Iterator[ScheduleWarning]:
    """Find panels with members in whose sittings nothing is presented, once anything is placed."""
    at_work = {sitting.panel_id for _, sitting in timetable.placements}
    for panel_id in dict.fromkeys(sitting.panel_id for sitting in timetable.sittings):
        members = timetable.panels[panel_id].members
        if at_work and panel_id not in at_work and members:
            yield ScheduleWarning(WarningKind.IDLE, people=members)


def _agencies(timetable: Timetable) -> Iterator[ScheduleWarning]:
    """Find talks of one agency that are not apart, or not together, as the edition wishes."""
    succession = list(_in_succession(timetable))
    if timetable.order is AgencyOrder.APART:
        for pair in succession:
            if pair[0][0].agency_id == pair[1][0].agency_id:
                yield _about_pair(WarningKind.NEIGHBOURS, pair)
    if timetable.order is AgencyOrder.TOGETHER:
        follow = {(talk.id, following.id) for (talk, _), (following, _) in succession}
        for pair in _successive_of_agencies(timetable):
            if (pair[0][0].id, pair[1][0].id) not in follow:
                yield _about_pair(WarningKind.SCATTERED, pair)


def _successive_of_agencies(timetable: Timetable) -> Iterator[Pair]:
    """Return each talk with the next one of the same agency, in the order of time."""
    by_agency = defaultdict(list)
    for talk, sitting in sorted(timetable.placements, key=lambda placement: placement[1].starts_at):
        by_agency[talk.agency_id].append((talk, sitting))
    for placements in by_agency.values():
        yield from pairwise(placements)


def _about_pair(kind: WarningKind, pair: Pair) -> ScheduleWarning:
    (talk, sitting), (following, next_sitting) = pair
    return ScheduleWarning(kind, (talk.id, following.id), (sitting.id, next_sitting.id))


def _walkouts(timetable: Timetable) -> Iterator[ScheduleWarning]:
    """Find judges who have to leave the room often on one day."""
    runs: Counter[tuple[dt.date, int]] = Counter()
    outside = {talk: set(bench.recused) for talk, bench in timetable.benches.items()}
    for (before, earlier), (talk, sitting) in pairwise(_by_session(timetable)):
        if earlier.session == sitting.session:
            leaving = outside[talk.id] - outside[before.id]
            runs.update((sitting.day, judge) for judge in leaving)
    for (day, judge), count in sorted(runs.items()):
        if count > OFTEN:
            yield ScheduleWarning(WarningKind.WALKOUTS, people=(judge,), day=day, count=count)


def _by_session(timetable: Timetable) -> Iterable[tuple[Talk, Sitting]]:
    return sorted(
        timetable.placements, key=lambda placement: (placement[1].session, placement[1].starts_at)
    )


def _in_succession(timetable: Timetable) -> Iterator[Pair]:
    """Return the pairs of talks of which one begins in a room as the other ends."""
    for before, after in pairwise(_by_session(timetable)):
        if (before[1].session, before[1].ends_at) == (after[1].session, after[1].starts_at):
            yield before, after
