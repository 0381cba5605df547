"""Words, ages and months, as the server counts them."""

import pytest

from app.proposals.completeness import words


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
