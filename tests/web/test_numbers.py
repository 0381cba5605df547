"""Points and differences as the reader's language writes them."""

from fractions import Fraction

import pytest
from flask import g

from app.web.language import points, signed


@pytest.fixture
def read_in(make_app):
    """Read in this language."""
    app = make_app("draft")

    def reading(code: str):
        context = app.test_request_context()
        context.push()
        g.language = code
        return context

    return reading


@pytest.mark.parametrize(
    ("value", "places", "shown", "difference"),
    [
        (Fraction(12345, 10), 2, "1.234,50", "+1.234,50"),
        (Fraction(-1, 8), 2, "−0,13", "−0,13"),
        (Fraction(-1, 300), 2, "0,00", "0,00"),
        (Fraction(1, 300), 2, "0,00", "0,00"),
        (Fraction(-5, 2), 0, "−3", "−3"),
        (0.25, 1, "0,3", "+0,3"),
        (100, 0, "100", "+100"),
    ],
)
def test_a_number_that_is_rounded_to_zero_has_no_sign(read_in, value, places, shown, difference):
    context = read_in("id")
    assert (points(value, places), signed(value, places)) == (shown, difference)
    context.pop()


def test_english_has_a_decimal_point(read_in):
    context = read_in("en")
    assert signed(Fraction(-2469, 2), 1) == "−1,234.5"
    context.pop()
