"""The proposal's form in a browser: what depends on an answer, and what is ticked, survives."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.steps import tick
from tests.cast import author_of, drafts
from tests.conftest import E

pytestmark = pytest.mark.browser

SOURCE = "Sumber inovasi yang direplikasi"
GOAL = "5. Kesetaraan gender"


@pytest.fixture
def server(serve):
    return serve("draft")


@pytest.fixture
def number(server) -> int:
    return server.ask(drafts)[0]


def test_a_section_that_depends_on_an_answer_appears_with_it(server, visit, number):
    author = visit(server, author_of(number), width=PHONE)
    page = author.open(f"{E}/proposals/{number}/draft")
    assert not page.get_by_label(SOURCE).is_visible()
    page.get_by_label("Kelompok", exact=True).select_option("Replikasi")
    page.get_by_label(SOURCE).wait_for(state="visible")
    page.get_by_label("Kelompok", exact=True).select_option("Umum")
    page.get_by_label(SOURCE).wait_for(state="hidden")


def test_a_goal_ticked_while_the_network_is_lost_survives_a_closed_tab(server, visit, number):
    author, path = visit(server, author_of(number)), f"{E}/proposals/{number}/draft"
    page = author.open(path)
    with author.offline():
        tick(page, GOAL)
        page.get_by_role("alert").wait_for()
        page.close()
    page = author.reopen(path)
    assert page.get_by_label(GOAL).is_checked()
    page.wait_for_function("() => localStorage.length === 0")  # it is saved
    assert author.reopen(path).get_by_label(GOAL).is_checked()
