"""What one page of a schedule shows: whole days while they fit, else some rooms of a day."""

import datetime as dt

from app.programme.extracts import Extract, extract_with, extracts_of

DAYS = [dt.date(2019, 10, day) for day in (5, 6, 7)]


def test_days_share_a_page_while_they_fit():
    places = [(day, 1) for day in DAYS for _ in range(2)]
    assert extracts_of(places, most=5) == [Extract((DAYS[0], DAYS[1])), Extract((DAYS[2],))]
    assert extracts_of(places, most=6) == [Extract(tuple(DAYS))]
    assert extracts_of(places, most=6, joins_days=False) == [Extract((day,)) for day in DAYS]
    assert extracts_of([]) == []


def test_a_day_too_long_is_parted_by_rooms_and_no_room_is_torn():
    long = [(DAYS[0], room) for room in (7, 3, None) for _ in range(2)]
    parted = [Extract((DAYS[0],), (7, 3)), Extract((DAYS[0],), (None,))]
    assert extracts_of([*long, (DAYS[1], 7)], most=4) == [*parted, Extract((DAYS[1],))]
    assert [each.rooms for each in extracts_of(long, most=1)] == [(7,), (3,), (None,)]


def test_nothing_is_joined_to_a_part_of_a_day():
    places = [(DAYS[0], 1), *[(DAYS[1], room) for room in (1, 2, 2)], (DAYS[2], 1)]
    assert extracts_of(places, most=2) == [
        Extract((DAYS[0],)),
        Extract((DAYS[1],), (1,)),
        Extract((DAYS[1],), (2,)),
        Extract((DAYS[2],)),
    ]


def test_every_place_is_on_exactly_one_page():
    places = [(day, room) for day in DAYS for room in (1, 2, 3, None) for _ in range(3)]
    for most in range(1, 40):
        pages = extracts_of(places, most=most)
        for day, room in places:
            assert sum(each.holds(day, room or 0) for each in pages) == 1


def test_the_page_of_a_day_and_room_else_of_the_day_else_the_first():
    first, second = Extract((DAYS[0],), (1, 2)), Extract((DAYS[0],), (3, None))
    third = Extract((DAYS[1], DAYS[2]))
    pages = [first, second, third]
    assert extract_with(pages, DAYS[0], 3) == second
    assert extract_with(pages, DAYS[0], 0) == second
    assert extract_with(pages, DAYS[0]) == first
    assert extract_with(pages, DAYS[0], 99) == first
    assert extract_with(pages, DAYS[2], 3) == third
    assert extract_with(pages, dt.date(2020, 1, 1), 3) == first
    assert extract_with([], None) == Extract()
    assert Extract().day is None
    assert (second.day, second.room, third.room) == (DAYS[0], 3, None)
