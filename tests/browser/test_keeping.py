"""What is typed is never lost: not with a lost answer, a second device or an ended session."""

import re

import pytest
from playwright.sync_api import expect

from app.demo.moments import MOMENTS, PASSWORD
from app.editions.kinds import SheetKind
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, WIDE
from tests.browser.steps import tick
from tests.cast import author_of, drafts, judge, other_screener, screener, submitted, unscored
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

FIRST, COMMENT = "#sheet-form .score input >> nth=0", "#comment"
OFFLINE = "Belum tersimpan: tidak ada sambungan"
ELSEWHERE = "sebelum formulir diubah di tempat lain"
OVERTAKEN = "diubah di tempat lain sejak Anda membukanya"
SAVED = re.compile("Tersimpan (5 Oktober|10.35)")
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('ajang:')).length"

WRITE = """() => {
    const forms = [...document.forms].filter(form => form.querySelector("textarea"));
    for (const field of forms.map(form => form.querySelector("textarea"))) {
        field.value = `Ditulis: ${field.name}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return forms.length;
}"""
UNKEPT = """() => [...document.forms].map(form => form.querySelector("textarea"))
    .filter(field => field && field.value !== `Ditulis: ${field.name}`).map(field => field.name)"""


@pytest.fixture
def server(serve):
    return serve("scoring")


@pytest.fixture
def sheet(server) -> str:
    return f"{E}/proposals/{server.ask(unscored(SheetKind.PRESENTATION))[0]}/sheets/presentation"


@pytest.fixture
def phone(server, visit):
    return visit(server, judge, width=PHONE)


@pytest.fixture
def desk(server, visit):
    """The same judge's other device."""
    return visit(server, judge)


@pytest.fixture
def stale(phone, desk, sheet):
    """The phone, which holds a comment and a score from before the desk saved a comment."""
    page = phone.open(sheet)
    with phone.offline():
        page.fill(COMMENT, "Dari telepon")
        page.fill(FIRST, "91,5")
        page.get_by_text(OFFLINE).wait_for()
        page.close()
    desk.open(sheet)
    with desk.saves("Dari meja"):
        desk.page.fill(COMMENT, "Dari meja")
    return phone


def test_what_was_typed_before_a_presentation_began_is_taken_once_it_has(server, phone):
    later = server.ask(unscored(SheetKind.PRESENTATION))[-1]
    sheet = f"{E}/proposals/{later}/sheets/presentation"
    page = phone.open(sheet)
    page.fill(FIRST, "91,5")
    page.get_by_text("Pemaparan dimulai pada").first.wait_for()
    server.move_to(MOMENTS["plenary"])
    page = phone.reopen(sheet)
    expect(page.locator(FIRST)).to_have_value("91,5")
    page.get_by_text(re.compile(r"Tersimpan 19\.00")).wait_for()
    expect(phone.open(sheet).locator(FIRST)).to_have_value("91,5")
    assert page.evaluate(KEPT) == 0


def test_what_was_typed_offline_is_saved_once_the_connection_is_back(phone, sheet):
    page = phone.open(sheet)
    with phone.offline():
        page.fill(FIRST, "91,5")
        page.get_by_text(OFFLINE).wait_for()
    page.get_by_text(SAVED).wait_for()
    expect(page.locator("[data-says]")).to_be_empty()
    assert page.evaluate(KEPT) == 0


def test_a_save_that_failed_is_tried_again_by_itself(phone, sheet):
    page = phone.open(sheet)
    page.route("**/sheets/presentation", lambda route: route.abort())
    page.fill(FIRST, "91,5")
    page.get_by_text(OFFLINE).wait_for()
    page.unroute("**/sheets/presentation")
    page.get_by_text(SAVED).wait_for()
    expect(page.locator("[data-says]")).to_be_empty()
    phone.forgive_losses()


def test_a_save_that_hangs_is_spoken_of_and_the_notice_goes_once_it_is_through(phone, sheet):
    page = phone.open(sheet)
    hanging = []
    page.route("**/sheets/presentation", lambda route: hanging.append(route))  # noqa: PLW0108 -- Playwright marks it
    page.fill(FIRST, "91,5")
    page.get_by_text("Belum tersimpan, masih dicoba").wait_for()
    hanging[0].continue_()
    page.unroute("**/sheets/presentation")
    page.get_by_text(SAVED).wait_for()
    expect(page.locator("[data-says]")).to_be_empty()


def test_after_a_lost_answer_and_a_closed_tab_everything_typed_is_there(phone, desk, sheet):
    page = phone.open(sheet)
    with phone.losing_answers():
        page.fill(COMMENT, "pertama")
        page.get_by_text(OFFLINE).wait_for()
    with phone.offline():
        page.fill(COMMENT, "pertama KEDUA")
        page.close()
    page = phone.reopen(sheet)
    page.wait_for_function(f"() => {KEPT} === 0")
    assert page.input_value(COMMENT) == "pertama KEDUA"
    expect(page.get_by_text(ELSEWHERE)).to_have_count(0)
    assert desk.open(sheet).input_value(COMMENT) == "pertama KEDUA"


def test_ones_own_save_whose_answer_was_lost_is_no_change_elsewhere(phone, sheet):
    page = phone.open(sheet)
    with phone.losing_answers():
        page.fill(COMMENT, "pertama")
        page.get_by_text(OFFLINE).wait_for()
        page.fill(COMMENT, "pertama KEDUA")
    page.wait_for_function(f"() => {KEPT} === 0")
    assert page.input_value(COMMENT) == "pertama KEDUA"
    expect(page.get_by_text(OVERTAKEN)).to_have_count(0)
    expect(page.locator("[data-says]")).to_be_empty()


def test_a_button_pressed_after_a_lost_answer_saves_what_stands_there(desk, sheet):
    page = desk.open(sheet)
    with desk.losing_answers():
        page.fill(COMMENT, "pertama")
        page.get_by_text(OFFLINE).wait_for()
    page.fill(COMMENT, "pertama KEDUA")
    desk.press("Simpan")
    page.get_by_text("Tersimpan.", exact=True).wait_for()
    assert page.input_value(COMMENT) == "pertama KEDUA"
    assert page.evaluate(KEPT) == 0


def test_what_was_typed_before_another_device_saved_is_shown_beside_it(stale, desk, sheet):
    page = stale.reopen(sheet)
    notice = page.locator(".kept")
    expect(notice.get_by_role("status")).to_contain_text(ELSEWHERE)
    expect(notice.locator("li")).to_have_count(2)
    expect(notice.locator("li", has_text="Dari telepon")).to_contain_text("Dari meja")
    assert page.input_value(COMMENT) == "Dari meja"
    assert not page.evaluate(IS_TOO_WIDE)
    page.set_viewport_size({"width": WIDE, "height": 800})
    assert violations(page) == []
    with stale.saves("Dari telepon"):
        notice.locator("li", has_text="Dari telepon").get_by_role("button").press("Enter")
    assert page.input_value(COMMENT) == "Dari telepon"
    page = stale.reopen(sheet)  # the score still waits for a choice
    with stale.saves("91,5"):
        page.get_by_role("button", name="Gunakan semua isian saya").press("Enter")
    expect(page.locator(".kept")).to_have_count(0)
    assert desk.open(sheet).input_value(FIRST) == "91,5"
    assert page.evaluate(KEPT) == 0


def test_what_was_typed_before_another_device_saved_can_be_discarded(stale, sheet):
    page = stale.reopen(sheet)
    page.get_by_role("button", name="Buang isian saya").press("Enter")
    expect(page.locator(".kept")).to_have_count(0)
    assert page.evaluate(KEPT) == 0
    page = stale.reopen(sheet)
    assert page.input_value(COMMENT) == "Dari meja"


def test_both_texts_are_still_there_after_the_tab_that_showed_them_was_closed(phone, desk, sheet):
    page = phone.open(sheet)
    desk.open(sheet)
    with desk.saves("Dari meja"):
        desk.page.fill(COMMENT, "Dari meja")
    page.fill(COMMENT, "Dari telepon")
    page.get_by_text(OVERTAKEN).wait_for()
    page = phone.reopen(sheet)
    expect(page.locator(".kept li")).to_contain_text("Dari telepon")
    assert page.input_value(COMMENT) == "Dari meja"


def test_a_tab_gives_back_what_it_never_wrote_in(phone, desk, sheet):
    page = phone.open(sheet)
    desk.open(sheet)
    with desk.saves("80"):
        desk.page.fill(FIRST, "80")
    page.fill(COMMENT, "Dari telepon")
    page.get_by_text(OVERTAKEN).wait_for()
    assert page.input_value(FIRST) == "80"
    phone.press("Simpan")
    page.get_by_text("Tersimpan.", exact=True).wait_for()
    page = desk.open(sheet)
    assert (page.input_value(FIRST), page.input_value(COMMENT)) == ("80", "Dari telepon")


def test_what_a_lock_refused_is_there_again_after_another_page(desk, sheet):
    page = desk.open(sheet)
    for score in page.locator(".score input").all():
        score.fill("80")
    page.fill(COMMENT, "kata " * 401)
    page.get_by_role("button", name="Kirim dan kunci").press("Enter")
    page.get_by_role("button", name="Ya, kirim dan kunci").press("Enter")
    page.get_by_text("Mohon diperiksa").wait_for()
    desk.open(f"{E}/sheets/presentation")
    page = desk.open(sheet)
    page.locator("[data-unsaved]").wait_for()
    assert len(page.input_value(COMMENT)) == 2005
    expect(page.locator(".kept")).to_have_count(0)


def test_a_draft_shows_both_answers_of_every_kind(serve, visit):
    server = serve("draft")
    number = server.ask(drafts)[0]
    path = f"{E}/proposals/{number}/draft"
    phone, desk = (visit(server, author_of(number), width=PHONE) for _ in range(2))
    page, goal = phone.open(path), "5. Kesetaraan gender"
    with phone.offline():
        tick(page, goal)
        page.get_by_label("Kelompok", exact=True).select_option("Replikasi")
        page.locator("textarea").first.fill("Teks dari telepon")
        page.close()
    desk.open(path)
    with desk.saves("Judul dari meja"):
        desk.page.fill("#title", "Judul dari meja")
    page = phone.reopen(path)
    choices = page.locator(".kept li")
    expect(choices).to_have_count(3)
    for text in (goal, "Replikasi", "Teks dari telepon"):
        expect(choices.filter(has_text=text)).to_have_count(1)
    with phone.saves("Teks dari telepon"):
        page.get_by_role("button", name="Gunakan semua isian saya").click()
    assert page.get_by_label(goal).is_checked()
    assert page.input_value("#title") == "Judul dari meja"


def test_a_checklist_is_kept_through_an_ended_session_until_it_is_saved(serve, visit):
    server = serve("screening")
    path = f"{E}/proposals/{server.ask(submitted)[0]}/eligibility"
    examiner = visit(server, screener)
    page = examiner.open(path)
    note = page.locator(".check-line textarea").first
    page.locator(".check-line [value=fails]").first.check()
    note.fill("Bukti hanya 8 bulan")
    examiner.context.clear_cookies()
    with page.expect_navigation(url=re.compile("/sign-in")):
        page.get_by_role("button", name="Simpan hasil pemeriksaan").click()
    page.fill("#email", server.ask(screener))
    page.fill("#password", PASSWORD)
    with page.expect_navigation(url=f"**{path}"):
        page.keyboard.press("Enter")
    expect(note).to_have_value("Bukti hanya 8 bulan")
    expect(page.locator(".kept")).to_contain_text("Isian Anda yang sebelumnya")
    page.locator(".check-line input[type=radio]").first.check()
    examiner.press("Simpan hasil pemeriksaan")
    assert page.evaluate(KEPT) == 0
    examiner.open(path)
    expect(note).to_have_value("Bukti hanya 8 bulan")


def test_a_checklist_marked_as_a_whole_is_kept(serve, visit):
    server = serve("screening")
    path = f"{E}/proposals/{server.ask(submitted)[0]}/eligibility"
    examiner = visit(server, screener)
    page = examiner.open(path)
    met, lines = page.locator(".check-line [value=meets]:checked"), page.locator(".check-line")
    page.locator(".check-line [value=fails]").first.check()
    page.get_by_role("button", name="Semua memenuhi").press("Enter")
    examiner.open(f"{E}/screening")
    examiner.open(path)
    expect(met).to_have_count(lines.count())


def test_a_remark_comes_back_until_it_is_written_and_never_after(serve, visit):
    server = serve("screening")
    path = f"{E}/proposals/{server.ask(submitted)[0]}/discussion"
    organiser = visit(server, "sekretariat")
    organiser.open(path).fill("#text", "Perlu dibahas bersama")
    page = organiser.reopen(path)
    assert page.input_value("#text") == "Perlu dibahas bersama"
    organiser.press("Kirim tanggapan")
    page.get_by_text("Perlu dibahas bersama").wait_for()
    assert page.input_value("#text") == ""
    assert organiser.reopen(path).input_value("#text") == ""


def test_who_signs_out_is_asked_first_and_leaves_nothing_behind(phone, sheet):
    page = phone.open(sheet)
    title = page.locator("h1").inner_text()
    with phone.offline():
        page.fill(COMMENT, "RAHASIA")
        page.get_by_text(OFFLINE).wait_for()
        page.close()
    page = phone.reopen("/my-work")
    phone.press("Keluar")
    assert len(phone.questions) == 1
    assert title in phone.questions[0]
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"


def test_who_signs_in_after_another_finds_nothing_of_theirs(serve, visit):
    server = serve("screening")
    device = visit(server, screener)
    path = f"{E}/proposals/{server.ask(submitted)[0]}/eligibility"
    device.open(path).locator(".check-line [value=fails]").first.check()
    device.page.locator(".check-line textarea").first.fill("RAHASIA")
    device.context.clear_cookies()
    page = device.open("/")
    assert "RAHASIA" in page.evaluate("JSON.stringify(localStorage)")
    device.sign_in(server.identity(other_screener).cookie)
    assert "RAHASIA" not in page.evaluate("JSON.stringify(localStorage)")
    assert "RAHASIA" not in device.open(path).content()


@pytest.mark.parametrize(
    ("moment", "pages"),
    [
        ("screening", ["proposals/1/decision", "proposals/1/discussion", "settings"]),
        ("screening", ["proposals/1", "settings/sections", "conflicts"]),
        ("plenary", ["proposals/1", "plenary"]),
    ],
)
def test_every_form_in_which_people_write_is_kept(serve, visit, moment, pages):
    server = serve(moment)
    organiser = visit(server, "sekretariat")
    for page in pages:
        assert organiser.open(f"{E}/{page}").evaluate(WRITE) > 0
        assert organiser.reopen(f"{E}/{page}").evaluate(UNKEPT) == []
