"""Scores freed of severity: published values, and what must not change whatever is scored."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.adjustment import (
    Mark,
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


def marks_of(table) -> list[Mark]:
    """The marks of a table with a row for each proposal: judge → points."""
    return [
        Mark(proposal, judge, (Fraction(value),))
        for proposal, row in enumerate(table, 1)
        for judge, value in row.items()
    ]


def adjusted(marks) -> dict[int, Fraction]:
    """The adjusted mean of every proposal, of one criterion."""
    proposals = {mark.proposal for mark in marks}
    found = adjusted_means(marks, adjustment_of(marks).severities, proposals)
    return {proposal: value for proposal, (value,) in found.items()}


@st.composite
def designs(draw) -> list[Mark]:
    """Two to six judges and up to eight proposals, each scored by at least two of them."""
    judges = draw(st.integers(2, 6))
    panels = st.sets(st.integers(1, judges), min_size=2)
    return [
        Mark(proposal, judge, (draw(points),))
        for proposal, panel in enumerate(draw(st.lists(panels, min_size=1, max_size=8)), 1)
        for judge in sorted(panel)
    ]


def differences(values: dict[int, Fraction], marks) -> set[tuple[int, int, Fraction]]:
    """By how much the proposals of one part differ: what places are made of."""
    return {
        (one, other, values[one] - values[other])
        for part in parts_of(marks)
        for one in part.proposals
        for other in part.proposals
    }


def test_a_balanced_incomplete_block_gives_the_published_adjusted_means():
    published = {1: "71.375", 2: "71.625", 3: "72.000", 4: "75.000"}
    assert adjusted(marks_of(CATALYSTS)) == {
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
    assert adjusted(marks_of(table)) == plain


@given(designs(), st.integers(-50, 50))
def test_a_constant_on_all_scores_of_one_judge_changes_no_difference(marks, constant):
    harsher = [
        Mark(mark.proposal, mark.judge, (mark.values[0] + constant * (mark.judge == 1),))
        for mark in marks
    ]
    assert differences(adjusted(harsher), marks) == differences(adjusted(marks), marks)


@given(designs(), st.integers(1, 50))
def test_a_penalty_on_one_proposal_changes_no_other(marks, penalty):
    lower = [
        Mark(mark.proposal, mark.judge, (mark.values[0] - penalty * (mark.proposal == 1),))
        for mark in marks
    ]
    before, after = adjusted(marks), adjusted(lower)
    assert after.pop(1) == before.pop(1) - penalty
    assert after == before


@given(designs(), st.randoms(use_true_random=False))
def test_neither_names_nor_order_matter(marks, random):
    renamed = [Mark(90 - mark.proposal, 70 - mark.judge, mark.values) for mark in marks]
    random.shuffle(renamed)
    assert adjusted(renamed) == {90 - key: value for key, value in adjusted(marks).items()}


@given(designs(), st.lists(st.integers(1, 40), min_size=2, max_size=4), st.data())
def test_weighted_criteria_equal_the_total_exactly(marks, weights, data):
    several = [
        Mark(mark.proposal, mark.judge, tuple(data.draw(points) for _ in weights)) for mark in marks
    ]
    totals = [Mark(mark.proposal, mark.judge, (weighed(mark.values, weights),)) for mark in several]
    proposals = {mark.proposal for mark in marks}
    by_criterion = adjusted_means(several, adjustment_of(several).severities, proposals)
    assert adjusted(totals) == {
        proposal: weighed(values, weights) for proposal, values in by_criterion.items()
    }


def weighed(values, weights) -> Fraction:
    return sum((value * weight for value, weight in zip(values, weights, strict=True)), Fraction(0))


@given(designs())
def test_severities_sum_to_zero_in_each_part(marks):
    found = adjustment_of(marks)
    for part in found.parts:
        several = part.judges - found.alone or part.judges
        assert sum(found.severities[judge][0] for judge in several) == 0


@given(designs(), points)
def test_who_wrote_one_sheet_moves_nothing(marks, value):
    found = adjustment_of([*marks, Mark(1, 99, (value,))])
    assert 99 in found.alone
    with_them = adjusted([*marks, Mark(1, 99, (value,))])
    assert differences(with_them, marks) == differences(adjusted(marks), marks)


def test_a_harsh_judge_who_steps_out_moves_nobody():
    """Judge 3 gives ten points less than the others; of two equal proposals one goes without."""
    table = [
        {1: 80, 2: 80, 3: 70},
        {1: 80, 2: 80},
        {1: 70, 2: 70, 3: 60},
    ]
    found = adjusted(marks_of(table))
    assert found[1] == found[2]
    assert adjustment_of(marks_of(table)).severities[3] == (Fraction(-20, 3),)


def test_what_no_sheet_connects_is_told_apart():
    marks = marks_of([{1: 80, 2: 70}, {1: 60, 2: 65}, {3: 90, 4: 88}])
    parts = adjustment_of(marks).parts
    assert [(sorted(part.judges), sorted(part.proposals)) for part in parts] == [
        ([1, 2], [1, 2]),
        ([3, 4], [3]),
    ]


def test_an_adjusted_value_is_never_clipped():
    table = [{1: 100, 2: 100}, {1: 100}, {1: 100, 2: 0}, {1: 100, 2: 0}]
    assert max(adjusted(marks_of(table)).values()) <= 100
    above = adjusted(marks_of([{1: 100, 2: 60}, {2: 99}, {1: 100, 2: 60}]))
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
