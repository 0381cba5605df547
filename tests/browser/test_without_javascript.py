"""The same pages with JavaScript switched off: every write still works."""

import pytest

from tests.browser.conftest import PHONE
from tests.conftest import E

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(live, visit):
    def opened(moment: str, name: str):
        return visit(live(moment), name, width=PHONE, java_script_enabled=False)

    return opened


def test_a_draft_is_saved_and_a_language_chosen(plain):
    author = plain("draft", "inovator-03")
    page = author.open(f"{E}/proposals/3/draft")
    page.fill("#title", "Tanpa JavaScript")
    author.press("Simpan draf")
    assert page.input_value("#title") == "Tanpa JavaScript"
    author.press("English")
    page.get_by_role("heading", name="Tanpa JavaScript").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_slot_is_picked_and_given_up(plain):
    innovator = plain("picking", "inovator-27")
    page = innovator.open(f"{E}/slots")
    with page.expect_navigation():
        page.locator(".slot.free button").first.click()
    with page.expect_navigation():
        page.locator(".slot.own button").click()
    assert page.locator(".slot.own").count() == 0


def test_a_sheet_is_saved_and_locked(plain):
    judge = plain("scoring", "juri-1")
    page = judge.open(f"{E}/proposals/27/sheets/presentation")
    for field in page.locator(".score input").all():
        field.fill("87,5")
    judge.press("Simpan")
    assert page.locator(".score input").first.input_value() == "87,5"
    judge.press("Kirim dan kunci")
    page = judge.open(f"{E}/proposals/27/sheets/presentation")
    page.get_by_text("Total nilai berbobot: 87,50").wait_for()


def test_a_result_is_prepared(plain):
    organiser = plain("plenary", "sekretariat")
    page = organiser.open(f"{E}/plenary")
    for title in ("Smart BUMDes", "Sipena", "GIS for E Control"):
        page.get_by_label(title, exact=True).check()
        page.get_by_label(f"Alasan – {title}").fill("Dipilih bersama.")
    organiser.press("Siapkan hasil")
    page.get_by_text("menunggu persetujuan orang kedua").wait_for()
