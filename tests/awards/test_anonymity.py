"""Whether a file without names tells whose sheets are in it."""

from fractions import Fraction

from app.awards.anonymity import FEW, Outermost, guessable

STRICT, RECUSED = 1, {1}


def panels(count: int, *points: int) -> dict[int, dict[int, Fraction]]:
    """So many proposals, each with these totals of the judges 1, 2, 3 …."""
    totals = {judge: Fraction(own) for judge, own in enumerate(points, 1)}
    return dict.fromkeys(range(count), totals)


def test_of_a_judge_always_at_one_end_the_recusal_tells_the_sheets():
    found = guessable(panels(10, 60, 80, 85), RECUSED)
    assert found.outermost == [Outermost(STRICT, is_lowest=True, times=10, proposals=10)]
    high = guessable(panels(10, 95, 80, 85), RECUSED)
    assert high.outermost == [Outermost(STRICT, is_lowest=False, times=10, proposals=10)]


def test_of_who_is_not_known_to_be_recused_it_tells_nothing():
    assert guessable(panels(10, 60, 80, 85), set()) is None


def test_a_habit_is_four_of_five():
    mixed = panels(10, 60, 80, 85) | {place: panels(1, 90, 80, 85)[0] for place in range(3)}
    assert guessable(mixed, RECUSED) is None
    mixed[0] = panels(1, 60, 80, 85)[0]
    assert [own.times for own in guessable(mixed, RECUSED).outermost] == [8]


def test_equal_totals_and_few_proposals_tell_no_habit():
    assert guessable(panels(10, 80, 80, 85), RECUSED) is None
    assert guessable(panels(4, 60, 80, 85), RECUSED) is None


def test_one_or_two_sheets_tell_whose_they_are():
    assert guessable({7: {2: Fraction(80), 3: Fraction(70)}}, set()).few == [7]
    enough = {7: {judge: Fraction(80) for judge in range(FEW)}}
    assert guessable(enough, set()) is None
