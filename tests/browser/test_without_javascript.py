"""The same pages with JavaScript switched off: every write still works."""

import pytest

from tests.browser.conftest import PHONE
from tests.conftest import E

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(serve, visit):
    def opened(moment: str, name: str):
        return visit(serve(moment), name, width=PHONE, java_script_enabled=False)

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


def test_a_slot_is_picked_let_go_confirmed_and_given_up(plain):
    innovator = plain("picking", "inovator-27")
    page = innovator.open(f"{E}/slots")
    pick, slot = "Pilih – 5 Okt, 14.45–15.15", "5 Okt, 14.45–15.15"
    innovator.press(pick)
    innovator.press(f"Batal – {slot}")
    assert page.get_by_role("button", name="Tetapkan slot ini").count() == 0
    innovator.press(pick)
    assert page.locator(".slot.own").count() == 0
    innovator.press(f"Tetapkan slot ini – {slot}")
    assert page.locator(".slot.own time").inner_text() == "14.45–15.15"
    innovator.press("Lepaskan slot – Lapor Pipa Bocor")
    assert page.locator(".slot.own").count() == 0


def test_a_slot_is_waited_for_and_two_change_places(plain, visit):
    asking = plain("picking", "inovator-01")
    page = asking.open(f"{E}/slots")
    page.locator(".slot", has_text="Melawan Lupa").locator("summary").click()
    asking.press("Beri tahu saya bila kosong – 5 Okt, 09.30–10.00, Kesraku")
    assert "1 menunggu" in page.locator(".slot", has_text="Melawan Lupa").inner_text()
    page.locator(".slot", has_text="Kampung Donor Darah").locator("summary").click()
    asking.press("Minta bertukar tempat – 5 Okt, 09.00–09.30, Kesraku")
    asked = visit(asking, "inovator-03", java_script_enabled=False)
    page = asked.open(f"{E}/slots")
    asked.press("Bertukar tempat")
    assert page.locator(".slot.own time").inner_text() == "08.30–09.00"


def test_a_presentation_is_moved_changes_places_is_taken_out_and_comes_back(plain):
    organiser = plain("picking", "sekretariat")
    page = organiser.open(f"{E}/arrangement")
    follow(page, "Pindahkan – Kesraku")
    follow(page, "Batal")
    assert page.locator(".in-hand").count() == 0
    follow(page, "Pindahkan – Kesraku")
    follow(page, "6 Okt")
    organiser.press("Taruh di sini – 16.30, Ruang pemaparan")
    assert "16.30" in row_of(page, "Kesraku")
    follow(page, "Pindahkan – Kesraku")
    organiser.press("Bertukar tempat – 08.30, Ruang pemaparan")
    assert "08.30" in row_of(page, "Kesraku")
    organiser.press("Kosongkan slot – Kesraku")
    follow(page, "Tempatkan – Kesraku")
    organiser.press("Taruh di sini – 08.30, Ruang pemaparan")
    assert "08.30" in row_of(page, "Kesraku")
    for _ in range(4):
        organiser.press("Urungkan")
    page = organiser.open(f"{E}/arrangement?day=2019-10-05")
    assert "08.30" in row_of(page, "Kesraku")
    assert page.get_by_role("button", name="Urungkan").count() == 0


def follow(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).click()


def row_of(page, title: str) -> str:
    return page.locator("table.grid tr", has_text=title).inner_text()


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
