"""Lists with the keyboard: arrows walk the rows, a box in the head marks all, Shift a range."""

import pytest
from playwright.sync_api import expect

from tests.browser.settling import settle
from tests.browser.steps import press_in_place
from tests.cast import screener, submitted
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

MARKS = "table[data-rows] tbody input[type=checkbox]"


@pytest.fixture
def page(serve, visit):
    visitor = visit(serve("screening"), "sekretariat")
    return visitor.open(f"{E}/screening")


def marked(page) -> int:
    return page.locator(f"{MARKS}:checked").count()


def test_arrows_lead_to_the_same_place_of_the_next_row(page):
    page.locator(MARKS).first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.press("Space")
    assert page.locator(MARKS).nth(1).is_checked()
    assert marked(page) == 1


def test_a_box_marks_all_of_the_page_and_shift_a_range(page):
    page.get_by_label("Tandai semua di halaman ini").check()
    assert marked(page) == 27
    page.get_by_label("Tandai semua di halaman ini").uncheck()
    page.locator(MARKS).nth(2).click()
    page.locator(MARKS).nth(6).click(modifiers=["Shift"])
    assert marked(page) == 5


def test_the_marks_are_there_after_the_list_was_narrowed(page):
    with page.expect_response(lambda answer: "order=title" in answer.url):
        page.get_by_label("Urutkan menurut").select_option("title")
    settle(page)
    page.get_by_label("Tandai semua di halaman ini").check()
    assert marked(page) == 27


def test_a_checklist_is_met_by_one_press_and_asks_for_notes_only_where_not(serve, visit):
    server = serve("screening")
    examiner = visit(server, screener)
    page = examiner.open(f"{E}/proposals/{server.ask(submitted)[0]}/eligibility")
    line = page.locator(".check-line").first
    expect(line.locator("textarea")).to_be_hidden()
    line.locator("[value=fails]").check()
    expect(line.locator("textarea")).to_be_visible()
    page.get_by_role("button", name="Semua memenuhi").press("Enter")
    expect(page.get_by_role("button", name="Simpan hasil pemeriksaan")).to_be_focused()
    expect(page.locator(".check-line [value=meets]:checked")).to_have_count(13)
    expect(line.locator("textarea")).to_be_hidden()
    examiner.press("Simpan hasil pemeriksaan")


def test_people_are_reminded_in_place(serve, visit):
    organiser = visit(serve("scoring"), "sekretariat")
    organiser.open(f"{E}/cockpit")
    press_in_place(organiser, "Ingatkan – Sekretaris Bappeda", "awaited-presentation-")
    everybody = "Ingatkan semua – Lembar penilaian pemaparan yang sudah selesai"
    press_in_place(organiser, everybody, "awaited-presentation")
