"""A draft as a list of what it asks for: which answers are complete, and the way to each."""

import pytest

from tests.cast import ask, author_of, drafts
from tests.conftest import E


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def number(app):
    return ask(app, drafts)[0]


@pytest.fixture
def author(app, browse, number):
    return browse(app, author_of(number))


def states(page) -> dict[str, str]:
    """The state of each answer, by the anchor of its field."""
    return {
        line.a["href"].partition("#")[2]: line["class"][0] for line in page.html.select("#tasks li")
    }


def share(found: dict[str, str]) -> str:
    """How many are done, of those that are given or needed."""
    states = [state for state in found.values() if state != "optional"]
    return f"{states.count('done')} dari {len(states)}"


def test_what_is_given_is_done_and_what_is_not_is_to_do(author, number):
    page = author.get(f"{E}/proposals/{number}/draft")
    found = states(page)
    assert found["title"] == "done"
    assert found["video_url"] == "to-do"
    assert set(found.values()) == {"done", "to-do", "optional"}
    assert f"{share(found)} isian lengkap" in page.html.select_one("#tasks summary").text


def test_a_save_brings_the_list_up_to_date(author, number):
    address = f"{E}/proposals/{number}/draft"
    typed = author.form(address).submit_fields()
    fields = {name: value for name, value in typed if name}
    video = {"video_url": "https://video.example/1"}
    saved = author.post(address, fields | video, headers={"HX-Request": "true"})
    assert saved.html.select_one("#tasks")["hx-swap-oob"] == "true"
    assert states(saved)["video_url"] == "done"
    assert states(author.get(address))["video_url"] == "done"


def test_what_is_too_long_is_to_be_corrected(author, number):
    address = f"{E}/proposals/{number}/draft"
    field = next(name for name in states(author.get(address)) if name.startswith("section_"))
    long = author.get(address).html.select_one("textarea")["name"]
    author.fill(address, **{long: "kata " * 3_000})
    assert field in states(author.get(address))
    assert states(author.get(address))[long] == "to-correct"


def test_the_page_before_submission_leads_back_to_each_answer(author, number):
    page = author.get(f"{E}/proposals/{number}/submission")
    ways = [
        link["href"] for link in page.html.select("#content a, section a") if "Ubah" in link.text
    ]
    asked = states(author.get(f"{E}/proposals/{number}/draft"))
    answers = [field for field in asked if not field.startswith("document_") and field != "title"]
    assert sorted(way.partition("#")[2] for way in ways) == sorted([*answers, "documents"])


def test_the_organiser_sees_how_far_each_draft_is(app, browse, author, number):
    found = states(author.get(f"{E}/proposals/{number}/draft"))
    page = browse(app, "sekretariat").get(f"{E}/proposals/drafts")
    row = page.html.select_one(f'#drafts tr:has(input[value="{number}"])')
    assert row.select_one(".deciding").text.strip() == share(found)
