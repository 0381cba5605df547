"""Scores freed of severity: published values, and what must not change whatever is scored."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.adjustment import (
    Rating,
    adjusted_means,
    adjustment_of,
    efficiency_of,
    parts_of,
)
from app.evaluation.exact import solve_exactly

CATALYSTS = (
    {1: 73, 2: 74, 4: 71},
    {2: 75, 3: 67, 4: 72},
    {1: 73, 2: 75, 3: 68},
    {1: 75, 3: 72, 4: 75},
)
"""A balanced incomplete block design (Montgomery, “Design and Analysis of Experiments”, 8th
edition, example 4.5): reaction times of four catalysts, here as proposals, in four batches, here as
judges."""

points = st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100))


def ratings_of(table) -> list[Rating]:
    """The ratings of a table with a row for each proposal: judge → points."""
    return [
        Rating(proposal, judge, (Fraction(value),))
        for proposal, row in enumerate(table, 1)
        for judge, value in row.items()
    ]


def adjusted(ratings) -> dict[int, Fraction]:
    """The adjusted mean of every proposal, of one criterion."""
    proposals = {rating.proposal for rating in ratings}
    found = adjusted_means(ratings, adjustment_of(ratings).severities, proposals)
    return {proposal: value for proposal, (value,) in found.items()}


@st.composite
def designs(draw) -> list[Rating]:
    """Two to six judges and up to eight proposals, each scored by at least two of them."""
    judges = draw(st.integers(2, 6))
    panels = st.sets(st.integers(1, judges), min_size=2)
    return [
        Rating(proposal, judge, (draw(points),))
        for proposal, panel in enumerate(draw(st.lists(panels, min_size=1, max_size=8)), 1)
        for judge in sorted(panel)
    ]


def differences(values: dict[int, Fraction], ratings) -> set[tuple[int, int, Fraction]]:
    """By how much the proposals of one part differ: what places are made of."""
    return {
        (one, other, values[one] - values[other])
        for part in parts_of(ratings)
        for one in part.proposals
        for other in part.proposals
    }


def test_a_balanced_incomplete_block_gives_the_published_adjusted_means():
    published = {1: "71.375", 2: "71.625", 3: "72.000", 4: "75.000"}
    assert adjusted(ratings_of(CATALYSTS)) == {
        key: Fraction(value) for key, value in published.items()
    }


def test_the_efficiency_of_a_balanced_design_is_the_published_one():
    """λt / rk: every pair of four treatments meets in two of the blocks of three (example 4.5)."""
    assert efficiency_of([row.keys() for row in CATALYSTS]) == Fraction(2 * 4, 3 * 3)


def test_a_complete_design_is_fully_efficient_and_one_in_parts_compares_nothing():
    assert efficiency_of([{1, 2, 3}] * 5) == 1
    assert efficiency_of([{1, 2}, {1, 2}, {3, 4}]) is None
    assert efficiency_of([{1, 2}]) is None


@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_in_a_complete_design_adjusted_equals_plain_exactly(judges, proposals, data):
    table = [{judge: data.draw(points) for judge in range(judges)} for _ in range(proposals)]
    plain = {place: sum(row.values(), Fraction(0)) / judges for place, row in enumerate(table, 1)}
    assert adjusted(ratings_of(table)) == plain


@given(designs(), st.integers(-50, 50))
def test_a_constant_on_all_scores_of_one_judge_changes_no_difference(ratings, constant):
    harsher = [
        Rating(rating.proposal, rating.judge, (rating.values[0] + constant * (rating.judge == 1),))
        for rating in ratings
    ]
    assert differences(adjusted(harsher), ratings) == differences(adjusted(ratings), ratings)


@given(designs(), st.integers(1, 50))
def test_a_penalty_on_one_proposal_changes_no_other(ratings, penalty):
    lower = [
        Rating(
            rating.proposal, rating.judge, (rating.values[0] - penalty * (rating.proposal == 1),)
        )
        for rating in ratings
    ]
    before, after = adjusted(ratings), adjusted(lower)
    assert after.pop(1) == before.pop(1) - penalty
    assert after == before


@given(designs(), st.randoms(use_true_random=False))
def test_neither_names_nor_order_matter(ratings, random):
    renamed = [Rating(90 - rating.proposal, 70 - rating.judge, rating.values) for rating in ratings]
    random.shuffle(renamed)
    assert adjusted(renamed) == {90 - key: value for key, value in adjusted(ratings).items()}


@given(designs(), st.lists(st.integers(1, 40), min_size=2, max_size=4), st.data())
def test_weighted_criteria_equal_the_total_exactly(ratings, weights, data):
    several = [
        Rating(rating.proposal, rating.judge, tuple(data.draw(points) for _ in weights))
        for rating in ratings
    ]
    totals = [
        Rating(rating.proposal, rating.judge, (weighed(rating.values, weights),))
        for rating in several
    ]
    proposals = {rating.proposal for rating in ratings}
    by_criterion = adjusted_means(several, adjustment_of(several).severities, proposals)
    assert adjusted(totals) == {
        proposal: weighed(values, weights) for proposal, values in by_criterion.items()
    }


def weighed(values, weights) -> Fraction:
    return sum((value * weight for value, weight in zip(values, weights, strict=True)), Fraction(0))


@given(designs())
def test_severities_sum_to_zero_in_each_part(ratings):
    found = adjustment_of(ratings)
    for part in found.parts:
        several = part.judges - found.alone or part.judges
        assert sum(found.severities[judge][0] for judge in several) == 0


@given(designs(), points)
def test_who_wrote_one_sheet_moves_nothing(ratings, value):
    found = adjustment_of([*ratings, Rating(1, 99, (value,))])
    assert 99 in found.alone
    with_them = adjusted([*ratings, Rating(1, 99, (value,))])
    assert differences(with_them, ratings) == differences(adjusted(ratings), ratings)


def test_a_harsh_judge_who_steps_out_moves_nobody():
    """Judge 3 gives ten points less than the others; of two equal proposals one goes without."""
    table = [
        {1: 80, 2: 80, 3: 70},
        {1: 80, 2: 80},
        {1: 70, 2: 70, 3: 60},
    ]
    found = adjusted(ratings_of(table))
    assert found[1] == found[2]
    assert adjustment_of(ratings_of(table)).severities[3] == (Fraction(-20, 3),)


def test_what_no_sheet_connects_is_told_apart():
    ratings = ratings_of([{1: 80, 2: 70}, {1: 60, 2: 65}, {3: 90, 4: 88}])
    parts = adjustment_of(ratings).parts
    assert [(sorted(part.judges), sorted(part.proposals)) for part in parts] == [
        ([1, 2], [1, 2]),
        ([3, 4], [3]),
    ]


def test_an_adjusted_value_is_never_clipped():
    table = [{1: 100, 2: 100}, {1: 100}, {1: 100, 2: 0}, {1: 100, 2: 0}]
    assert max(adjusted(ratings_of(table)).values()) <= 100
    above = adjusted(ratings_of([{1: 100, 2: 60}, {2: 99}, {1: 100, 2: 60}]))
    assert above[2] > 100


def test_nothing_scored_has_no_severities():
    found = adjustment_of([])
    assert (found.severities, list(found.parts)) == ({}, [])


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_equations_are_solved_exactly(size):
    matrix = [[size + 1 if row == column else 1 for column in range(size)] for row in range(size)]
    wanted = [[Fraction(3 * row - 7, row + 2), Fraction(row)] for row in range(size)]
    scale = 5040 * 11
    right = [
        [
            int(sum(matrix[row][other] * wanted[other][column] for other in range(size)) * scale)
            for column in range(2)
        ]
        for row in range(size)
    ]
    solved = solve_exactly(matrix, right)
    assert [[value / scale for value in row] for row in solved] == wanted
