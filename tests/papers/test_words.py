"""Dates in words and Roman months."""

from datetime import date

import pytest

from app.papers.words import date_in_words, english, indonesian, ordinal, roman_month


@pytest.mark.parametrize(
    ("number", "in_indonesian", "in_english"),
    [
        (0, "nol", "zero"),
        (1, "satu", "one"),
        (10, "sepuluh", "ten"),
        (11, "sebelas", "eleven"),
        (12, "dua belas", "twelve"),
        (19, "sembilan belas", "nineteen"),
        (20, "dua puluh", "twenty"),
        (31, "tiga puluh satu", "thirty-one"),
        (100, "seratus", "one hundred"),
        (101, "seratus satu", "one hundred and one"),
        (215, "dua ratus lima belas", "two hundred and fifteen"),
        (1000, "seribu", "one thousand"),
        (
            1945,
            "seribu sembilan ratus empat puluh lima",
            "one thousand nine hundred and forty-five",
        ),
        (2019, "dua ribu sembilan belas", "two thousand and nineteen"),
        (2026, "dua ribu dua puluh enam", "two thousand and twenty-six"),
        (9999, "sembilan ribu sembilan ratus sembilan puluh sembilan", None),
    ],
)
def test_a_number_in_words(number, in_indonesian, in_english):
    assert indonesian(number) == in_indonesian
    if in_english:
        assert english(number) == in_english


def test_no_two_numbers_have_the_same_words():
    for written in (indonesian, english):
        assert len({written(number) for number in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "first"), (3, "third"), (12, "twelfth"), (20, "twentieth"), (31, "thirty-first")],
)
def test_which_one_in_english(number, written):
    assert ordinal(number) == written


def test_a_day_in_words():
    day = date(2019, 10, 5)
    assert date_in_words(day, "id") == (
        "Sabtu tanggal lima bulan Oktober tahun dua ribu sembilan belas"
    )
    assert date_in_words(day, "en") == "Saturday, the fifth of October, two thousand and nineteen"
    assert roman_month(day) == "X"
