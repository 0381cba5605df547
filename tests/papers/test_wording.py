"""Texts and numbers that an edition words itself: plain, with named places, and never a program."""

from datetime import date

import pytest

from app.papers.wording import NUMBER_PLACES, USUAL_NUMBER, check_places, filled, number_of
from app.workflow import DomainError


def test_a_number_by_the_pattern():
    day = date(2019, 10, 5)
    assert number_of(USUAL_NUMBER, 3, "BA", day) == "003/BA/X/2019"
    assert number_of("{year}-{month}/{number}", 12, "", day) == "2019-10/012"


@pytest.mark.parametrize(
    "typed", ["{secret}", "{number.__class__}", "{0}", "{", "}", "{{number}}", "{number!r}"]
)
def test_a_place_that_is_none_is_refused(typed):
    with pytest.raises(DomainError):
        check_places(typed, NUMBER_PLACES)


def test_what_a_value_holds_is_never_filled_again():
    assert filled("{edition} {day}", {"edition": "{day}", "day": "5"}) == "{day} 5"
    assert filled("{other}", {"day": "5"}) == "{other}"


def test_a_text_without_places_stays():
    check_places("Demikian berita acara ini dibuat.", NUMBER_PLACES)
    assert filled("100% #let x = 1 $a$ \\", {}) == "100% #let x = 1 $a$ \\"
