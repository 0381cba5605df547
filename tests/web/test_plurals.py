"""What a message says how many of has a form for one, on pages and in letters."""

import pytest

from app.mail.letters import letter_text
from app.web.language import said
from app.workflow import N_, NN_
from tests.databases import BASE

LATE = NN_("%(count)s finalist has no slot", "%(count)s finalists have no slot")


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 finalist has no slot"),
        ("en", 2, "2 finalists have no slot"),
        ("en", 0, "0 finalists have no slot"),
        ("id", 1, "1 finalis belum memiliki slot"),
        ("id", 2, "2 finalis belum memiliki slot"),
    ],
)
def test_pages_and_letters_say_the_same_of_one_and_of_many(make_app, language, count, expected):
    headers = {"Cookie": f"language={language}"}
    with make_app().test_request_context(base_url=BASE, headers=headers):
        assert said(LATE, {"count": count}) == expected
    assert letter_text(language, LATE, {"count": count}) == expected


def test_a_message_with_both_forms_is_told_by_the_one_for_many():
    assert N_("%(count)s finalists have no slot") == LATE
    assert {LATE: 1}["%(count)s finalists have no slot"] == 1
