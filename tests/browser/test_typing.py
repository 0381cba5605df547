"""What is typed survives a lost connection, an ended session and another tab."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.settling import settle
from tests.conftest import E

pytestmark = pytest.mark.browser
SHEET = f"{E}/proposals/27/sheets/presentation"
FIRST = "#sheet-form .score input >> nth=0"


def test_rule_10_without_a_connection_it_says_so_and_keeps_what_was_typed(live, visit):
    judge = visit(live("scoring"), "juri-1", width=PHONE)
    page = judge.open(SHEET)
    with judge.offline():
        page.fill(FIRST, "91,5")
        page.get_by_text("Belum tersimpan: tidak ada sambungan").wait_for()
    with judge.saves("91,5"):
        page.reload()
    assert page.input_value(FIRST) == "91,5"
    page.get_by_text("Tersimpan 5 Oktober").wait_for()


def test_after_the_session_ended_what_was_typed_comes_back_with_the_next_sign_in(live, visit):
    server = live("scoring")
    judge = visit(server, "juri-1", width=PHONE)
    page = judge.open(SHEET)
    elsewhere = visit(server, "juri-1")
    elsewhere.open("/profile")
    elsewhere.press("Keluar dari semua perangkat")
    with page.expect_navigation(url=re.compile("/sign-in")):
        page.fill(FIRST, "92,5")
    page.fill("#email", "juri-1@luwu-utara.example")
    page.fill("#password", "arena-demo-2019")
    with page.expect_navigation(url=f"**{SHEET}"):
        page.keyboard.press("Enter")
    page.get_by_text("Tersimpan 5 Oktober").wait_for()
    assert page.input_value(FIRST) == "92,5"


def test_who_loses_a_slot_sees_the_fresh_table_and_a_friendly_word(live, visit):
    server = live("picking")
    first, second = (visit(server, f"inovator-{n}", width=PHONE) for n in (26, 27))
    page = second.open(f"{E}/slots")
    slot = first.open(f"{E}/slots").locator(".slot.free").first
    number = slot.get_attribute("id")
    slot.locator("button").click()
    confirm = first.page.get_by_role("button", name="Tetapkan slot ini")
    confirm.wait_for()

    page.locator(f"#{number} button").click()

    page.get_by_text("Orang lain sedang memilih slot itu").wait_for()
    expect(page.locator(f"#{number} button")).to_have_count(0)
    expect(page.locator(f"#{number}")).to_contain_text("sedang dipilih orang lain")


def test_who_comes_after_the_confirmation_sees_who_has_the_slot(live, visit):
    server = live("picking")
    first, second = (visit(server, f"inovator-{n}", width=PHONE) for n in (26, 27))
    page = second.open(f"{E}/slots")
    slot = first.open(f"{E}/slots").locator(".slot.free").first
    number = slot.get_attribute("id")
    slot.locator("button").click()
    first.page.get_by_role("button", name="Tetapkan slot ini").click()
    first.page.locator(".slot.own").wait_for()

    page.locator(f"#{number} button").click()

    page.get_by_text("Ada yang lebih cepat").wait_for()
    expect(page.locator(f"#{number} button", has_text="Pilih")).to_have_count(0)
    expect(page.locator(f"#{number}")).to_contain_text("Aduan Tuntas Dua Hari")


def test_a_stale_sheet_shows_both_and_the_next_save_keeps_the_readers(live, visit):
    server = live("scoring")
    phone, desk = visit(server, "juri-1", width=PHONE), visit(server, "juri-1")
    page = phone.open(SHEET)
    other = desk.open(SHEET)
    with desk.saves("70"):
        other.fill(FIRST, "70")
    page.fill(FIRST, "95")
    page.get_by_text("Tersimpan sekarang:").first.wait_for()
    settle(page)
    assert page.input_value(FIRST) == "95"
    phone.press("Simpan")
    assert desk.open(SHEET).input_value(FIRST) == "95"


def test_neither_tab_nor_cancel_locks_a_sheet(live, visit):
    judge = visit(live("scoring"), "juri-1", width=PHONE)
    judge.page.remove_listener("dialog", judge.accept)
    judge.page.on("dialog", lambda dialog: dialog.dismiss())
    page = judge.open(SHEET)
    addresses = []
    page.on(
        "request",
        lambda request: addresses.append(request.url) if request.method == "POST" else None,
    )
    for field in page.locator(".score input").all():
        field.fill("88")
    page.get_by_role("button", name="Kirim dan kunci").focus()
    page.get_by_text("Tersimpan 5 Oktober").wait_for()
    with judge.saves("89"):
        page.fill(FIRST, "89")
        page.get_by_role("button", name="Kirim dan kunci").click()  # and cancel
    assert page.locator("#sheet-form").count() == 1
    assert [url for url in addresses if url.endswith("/lock")] == []


def test_a_refused_save_says_why_and_keeps_what_was_typed(live, visit):
    server = live("scoring")
    judge = visit(server, "juri-1", width=PHONE)
    page = judge.open(SHEET)
    organiser = visit(server, "sekretariat")
    organiser.open(f"{E}/windows")
    organiser.page.fill("#scoring-closes", "2019-10-05T10:00")
    organiser.page.fill("#scoring-reason", "Ditutup sementara")
    with organiser.page.expect_navigation():
        organiser.page.locator("#scoring-reason ~ *, form:has(#scoring-reason) button").last.click()
    page.fill(FIRST, "90")
    page.get_by_text("Tahap ini sedang tidak dibuka").wait_for()
    page.reload()
    settle(page)
    assert page.input_value(FIRST) == "90"
