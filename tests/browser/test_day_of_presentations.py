"""A presentation day: check-in on a phone, the wall screen, an answer by the link in a letter."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.demo.moments import MOMENTS
from tests.browser.conftest import PHONE
from tests.browser.situations import invited
from tests.browser.steps import press_in_place
from tests.conftest import E

pytestmark = pytest.mark.browser


def test_the_committee_checks_in_on_a_phone_and_calls_another(serve, visit):
    server = serve("scoring")
    server.move_to(MOMENTS["scoring"] + timedelta(minutes=15))
    committee = visit(server, "sekretariat", width=PHONE)
    page = committee.open(f"{E}/day")
    press_in_place(committee, "Catat hadir – Sipena", "expected-")
    missing, next_one = (page.locator(".slot", has_text=title) for title in ("Sipena", "Antrean"))
    assert "Tercatat hadir pukul 10.50" in missing.inner_text()
    press_in_place(committee, "Batalkan kehadiran – Sipena", "expected-")
    missing.locator("summary").click()
    press_in_place(committee, "Ya, catat tidak hadir – Sipena", "expected-")
    assert "tidak hadir" in missing.locator(".bad").inner_text()
    missing.get_by_label("Panggil sebagai pengganti").select_option("11.15 Antrean Ramah Lansia")
    committee.press("Panggil dan beri tahu")
    assert missing.locator("time").inner_text() == "11.15–11.45"
    assert next_one.locator("time").text_content().strip() == "10.45–11.15"


def test_what_was_done_before_is_said_no_longer(serve, visit):
    server = serve("scoring")
    committee = visit(server, "sekretariat", width=PHONE)
    page = committee.open(f"{E}/day")
    page.locator("#beginning-9 summary").click()
    page.fill("#early-9", "Peserta sudah siap")
    committee.press("Sudah dimulai: buka lembar penilaiannya")
    begun = page.get_by_text("Pemaparan sudah dimulai: lembar penilaiannya dibuka.")
    expect(begun).to_have_count(1)
    press_in_place(committee, "Catat hadir – Sipena", "expected-")
    expect(page.get_by_text("“Sipena” sudah hadir.").first).to_be_visible()
    expect(begun).to_have_count(0)


def test_the_wall_screen_looks_again_by_itself(serve, visit):
    server = serve("scoring")
    wall = visit(server)
    wall.page.clock.install()
    page = wall.open(f"{E}/wall")
    assert page.locator("li").first.inner_text().startswith("10.45 Sipena")
    committee = visit(server, "sekretariat")
    committee.open(f"{E}/day").get_by_text("Mundurkan jadwal").click()
    committee.page.get_by_label("Dimundurkan berapa menit").fill("20")
    committee.press("Tampilkan waktu yang baru")
    committee.press("Terbitkan dan beri tahu")
    with page.expect_response(lambda answer: answer.url.endswith("/wall")):
        page.clock.fast_forward(16_000)
    page.get_by_text("11.05").wait_for()
    assert page.locator("li").first.inner_text().startswith("11.05 Sipena")


def test_an_invitation_is_answered_and_changed_without_signing_in(serve, visit):
    server = serve("picking")
    address = invited(server, visit)[0]
    guest = visit(server, width=PHONE)
    page = guest.open(address)
    answer = page.locator(".facts strong")
    assert answer.inner_text() == "belum dijawab"
    guest.press("Bersedia hadir")
    assert answer.inner_text() == "bersedia hadir"
    guest.press("Berhalangan")
    assert answer.inner_text() == "berhalangan"
    pressed = page.locator("button[aria-pressed=true]")
    assert pressed.all_inner_texts() == ["Berhalangan"]
