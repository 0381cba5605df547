"""Words, ages and months, as the server counts them."""

import datetime as dt

import pytest

from app.proposals.checklist import months_before, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n ", 0),
        ("satu", 1),
        ("satu  dua\ntiga", 3),
        ("e-KTP, 2019!", 2),
        ("日本 語", 2),
    ],
)
def test_words_are_what_stands_between_white_space(text, count):
    assert words(text) == count


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (dt.date(2019, 9, 16), 12, dt.date(2018, 9, 16)),
        (dt.date(2020, 2, 29), 12, dt.date(2019, 2, 28)),
        (dt.date(2019, 3, 31), 1, dt.date(2019, 2, 28)),
        (dt.date(2019, 1, 15), 2, dt.date(2018, 11, 15)),
    ],
)
def test_an_age_is_counted_back_from_a_day(day, months, before):
    assert months_before(day, months) == before
