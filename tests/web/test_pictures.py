"""Geometry of the pictures: where values stand, how long parts are, what a strip shows."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.pictures import (
    CELL,
    bounds_of,
    outline,
    quartiles,
    scale_around,
    stacked,
    units,
)

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
points = st.fractions(min_value=0, max_value=100)


def test_a_scale_holds_all_values_between_multiples_of_its_step():
    scale = scale_around([Fraction(637, 10), 91], width=100)
    assert (scale.low, scale.high) == (60, 100)
    assert [scale.at(value) for value in (60, 70, 100)] == [0, 25, 100]


def test_a_scale_of_one_value_or_none_is_a_step_wide():
    assert [(s.low, s.high) for s in (scale_around([70], width=9), scale_around([], width=9))] == [
        (70, 80),
        (0, 10),
    ]


@given(st.lists(points, min_size=1))
def test_every_value_stands_within_the_picture_and_in_its_order(values):
    scale = scale_around(values, width=200)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= 200


def test_values_beyond_a_hundred_are_shown_and_not_clipped():
    scale = scale_around([Fraction(-3), 104], width=100)
    assert (scale.low, scale.high) == (-10, 110)


def test_parts_stand_on_end_and_their_lengths_are_their_shares():
    assert stacked([30, 50], 100, width=200) == [(0, 60), (60, 100)]
    assert stacked([0], 7, width=100) == [(0, 0)]


@given(st.lists(points, min_size=2))
def test_quartiles_are_those_of_a_spreadsheet(values):
    expected = quantiles(values, n=4, method="inclusive")
    assert list(quartiles(values)) == expected


def test_one_value_is_all_of_its_quartiles_and_none_has_none():
    assert quartiles([Fraction(7)]) == (7, 7, 7)
    with pytest.raises(ValueError, match="no values"):
        quartiles([])


def test_a_strip_draws_its_shape_in_each_cell_that_is_shown():
    assert outline(["a", "b", "a"], "a", "h1") == f"M0 0h1M{2 * CELL} 0h1"
    assert outline(["b"], "a", "h1") == ""


def test_a_stretch_of_time_is_at_least_one_unit_high():
    minutes = [1, 5, 12, 13, 90]
    unit = timedelta(minutes=5)
    found = [units(NOON, NOON + timedelta(minutes=each), unit=unit) for each in minutes]
    assert found == [1, 1, 2, 3, 18]


def test_bounds_are_every_beginning_and_end_once():
    hours = [NOON + timedelta(hours=each) for each in range(3)]
    spans = [(hours[1], hours[2]), (hours[0], hours[1]), (hours[0], hours[2])]
    assert bounds_of(spans) == hours
