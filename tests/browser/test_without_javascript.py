"""The same pages with JavaScript switched off: every write still works."""

from functools import partial

import pytest

from app.editions.kinds import SheetKind
from tests.browser.conftest import PHONE
from tests.browser.situations import three_rooms
from tests.cast import author_of, drafts, judge, unplaced_author, unscored
from tests.conftest import E

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(visit):
    return partial(visit, width=PHONE, java_script_enabled=False)


def test_a_draft_is_saved_and_a_language_chosen(serve, plain):
    server = serve("draft")
    number = server.ask(drafts)[0]
    author = plain(server, author_of(number))
    page = author.open(f"{E}/proposals/{number}/draft")
    page.fill("#title", "Tanpa JavaScript")
    author.press("Simpan draf")
    assert page.input_value("#title") == "Tanpa JavaScript"
    author.press("EN English")
    page.get_by_role("heading", name="Tanpa JavaScript").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_slot_is_picked_let_go_confirmed_and_given_up(serve, plain):
    innovator = plain(serve("picking"), unplaced_author)
    page = innovator.open(f"{E}/slots")
    pick, slot = "Pilih – 5 Okt, 14.45–15.15", "5 Okt, 14.45–15.15"
    innovator.press(pick)
    innovator.press(f"Batal – {slot}")
    assert page.get_by_role("button", name="Tetapkan slot ini").count() == 0
    innovator.press(pick)
    assert page.locator(".slot.own").count() == 0
    innovator.press(f"Tetapkan slot ini – {slot}")
    assert page.locator(".slot.own time").inner_text() == "14.45–15.15"
    title = page.locator(".slot.own strong").inner_text()
    page.locator("summary", has_text=f"Lepaskan slot – {title}").click()
    innovator.press("Ya, lepaskan")
    assert page.locator(".slot.own").count() == 0


def test_a_slot_is_waited_for_and_two_change_places(serve, plain):
    server = serve("picking")
    asking = plain(server, author_of("Kesraku"))
    page = asking.open(f"{E}/slots")
    page.locator(".slot", has_text="Melawan Lupa").locator("summary").click()
    asking.press("Beri tahu bila kosong – 5 Okt, 09.30–10.00, Kesraku")
    assert "1 menunggu" in page.locator(".slot", has_text="Melawan Lupa").inner_text()
    page.locator(".slot", has_text="Kampung Donor Darah").locator("summary").click()
    asking.press("Minta bertukar slot – 5 Okt, 09.00–09.30, Kesraku")
    asked = plain(server, author_of("Kampung Donor Darah Penyelamat Jiwa"))
    page = asked.open(f"{E}/slots")
    asked.press("Tukar slot")
    assert page.locator(".slot.own time").inner_text() == "08.30–09.00"


def test_a_presentation_is_moved_changes_places_is_taken_out_and_comes_back(serve, plain):
    organiser = plain(serve("picking", three_rooms), "sekretariat")
    organiser.open(f"{E}/slots")
    organiser.press("Buat slot")
    page = organiser.open(f"{E}/arrangement")
    follow(page, "Pindahkan – Kesraku")
    follow(page, "Batal")
    assert page.locator(".in-hand").count() == 0
    follow(page, "Pindahkan – Kesraku")
    follow(page, "6 Okt")
    organiser.press("Tempatkan di sini – 16.30, Ruang pemaparan, 6 Okt")
    assert "16.30" in row_of(page, "Kesraku")
    follow(page, "Pindahkan – Kesraku")
    organiser.press("Tukar slot – 08.30, Ruang pemaparan, 6 Okt")
    assert "08.30" in row_of(page, "Kesraku")
    organiser.press("Lepas dari jadwal – Kesraku")
    follow(page, "Tempatkan – Kesraku")
    organiser.press("Tempatkan di sini – 08.30, Ruang pemaparan, 6 Okt")
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


def test_a_sheet_is_saved_and_locked(serve, plain):
    server = serve("scoring")
    sheet = f"{E}/proposals/{server.ask(unscored(SheetKind.PRESENTATION))[0]}/sheets/presentation"
    evaluator = plain(server, judge)
    page = evaluator.open(sheet)
    for field in page.locator(".score input").all():
        field.fill("87,5")
    evaluator.press("Simpan")
    assert page.locator(".score input").first.input_value() == "87,5"
    evaluator.press("Kirim dan kunci")
    page = evaluator.open(sheet)
    page.get_by_text("Total nilai berbobot: 87,50").wait_for()


def test_a_result_is_prepared(serve, plain):
    organiser = plain(serve("plenary"), "sekretariat")
    page = organiser.open(f"{E}/plenary")
    for title in ("Smart BUMDes", "Sipena", "GIS for E Control"):
        page.get_by_label(title, exact=True).check()
        page.get_by_label(f"Alasan – {title}").fill("Dipilih bersama.")
    for box in page.locator("[name=present], [name^=agrees_]").all():
        box.check()
    organiser.press("Susun hasil")
    page.get_by_text("menunggu persetujuan anggota lain").wait_for()
