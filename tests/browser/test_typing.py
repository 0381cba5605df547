"""What is typed survives a lost connection, an ended session and another tab."""

import re

import pytest
from playwright.sync_api import expect

from app.demo.moments import PASSWORD
from app.editions.kinds import SheetKind
from tests.browser.conftest import PHONE
from tests.browser.settling import settle
from tests.cast import author_of, judge, unplaced, unscored
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
FIRST = "#sheet-form .score input >> nth=0"


@pytest.fixture
def server(live):
    return live("scoring")


@pytest.fixture
def phone(server, visit):
    """A judge with a phone."""
    return visit(server, judge, width=PHONE)


@pytest.fixture
def sheet(server) -> str:
    """Where they score a presentation that nobody has scored."""
    return f"{E}/proposals/{server.ask(unscored(SheetKind.PRESENTATION))[0]}/sheets/presentation"


@pytest.fixture
def rivals(live, visit):
    """Two finalists without a slot, each with a phone."""
    server = live("picking")
    return [visit(server, author_of(number), width=PHONE) for number in server.ask(unplaced)[:2]]


def test_rule_10_without_a_connection_it_says_so_and_keeps_what_was_typed(phone, sheet):
    page = phone.open(sheet)
    with phone.offline():
        page.fill(FIRST, "91,5")
        page.get_by_text("Belum tersimpan: tidak ada sambungan").wait_for()
        page.close()
    page = phone.reopen(sheet)
    assert page.input_value(FIRST) == "91,5"
    page.get_by_text("Tersimpan 10.35").wait_for()


def test_after_the_session_ended_what_was_typed_comes_back_with_the_next_sign_in(
    server, visit, phone, sheet
):
    page = phone.open(sheet)
    elsewhere = visit(server, judge)
    elsewhere.open("/profile")
    elsewhere.press("Keluar dari semua perangkat")
    with page.expect_navigation(url=re.compile("/sign-in")):
        page.fill(FIRST, "92,5")
    page.fill("#email", server.ask(judge))
    page.fill("#password", PASSWORD)
    with page.expect_navigation(url=f"**{sheet}"):
        page.keyboard.press("Enter")
    page.get_by_text("Tersimpan 10.35").wait_for()
    assert page.input_value(FIRST) == "92,5"


def test_who_loses_a_slot_sees_the_fresh_table_and_a_friendly_word(rivals):
    first, second = rivals
    page = second.open(f"{E}/slots")
    slot = first.open(f"{E}/slots").locator(".slot.free").first
    number = slot.get_attribute("id")
    slot.locator("button").click()
    confirm = first.page.get_by_role("button", name="Tetapkan slot ini")
    confirm.wait_for()

    page.locator(f"#{number} button").click()

    page.get_by_text("Slot itu sedang dipilih peserta lain").wait_for()
    expect(page.locator(f"#{number} button")).to_have_count(0)
    expect(page.locator(f"#{number}")).to_contain_text("sedang dipilih peserta lain")


def test_who_comes_after_the_confirmation_sees_who_has_the_slot(rivals):
    first, second = rivals
    page = second.open(f"{E}/slots")
    slot = first.open(f"{E}/slots").locator(".slot.free").first
    number = slot.get_attribute("id")
    slot.locator("button").click()
    first.page.get_by_role("button", name="Tetapkan slot ini").click()
    title = first.page.locator(".slot.own strong").inner_text()

    page.locator(f"#{number} button").click()

    page.get_by_text("Slot itu baru saja diambil peserta lain").wait_for()
    expect(page.locator(f"#{number} button", has_text="Pilih")).to_have_count(0)
    expect(page.locator(f"#{number}")).to_contain_text(title)


def test_a_stale_sheet_shows_both_and_the_next_save_keeps_the_readers(server, visit, phone, sheet):
    desk = visit(server, judge)
    page, other = phone.open(sheet), desk.open(sheet)
    with desk.saves("70"):
        other.fill(FIRST, "70")
    page.fill(FIRST, "95")
    page.get_by_text("Tersimpan sekarang:").first.wait_for()
    settle(page)
    assert page.input_value(FIRST) == "95"
    phone.press("Simpan")
    assert desk.open(sheet).input_value(FIRST) == "95"


def test_neither_tab_nor_cancel_locks_a_sheet(phone, sheet):
    page = phone.open(sheet)
    addresses = []
    page.on(
        "request",
        lambda request: addresses.append(request.url) if request.method == "POST" else None,
    )
    for field in page.locator(".score input").all():
        field.fill("88")
    page.get_by_role("button", name="Kirim dan kunci", exact=True).focus()
    page.get_by_text("Tersimpan 10.35").wait_for()
    with phone.saves("89"):
        page.fill(FIRST, "89")
        page.get_by_role("button", name="Kirim dan kunci", exact=True).click()
        page.get_by_role("button", name="Batal").click()
    assert page.locator("#sheet-form").count() == 1
    assert [url for url in addresses if url.endswith("/lock")] == []


def test_a_sheet_with_a_score_that_cannot_be_saved_is_not_asked_about_but_marked(phone, sheet):
    page = phone.open(sheet)
    fields = page.locator(".score input").all()
    for field in fields[1:]:
        field.fill("88")
    fields[0].fill("101")
    expect(page.locator(".save-bar")).to_contain_text("Tersimpan, kecuali")
    page.get_by_role("button", name="Kirim dan kunci", exact=True).click()
    expect(page.locator(".ds-error-summary")).to_be_focused()
    expect(page.locator(".ds-error-summary li")).to_have_count(1)
    expect(page.locator(FIRST)).to_have_value("101")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_refused_save_says_why_and_keeps_what_was_typed(server, visit, phone, sheet):
    page = phone.open(sheet)
    organiser = visit(server, "sekretariat")
    organiser.open(f"{E}/windows")
    organiser.page.fill("#scoring-closes", "2019-10-05T10:00")
    organiser.page.fill("#scoring-reason", "Ditutup sementara")
    with organiser.page.expect_navigation():
        organiser.page.locator("#scoring-reason ~ *, form:has(#scoring-reason) button").last.click()
    organiser.press("Ya, tutup sekarang juga")
    page.fill(FIRST, "90")
    page.get_by_text("Tahapan ini sedang tidak dibuka").wait_for()
    page.reload()
    settle(page)
    assert page.input_value(FIRST) == "90"


def test_the_bar_itself_says_that_a_save_failed_and_tells_the_truth_again(phone, sheet):
    """What stands in sight never says “saved” while the last thing typed is not."""
    page = phone.open(sheet)
    fields = page.locator(".score input")
    with phone.saves("80"):
        fields.nth(6).fill("80")
    bar = page.locator(".save-bar")
    expect(bar).to_contain_text("1 dari 10 dinilai")
    expect(bar).to_contain_text("Tersimpan 10.35")
    with phone.offline():
        fields.nth(7).fill("90")
        expect(bar.get_by_role("alert")).to_contain_text("Belum tersimpan")
        expect(bar.get_by_text("Tersimpan 10.35")).to_be_hidden()
        assert bar.bounding_box()["height"] <= 140
    expect(bar.get_by_text("2 dari 10 dinilai")).to_be_visible()
    expect(bar.get_by_role("alert")).to_be_empty()


def test_enter_leads_from_score_to_score_and_never_reloads(phone, sheet):
    page = phone.open(sheet)
    page.evaluate("window.isSame = true")
    fields = page.locator(".score input")
    fields.first.focus()
    for place in range(10):
        expect(fields.nth(place)).to_be_focused()
        page.keyboard.type("75")
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Kirim dan kunci", exact=True)).to_be_focused()
    expect(page.locator(".so-far")).to_have_text("10 dari 10 dinilai · 75,00 dari 100,00 poin")
    assert page.evaluate("window.isSame")
    reach = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert reach <= 2 * page.viewport_size["height"]


def test_what_is_missing_is_marked_until_it_is_scored_and_the_bar_stays_low(phone, sheet):
    page = phone.open(sheet)
    fields = page.locator(".score input")
    with phone.saves("80"):
        fields.first.fill("80")
    page.get_by_role("button", name="Kirim dan kunci", exact=True).click()
    summary = page.locator(".ds-error-summary")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_count(9)
    assert page.locator(".save-bar").bounding_box()["height"] <= 110
    with phone.saves("81"):
        fields.nth(1).fill("81")
    expect(summary.locator("li")).to_have_count(8)
    expect(page.locator("[aria-invalid]")).to_have_count(8)


def test_who_looks_for_a_slot_sees_the_free_ones_first_and_the_others_when_asked(rivals):
    page = rivals[0].open(f"{E}/slots")
    first = page.locator(".slot:visible").first
    expect(first).to_have_class(re.compile("free"))
    assert first.bounding_box()["y"] < page.viewport_size["height"] * 0.6
    taken = page.locator(".slot:not(.free)")
    expect(taken.first).to_be_hidden()
    page.get_by_label("Tampilkan juga slot yang terisi").check()
    expect(taken.first).to_be_visible()
    page.locator(".slot.free button").first.click()
    page.get_by_role("button", name="Tetapkan slot ini").click()
    expect(page.locator(".slot.own")).to_be_visible()
    expect(taken.first).to_be_visible()
