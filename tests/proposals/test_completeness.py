"""Words, as the server and the browser count them."""

from pathlib import Path

import pytest

from app.proposals.completeness import words

SCRIPT = Path(__file__).parents[2] / "static" / "ajang.js"


COUNTED = [
    ("", 0),
    ("  \n ", 0),
    ("satu", 1),
    ("satu  dua\ntiga", 3),
    ("satu\r\ndua\rtiga", 3),
    ("e-KTP, 2019!", 2),
    ("dan/atau", 1),
    ("日本 語", 2),
    ("satu\xa0dua\u202ftiga\u3000empat", 4),
    ("satu – dua", 3),
    ("• satu\n• dua", 4),
    ("مرحبا بكم", 2),
    ("می\u200cخواهم", 1),
    ("👩\u200d⚕\ufe0f 😀", 2),
    ("satu\ufeffdua \ufeff tiga", 2),
    ("satu\x85dua", 2),
    ("satu\vdua\ftiga\u2028empat\u2029lima", 5),
    ("satu\x1cdua\x1ftiga", 1),
    ("satu\u200bdua\u2060tiga \u200b", 1),
    ("\u202esatu\u202c \u2066dua\u2069", 2),
    ("a\xadb \xad", 1),
    ("\u3164", 0),
    ("\u200d \ufe0f", 0),
    ("\U000e0041 satu", 1),
    ("satu\u180edua\u1680tiga", 2),
]


@pytest.mark.field("cases 14")
@pytest.mark.parametrize(("text", "count"), COUNTED)
def test_words_are_what_stands_between_white_space(text, count):
    assert words(text) == count


@pytest.mark.field("cases 14")
@pytest.mark.browser
def test_the_browser_counts_the_same(chromium):
    page = chromium.new_page()
    page.add_script_tag(path=SCRIPT)
    counts = page.evaluate("texts => texts.map(words)", [text for text, _ in COUNTED])
    page.close()
    assert counts == [count for _, count in COUNTED]
