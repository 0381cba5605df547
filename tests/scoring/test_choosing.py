"""Which results lie nearest to the line, and which judge would tell most about them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.scoring.second_look.choosing import (
    ANCHORS,
    BAND,
    FEWEST,
    NearResult,
    choice_for,
    gain_of,
    line_between,
    nearest_first,
)


def near(*values: tuple[int, int]) -> list[NearResult]:
    """Contenders by id with these results and numbers of judges."""
    return [
        NearResult(key, Fraction(final), Fraction(1, judges), judges)
        for key, (final, judges) in enumerate(values, 1)
    ]


def test_the_line_lies_half_way_between_the_last_awarded_and_the_next():
    assert line_between(near((90, 6), (80, 6), (70, 6)), 2) == 75
    assert line_between(near((90, 6), (80, 6)), 2) is None
    assert line_between(near((90, 6), (80, 6)), 0) is None


def test_what_rests_on_fewer_judges_is_in_doubt_at_a_greater_distance():
    found = nearest_first(near((90, 1), (80, 9), (70, 9), (65, 1)), 2)
    assert [own.proposal_id for own in found] == [4, 1, 2, 3]


@given(st.sets(st.integers(1, 12)), st.integers(0, 12))
def test_a_judge_gets_the_nearest_that_nothing_bars_them_from(barred, most):
    ordered = near(*[(90 - 3 * place, 6) for place in range(12)])
    choice = choice_for(ordered, barred, most)
    free = [own.proposal_id for own in ordered if own.proposal_id not in barred]
    assert list(choice.proposals) == free[: min(BAND + ANCHORS, most)]
    assert len(choice.anchors) <= ANCHORS
    assert bool(choice) == (len(choice.proposals) >= FEWEST)


def test_new_eyes_tell_more_than_the_same_ones_and_a_known_judge_more_than_an_unknown():
    ordered = near(*[(90 - 3 * place, 6) for place in range(12)])
    choice, judges = choice_for(ordered, (), 6), dict.fromkeys(range(1, 13), 6)
    new = gain_of(choice, judges, (), is_known=True)
    unknown = gain_of(choice, judges, (), is_known=False)
    again = gain_of(choice, judges, choice.proposals, is_known=True)
    assert (new, unknown) == (4 * Fraction(1, 42), 4 * Fraction(1, 42) * Fraction(5, 6))
    assert again == 4 * Fraction(1, 72) < unknown
