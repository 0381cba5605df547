"""Looks at a plan anew: which hard rules it breaks, and what each goal comes to.

Written from the rules, and apart from the solver: it imports nothing of it.
"""

from collections import Counter
from dataclasses import replace
from itertools import combinations, groupby, pairwise

from app.schedule.draft.timetable import Timetable


def finished(timetable: Timetable, plan) -> Timetable:
    """Return the timetable as the plan leaves it."""
    panels = {
        key: replace(panel, members=panel.members + tuple(plan.seats.get(key, ())))
        for key, panel in timetable.panels.items()
    }
    return replace(timetable, placed=dict(plan.placed), panels=panels)


def check(timetable: Timetable, plan, *, pinned=(), was=None) -> None:
    """Fail unless the plan keeps every rule and claims what is so."""
    done = finished(timetable, plan)
    found = violations(done) + wrong_seats(timetable, plan)
    found += [f"moved {each}" for each in pinned if plan.placed.get(each) != timetable.placed[each]]
    assert found == []
    unstaffed = replace(timetable, placed=dict(plan.placed))  # an open seat's taker is not affected
    for score in plan.scores:
        counted = unstaffed if score.goal == "affected" else done
        assert (score.goal, score.rank, score.value) == (
            score.goal,
            score.rank,
            count(counted, score.goal, score.rank, was or {}),
        )
        assert 0 <= score.bound <= score.value


# Hard rules


def violations(timetable: Timetable) -> list[str]:
    """Name every rule that is broken."""
    strangers = _strangers(timetable)
    if strangers:
        return strangers
    times = Counter(each.id for taken in _taken(timetable).values() for each in taken)
    found = [f"double {there}" for there, number in times.items() if number > 1]
    found += [
        f"short {talk.id}"
        for talk in timetable.talks
        if talk.is_long and len(_taken(timetable).get(talk.id, (1, 2))) == 1
    ]
    for talk, sitting in _shown(timetable):
        for who in sorted(talk.presenters):
            has_declined = (who, talk.id, sitting.id) in timetable.declined
            found += [f"away {who}"] * (has_declined or _is_away(timetable, who, sitting))
    return found + _in_two_places(timetable)


def _strangers(timetable: Timetable) -> list[str]:
    sittings = {each.id for each in timetable.sittings}
    talks = {each.id for each in timetable.talks}
    found = [f"gone {there}" for there in timetable.placed.values() if there not in sittings]
    return found + [f"unknown {talk}" for talk in timetable.placed if talk not in talks]


def _in_two_places(timetable: Timetable) -> list[str]:
    busy = {}
    for talk, sitting in _shown(timetable):
        for who in talk.presenters.union(timetable.panels[sitting.panel_id].members):
            busy.setdefault(who, []).append(sitting)
    return [
        f"twice {who}"
        for who, places in sorted(busy.items())
        for one, other in combinations(places, 2)
        if one.id != other.id and _meet(one, other)
    ]


def wrong_seats(timetable: Timetable, plan) -> list[str]:
    """Name every seat that was not open, and every judge who was not free."""
    found = []
    for key, added in plan.seats.items():
        panel = timetable.panels[key]
        if len(added) > max(0, panel.seats - len(panel.members)) or len(set(added)) < len(added):
            found.append(f"seats {key}")
        found += [f"not free {each}" for each in added if each not in timetable.free]
    return found


def _meet(one, other) -> bool:
    return max(one.starts_at, other.starts_at) < min(one.ends_at, other.ends_at)


def _is_away(timetable: Timetable, who: int, sitting) -> bool:
    return any(_meet(each, sitting) for each in timetable.away.get(who, ()))


# Goals


def count(timetable: Timetable, goal: str, rank: int = 0, was=None) -> int:
    """Return what the goal comes to; panels are complete."""
    if goal == "wishes":
        return sum(_rank(timetable, each.id) == rank for each in timetable.talks)
    if goal in {"moved", "affected"}:
        moved = {talk: old for talk, old in was.items() if timetable.placed.get(talk) != old}
        if goal == "moved":
            return len(moved)
        return sum(len(_told(timetable, talk, old)) for talk, old in moved.items())
    return globals()[f"_{goal}"](timetable)


def _shown(timetable: Timetable):
    """Each talk with its sitting, which lasts until the end of the last that it takes."""
    talks = {each.id: each for each in timetable.talks}
    return [
        (talks[talk], replace(taken[0], ends_at=taken[-1].ends_at))
        for talk, taken in _taken(timetable).items()
    ]


def _taken(timetable: Timetable):
    """The sittings that each talk takes: a long one also that which goes on in the same room."""
    sittings = {each.id: each for each in timetable.sittings}
    long = {each.id for each in timetable.talks if each.is_long}
    found = {}
    for talk, there in timetable.placed.items():
        first = sittings[there]
        rest = [
            each
            for each in timetable.sittings
            if talk in long
            and (each.room_id, each.session, each.panel_id, each.starts_at)
            == (first.room_id, first.session, first.panel_id, first.ends_at)
        ]
        found[talk] = (first, *rest)
    return found


def _in_time(timetable: Timetable, key):
    """Yield for each group the sittings in the order of time with the talk or None."""
    talks = {each.id: each for each in timetable.talks}
    shown = {each.id: talks[talk] for talk, taken in _taken(timetable).items() for each in taken}
    for _, group in groupby(sorted(timetable.sittings, key=lambda s: (key(s), s.starts_at)), key):
        yield [(each, shown.get(each.id)) for each in group]


def _rank(timetable: Timetable, talk: int) -> int | None:
    wishes = timetable.wishes.get(talk)
    if not wishes:
        return None
    ranks = {there: number for number, there in enumerate(wishes, 1)}
    return ranks.get(timetable.placed.get(talk), len(wishes) + 1)


def _told(timetable: Timetable, talk: int, old: int) -> set[int]:
    people = set(next(each for each in timetable.talks if each.id == talk).presenters)
    for each in timetable.sittings:
        if each.id in {old, timetable.placed.get(talk)}:
            people |= set(timetable.panels[each.panel_id].members)
    return people


def _unplaced(timetable: Timetable) -> int:
    return sum(each.id not in timetable.placed for each in timetable.talks)


def _is_out(timetable: Timetable, judge: int, talk) -> bool:
    return judge in talk.presenters or (judge, talk.id) in timetable.barred


def _without_quorum(timetable: Timetable) -> int:
    """Go through the day: who begins first calls alternates first, in their order."""
    lacking, calls = 0, []
    presents = [(who, at) for talk, at in _shown(timetable) for who in talk.presenters]
    judges = [(who, at) for _, at in _shown(timetable) for who in _panel(timetable, at).members]
    for talk, sitting in sorted(
        _shown(timetable), key=lambda pair: (pair[1].starts_at, pair[1].id)
    ):
        panel = _panel(timetable, sitting)
        left = panel.quorum
        for who in panel.members:
            if not _is_elsewhere(who, sitting, presents):
                left -= _is_able(timetable, who, talk, sitting)
        for who in panel.alternates:
            is_free = not _is_elsewhere(who, sitting, [*presents, *judges, *calls])
            if left > 0 and is_free and _is_able(timetable, who, talk, sitting):
                calls.append((who, sitting))
                left -= 1
        lacking += left > 0
    return lacking


def _panel(timetable: Timetable, sitting):
    return timetable.panels[sitting.panel_id]


def _is_elsewhere(who: int, sitting, duties) -> bool:
    return any(
        person == who and at.id != sitting.id and _meet(at, sitting) for person, at in duties
    )


def _is_able(timetable: Timetable, who: int, talk, sitting) -> bool:
    has_declined = (who, talk.id, sitting.id) in timetable.declined
    return not (_is_out(timetable, who, talk) or _is_away(timetable, who, sitting) or has_declined)


def _early(timetable: Timetable) -> int:
    return sum(
        sitting.day in timetable.earliest
        and sitting.starts_at < timetable.earliest[sitting.day] + talk.travel
        for talk, sitting in _shown(timetable)
    )


def _unbalanced(timetable: Timetable) -> int:
    return _beyond(timetable, lambda sitting: sitting.day)


def _uneven(timetable: Timetable) -> int:
    return _beyond(timetable, lambda sitting: (sitting.day, sitting.room_id))


def _beyond(timetable: Timetable, part) -> int:
    beyond = 0
    taken = [sitting for several in _taken(timetable).values() for sitting in several]
    for each in {part(sitting) for sitting in timetable.sittings}:
        talks = sum(part(sitting) == each for sitting in taken)
        size = sum(part(sitting) == each for sitting in timetable.sittings)
        fewest, left = divmod(len(taken) * size, len(timetable.sittings))
        beyond += max(fewest - talks, 0) + max(talks - fewest - bool(left), 0)
    return beyond


def _overload(timetable: Timetable) -> int:
    heard = Counter(
        (judge, sitting.day)
        for taken in _taken(timetable).values()
        for sitting in taken
        for judge in _panel(timetable, sitting).members
    )
    return sum(max(0, talks - timetable.most_a_day) for talks in heard.values())


def _idle(timetable: Timetable) -> int:
    busy = {sitting.panel_id for _, sitting in _shown(timetable)}
    return sum(
        bool(timetable.panels[panel].members or timetable.panels[panel].alternates)
        for panel in {sitting.panel_id for sitting in timetable.sittings} - busy
    )


def _waiting(timetable: Timetable) -> int:
    idle = 0
    for row in _in_time(timetable, lambda each: (each.day, each.room_id)):
        while row and row[-1][1] is None:
            row.pop()
        while row and row[0][1] is None:
            row.pop(0)
        panels = [timetable.panels[each.panel_id] for each, talk in row if talk is None]
        idle += sum(max(panel.seats, len(panel.members)) for panel in panels)
    return idle


def _walkouts(timetable: Timetable) -> int:
    leavings = 0
    for row in _in_time(timetable, lambda each: each.session):
        inside = set()
        for sitting, talk in row:
            members = set(timetable.panels[sitting.panel_id].members)
            there = {each for each in members if not _is_away(timetable, each, sitting)}
            out = {each for each in there if talk and _is_out(timetable, each, talk)}
            leavings += len(inside & out)
            inside = (inside & there) - out if talk is None else there - out
    return leavings


def _neighbours(timetable: Timetable) -> int:
    together = 0
    for row in _in_time(timetable, lambda each: each.session):
        talks = [talk for _, talk in row]
        together += sum(
            a.agency_id == b.agency_id for a, b in pairwise(talks) if a and b and a is not b
        )
    if timetable.order == "together":
        agencies = {each.agency_id for each in timetable.talks}
        return len(timetable.talks) - len(agencies) - together
    return together
