"""Editions above a hundred finalists: nobody is left out, nor without a quorum, for others' wishes.

How many can be placed is counted by augmenting paths, which the solver does not use.
"""

import datetime as dt
import random
from dataclasses import replace
from time import monotonic

import pytest
from timetables import DAY, ZONE, go_on, proposed, value

from app.schedule.draft.timetable import PanelSeats, Sitting, Span, Talk, Timetable
from app.schedule.solver.goals import Goal
from app.schedule.solver.solve import complete

MINUTES = 20


def at(day: int, minutes: int) -> dt.datetime:
    start = dt.datetime.combine(DAY, dt.time(8), ZONE)
    return start + dt.timedelta(days=day, minutes=minutes)


def hall(days: int, rooms: int, slots: int) -> tuple[Sitting, ...]:
    """The sittings of some days: `slots` a day in each room, which has a panel of its own."""
    places = [
        (day, room, slot) for day in range(days) for room in range(rooms) for slot in range(slots)
    ]
    return tuple(
        Sitting(
            at(day, MINUTES * slot),
            at(day, MINUTES * (slot + 1)),
            number,
            room + 1,
            room + 1,
            at(day, 0).date(),
            day * rooms + room,
        )
        for number, (day, room, slot) in enumerate(places, 1)
    )


def finalists(count: int) -> tuple[Talk, ...]:
    return tuple(Talk(number, number, frozenset({1000 + number})) for number in range(1, count + 1))


def crowd(count: int, sittings: tuple[Sitting, ...], **rest: object) -> Timetable:
    rooms = {sitting.panel_id for sitting in sittings}
    judges = {room: PanelSeats(room, (room,), quorum=1) for room in rooms}
    return Timetable(sittings, finalists(count), judges, **rest)


def only(*spans: tuple[dt.datetime, dt.datetime]) -> tuple[Span, ...]:
    """Away at all times but one."""
    ((begins, ends),) = spans
    return Span(at(-1, 0), begins), Span(ends, at(99, 0))


def most_placed(table: Timetable) -> int:
    """How many talks can be placed at once, whoever else they know: the largest matching."""
    options = {
        talk.id: [each.id for each in table.sittings if table.can_be_there(talk, each)]
        for talk in table.talks
    }
    talk_at: dict[int, int] = {}

    def make_room(talk: int, tried: set[int]) -> bool:
        """Find a sitting for the talk, moving others along a path."""
        for there in options[talk]:
            if there not in tried and there not in talk_at:
                talk_at[there] = talk
                return True
        for there in options[talk]:
            if there not in tried:
                tried.add(there)
                if make_room(talk_at[there], tried):
                    talk_at[there] = talk
                    return True
        return False

    return sum(
        make_room(talk, set()) for talk in sorted(options, key=lambda key: len(options[key]))
    )


def edition(seed: int, fewest: int, most: int) -> Timetable:
    """Two to five rooms, nearly full; a third have time on one half-day of the first two days."""
    chance = random.Random(seed)
    count, rooms = chance.randint(fewest, most), chance.randint(2, 5)
    slots = 16
    days = -(-count * 100 // (chance.randint(80, 99) * rooms * slots))
    sittings, away, wishes = hall(days, rooms, slots), {}, {}
    for number in range(1, count + 1):
        if chance.random() < 1 / 3:
            half = chance.randrange(2) * MINUTES * slots // 2
            day = chance.randrange(min(days, 2))
            away[1000 + number] = only((at(day, half), at(day, half + MINUTES * slots // 2)))
        if chance.random() < 0.9:
            wishes[number] = tuple(each.id for each in chance.sample(sittings, 5))
    return crowd(count, sittings, away=away, wishes=wishes)


@pytest.mark.parametrize("days", [5, 10])
def test_no_wish_costs_another_finalist_their_only_slot(days):
    """Finalist 1 wishes for the only slot in which finalist 101 has time."""
    away = {1101: only((at(0, 0), at(0, MINUTES)))}
    table = crowd(101, hall(days, 1, 21), away=away, wishes={1: (1,)})
    plan = proposed(table)
    assert plan.placed[101] == 1
    assert len(plan.placed) == 101


def test_no_wish_costs_another_finalist_their_quorum():
    """Finalist 1 wishes for the only slot whose panel may judge finalist 101."""
    sittings = tuple(replace(each, panel_id=1 if each.id == 1 else 2) for each in hall(5, 1, 21))
    table = crowd(101, sittings, barred=frozenset({(2, 101)}), wishes={1: (1,)})
    plan = proposed(table)
    assert plan.placed[101] == 1
    assert value(plan, Goal.WITHOUT_QUORUM) == 0


def test_who_has_time_at_one_hour_only_gets_it_before_all_others():
    only_first = only((at(0, 0), at(0, MINUTES)))
    away = dict.fromkeys((1088, 1089, 1090), only_first)
    plan = proposed(crowd(90, hall(4, 3, 17), away=away))
    assert {plan.placed[number] for number in (88, 89, 90)} == {1, 18, 35}
    assert (len(plan.placed), plan.is_proven) == (90, True)


def test_what_is_left_out_in_a_large_edition_is_proven_to_be_too_much():
    """126 sittings for 135 finalists: 9 are left out, and no fewer can be."""
    plan = proposed(crowd(135, hall(3, 2, 21)))
    left_out = plan.scores[0]
    assert (left_out.goal, left_out.value, left_out.bound) == (Goal.UNPLACED, 9, 9)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_left_out_who_can_be_placed(seed):
    table = edition(seed, 105, 180)
    assert len(complete(table, pinned=(), listen=go_on).placed) == most_placed(table)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200))
def test_nobody_is_left_out_of_two_hundred_editions(seed):
    table = edition(1000 + seed, 100, 400)
    begun = monotonic()
    plan = proposed(table)
    assert len(plan.placed) == most_placed(table)
    assert monotonic() - begun < 60  # ratios are measured by bin/bench, not here
