"""Points and differences as each language writes them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.numbers import points, signed


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
        (Decimal("82.125"), 2, "82,13", "+82,13"),
        (Fraction(1, 200) - Fraction(1, 10**40), 2, "0,00", "0,00"),
    ],
)
def test_a_number_is_rounded_exactly_and_zero_has_no_sign(value, places, shown, difference):
    assert (points("id", value, places), signed("id", value, places)) == (shown, difference)


def test_english_has_a_decimal_point():
    assert signed("en", Fraction(-2469, 2), 1) == "−1,234.5"


def test_none_is_a_dash():
    assert points("id", None) == "–"
