"""The arithmetic of the ranking: exact, and recusal or absence is no zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.editions.kinds import MOST_JUDGES
from app.evaluation.statistics import UNIT, from_units, mean, ranks, to_units
from app.scoring.ranking import Ranked, combined, ranked

totals = st.integers(0, 100_000_000).map(lambda millionths: Fraction(millionths, 1_000_000))
sheets = st.lists(totals, min_size=1, max_size=MOST_JUDGES)


def test_a_mean_of_nothing_is_none_and_not_zero():
    assert mean([]) is None


def test_a_mean_is_exact():
    assert mean([Fraction(90), Fraction(91), Fraction(91)]) == Fraction(272, 3)


def test_desk_and_presentation_are_combined_by_their_shares():
    assert combined(Fraction(80), Fraction("87.5"), 40) == Fraction("84.5")


@pytest.mark.parametrize(("desk", "hall"), [(None, Fraction(90)), (Fraction(90), None)])
def test_there_is_no_result_while_a_part_that_counts_is_missing(desk, hall):
    assert combined(desk, hall, 40) is None


def test_a_part_that_does_not_count_may_be_missing():
    assert combined(None, Fraction(90), 0) == 90


@given(sheets, sheets, st.integers(0, 100))
def test_every_result_is_a_whole_number_of_units_that_a_database_holds(desk, hall, share):
    result = combined(mean(desk), mean(hall), share)
    units = to_units(result)
    assert from_units(units) == result
    assert 0 <= units < 2**63


def test_what_would_be_rounded_is_refused():
    with pytest.raises(ValueError, match="no exact place"):
        to_units(Fraction(1, 23))


def test_a_point_is_a_whole_number_of_units():
    assert to_units(Fraction(1)) == UNIT


def test_equal_results_share_their_rank():
    assert ranks([(9, 1), (8, 2), (8, 2), (7, 0)]) == [1, 2, 2, 4]


def test_a_tie_is_broken_by_what_follows_the_result():
    assert ranks([(9, 2), (9, 1)]) == [1, 2]


def line(number, final, *, missing=0):
    points = None if final is None else Fraction(final)
    return Ranked(number, number, 3, 3 - missing, points, points, points)


def test_the_best_come_first_and_equal_ones_share_their_rank():
    ranking = ranked([line(1, 70), line(2, 90), line(3, 90), line(4, 60)])
    assert ranking.is_complete
    assert [(row.number, row.rank) for row in ranking.lines] == [(2, 1), (3, 1), (1, 3), (4, 4)]


def test_nobody_has_a_rank_while_a_sheet_is_missing():
    ranking = ranked([line(1, None, missing=1), line(2, 70), line(3, 90)])
    assert not ranking.is_complete
    assert [(row.number, row.rank) for row in ranking.lines] == [(3, None), (2, None), (1, None)]
