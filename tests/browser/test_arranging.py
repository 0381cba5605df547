"""Arranging and picking with the keyboard alone, by dragging, on a phone; what is read out."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.settling import settle
from tests.browser.situations import (
    ASKING,
    claims,
    computing,
    mark_away,
    three_rooms,
    two_rooms,
)
from tests.cast import author_of, unplaced_author
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

FOCUSED = "document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"
MOVE, LAST = "Pindahkan – Kesraku", "Tempatkan di sini – 16.30, Ruang pemaparan, 5 Okt"
LAST_ON_SUNDAY = LAST.replace("5 Okt", "6 Okt")
SATURDAY, SUNDAY = "Sabtu, 5 Oktober 2019", "Minggu, 6 Oktober 2019"
UNNAMED = r"^ *- (?:link|button|textbox|combobox|checkbox|radio|group)(?=:?$)"


@pytest.fixture
def organiser(serve, visit):
    return visit(serve("picking"), "sekretariat")


def focused(page) -> str:
    return page.evaluate(FOCUSED)


def go(page, key: str, name: str, *, most: int = 80) -> None:
    """Press a key until the focus is on the control of this name."""
    for _ in range(most):
        page.keyboard.press(key)
        if focused(page) == name:
            return
    raise AssertionError((name, focused(page)))


def focus_rests(page, name: str) -> None:
    """Wait until the answer has come and the focus is on the control of this name."""
    settle(page)
    page.wait_for_function(f"name => {FOCUSED} === name", arg=name)


def time_of(page, title: str) -> str:
    """The time of the grid's row in which a presentation stands, "" where it stands nowhere."""
    row = page.locator("table.grid tr", has=page.locator(".talk", has_text=title))
    return row.locator("th").inner_text().strip() if row.count() else ""


def take_in_hand(page, *, next_slot: str = "Tukar slot – 09.00, Ruang pemaparan, 5 Okt") -> None:
    go(page, "Tab", MOVE)
    page.keyboard.press("Enter")
    focus_rests(page, next_slot)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_presentation_is_moved_and_put_back_with_the_keyboard_alone(serve, visit, width):
    page = visit(serve("picking"), "sekretariat", width=width).open(f"{E}/arrangement")
    go(page, "Tab", MOVE)
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Pindahkan – Kampung Donor Darah Penyelamat Jiwa"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    focus_rests(page, "Tukar slot – 09.00, Ruang pemaparan, 5 Okt")
    go(page, "ArrowDown", LAST, most=13)
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    assert time_of(page, "Kesraku") == "16.30"
    expect(page.locator("#said")).to_have_text("“Kesraku” telah dipindahkan.")
    go(page, "Shift+Tab", "Urungkan")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("Diurungkan: pemindahan 1 pemaparan.")
    focus_rests(page, MOVE)
    assert time_of(page, "Kesraku") == "08.30"


def test_two_change_places_and_one_is_taken_out_with_the_keyboard_alone(organiser):
    page = organiser.open(f"{E}/arrangement")
    take_in_hand(page)
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    assert (time_of(page, "Kesraku"), time_of(page, "Kampung Donor")) == ("09.00", "08.30")
    page.keyboard.press("Tab")
    assert focused(page) == "Lepas dari jadwal – Kesraku"
    page.keyboard.press("Enter")
    focus_rests(page, "Tempatkan – Kesraku")
    assert time_of(page, "Kesraku") == ""
    page.keyboard.press("Enter")
    focus_rests(page, "Tempatkan di sini, yang lain keluar – 08.30, Ruang pemaparan, 5 Okt")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Tempatkan di sini – 09.00, Ruang pemaparan, 5 Okt"
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    assert time_of(page, "Kesraku") == "09.00"


def test_escape_cancels_and_the_focus_stays_on_what_was_in_hand(organiser):
    page = organiser.open(f"{E}/arrangement")
    take_in_hand(page)
    assert page.locator(".in-hand").count() == 1
    page.keyboard.press("Escape")
    focus_rests(page, MOVE)
    assert page.locator(".in-hand").count() == 0
    page.reload()
    settle(page)
    assert time_of(page, "Kesraku") == "08.30"
    assert page.locator(".in-hand").count() == 0


def test_what_is_in_hand_goes_to_the_day_beside(organiser):
    page = organiser.open(f"{E}/arrangement")
    assert page.locator("table.grid caption").all_inner_texts() == [SATURDAY, SUNDAY]
    take_in_hand(page)
    go(page, "Tab", LAST_ON_SUNDAY)
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    assert time_of(page, "Kesraku") == "16.30"
    page.reload()
    settle(page)
    assert "Kesraku" in page.get_by_role("table", name=SUNDAY).inner_text()
    assert "Kesraku" not in page.get_by_role("table", name=SATURDAY).inner_text()
    assert page.locator(".in-hand").count() == 0


@pytest.fixture
def with_many_rooms(serve, visit):
    """The organiser of so many rooms that a page shows one day."""
    organiser = visit(serve("picking", three_rooms), "sekretariat")
    organiser.open(f"{E}/slots")
    organiser.press("Buat slot")
    return organiser


def test_what_is_in_hand_goes_to_another_day(with_many_rooms):
    page = with_many_rooms.open(f"{E}/arrangement")
    take_in_hand(page, next_slot="Tempatkan di sini – 08.30, Aula, 5 Okt")
    go(page, "Shift+Tab", "6 Okt")
    page.keyboard.press("Enter")
    focus_rests(page, "Tukar slot – 08.30, Ruang pemaparan, 6 Okt")
    assert page.locator("table.grid caption").inner_text() == SUNDAY
    go(page, "ArrowDown", LAST_ON_SUNDAY)
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    assert time_of(page, "Kesraku") == "16.30"
    page.reload()
    settle(page)
    assert page.locator("table.grid caption").inner_text() == SUNDAY
    assert page.locator(".in-hand").count() == 0


def test_the_day_before_is_there_again_with_back(with_many_rooms):
    page = with_many_rooms.open(f"{E}/arrangement")
    page.get_by_role("link", name="6 Okt").click()
    page.get_by_role("table", name=SUNDAY).wait_for()
    settle(page)
    page.go_back()
    page.get_by_role("table", name=SATURDAY).wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("Susun jadwal")
    expect(page.get_by_role("banner")).to_have_count(1)


def test_the_grid_warns_of_a_move_before_and_after_it(organiser):
    mark_away(organiser, "Kesraku")
    page = organiser.open(f"{E}/arrangement")
    assert page.locator(".warning-line").count() == 0
    take_in_hand(page)
    last = page.locator("td", has=page.get_by_role("button", name=LAST))
    assert last.locator(".bad").inner_text() == "pemapar berhalangan"
    go(page, "ArrowDown", LAST)
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    warning = page.locator("td .warning-line")
    assert warning.inner_text() == "Pemapar berhalangan: Inovator Kesraku"
    page = organiser.open(f"{E}/schedule/warnings")
    row = page.get_by_role("row").filter(has_text="Pemapar berhalangan")
    assert "Kesraku" in row.get_by_role("cell").last.inner_text()


def test_arrows_lead_from_room_to_room(serve, visit):
    organiser = visit(serve("picking", two_rooms), "sekretariat")
    organiser.open(f"{E}/slots")
    organiser.press("Buat slot")
    page = organiser.open(f"{E}/arrangement")
    go(page, "Tab", MOVE)
    page.keyboard.press("Enter")
    focus_rests(page, "Tempatkan di sini – 08.30, Aula, 5 Okt")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "Tukar slot – 09.00, Ruang pemaparan, 5 Okt"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Tempatkan di sini – 09.00, Aula, 5 Okt"
    page.keyboard.press("Enter")
    focus_rests(page, MOVE)
    row = page.get_by_role("table", name=SATURDAY).locator("tr", has_text="09.00")
    assert "Kesraku" in row.locator("td").last.inner_text()


def test_a_presentation_is_dragged_to_a_slot_out_of_all_and_back(serve, visit):
    whole_day = {"width": WIDE, "height": 2600}  # so that nothing scrolls while it is dragged
    organiser = visit(serve("picking"), "sekretariat", viewport=whole_day)
    page = organiser.open(f"{E}/arrangement")
    talk = page.locator(".talk", has_text="Kesraku")
    talk.drag_to(page.locator("td.free").last)
    focus_rests(page, MOVE)
    assert time_of(page, "Kesraku") == "16.30"
    talk.drag_to(page.locator("[data-drop='0']"))
    focus_rests(page, "Tempatkan – Kesraku")
    assert time_of(page, "Kesraku") == ""
    talk.drag_to(page.locator("td", has_text="Melawan Lupa"))
    focus_rests(page, MOVE)
    assert (time_of(page, "Kesraku"), time_of(page, "Melawan Lupa")) == ("09.30", "")


def test_on_a_phone_the_day_is_a_list(serve, visit):
    page = visit(serve("picking"), "sekretariat", width=PHONE).open(f"{E}/arrangement?moving=1")
    layouts = "each => each.map(e => getComputedStyle(e).display)"
    parts = page.locator("table.grid, table.grid :is(tbody, tr, th[scope=row], td)")
    assert set(parts.evaluate_all(layouts)) == {"block"}
    region = page.get_by_role("region", name=SATURDAY)
    assert region.evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_slot_is_picked_let_go_confirmed_and_given_up_with_the_keyboard_alone(
    serve, visit, width
):
    page = visit(serve("picking"), unplaced_author, width=width).open(f"{E}/slots")
    pick, which = "Pilih – 5 Okt, 14.45–15.15", "– 5 Okt, 14.45–15.15"
    go(page, "Tab", pick)
    page.keyboard.press("Enter")
    focus_rests(page, f"Tetapkan slot ini {which}")
    page.keyboard.press("Tab")
    assert focused(page) == f"Batal {which}"
    page.keyboard.press("Enter")
    expect(page.locator(".slot.free:focus time")).to_have_text("14.45–15.15")
    assert page.locator(".slot.own").count() == 0
    go(page, "Tab", pick, most=1)
    page.keyboard.press("Enter")
    focus_rests(page, f"Tetapkan slot ini {which}")
    page.keyboard.press("Enter")
    expect(page.locator(".slot.own:focus time")).to_have_text("14.45–15.15")
    title = page.locator(".slot.own strong").inner_text()
    go(page, "Tab", f"Lepaskan slot – {title}", most=1)
    page.keyboard.press("Enter")
    go(page, "Tab", "Ya, lepaskan", most=1)
    page.keyboard.press("Enter")
    expect(page.locator(".slot.free:focus time")).to_have_text("14.45–15.15")
    assert page.locator(".slot.own").count() == 0
    go(page, "Tab", pick, most=1)


def test_enter_held_down_takes_one_step(serve, visit):
    page = visit(serve("picking"), unplaced_author).open(f"{E}/slots")
    sent = []
    page.on("request", lambda each: each.method == "POST" and sent.append(each.url.split("/")[-1]))
    go(page, "Tab", "Pilih – 5 Okt, 14.45–15.15")
    page.keyboard.down("Enter")
    focus_rests(page, "Tetapkan slot ini – 5 Okt, 14.45–15.15")
    page.keyboard.down("Enter")  # again without a release: what a keyboard repeats
    settle(page)
    assert sent == ["hold"]
    page.keyboard.up("Enter")
    page.keyboard.press("Enter")
    page.locator(".slot.own").wait_for()
    settle(page)
    assert sent == ["hold", "booking"]


def test_the_button_that_stops_a_computation_keeps_the_focus(serve, visit):
    server = serve("picking")
    computing(server, visit)
    page = visit(server, "sekretariat").open(f"{E}/schedule/plan")
    go(page, "Tab", "Hentikan")
    for _ in range(2):
        with page.expect_response(lambda answer: answer.url.endswith("/plan")):
            pass
        focus_rests(page, "Hentikan")
    page.keyboard.press("Enter")
    page.get_by_role("radio").first.wait_for()


def buttons_of(page) -> list[str]:
    """The names of the page's buttons; no control of the page is without one."""
    tree = page.locator("main").aria_snapshot()
    assert re.findall(UNNAMED, tree, re.MULTILINE) == []
    return re.findall(r"^ *- '?button \"([^\"]+)\"", tree, re.MULTILINE)


def test_the_grid_is_read_out_as_a_table_whose_controls_name_what_they_move(organiser):
    page = organiser.open(f"{E}/arrangement")
    expect(page.get_by_role("region", name=SATURDAY)).to_match_aria_snapshot("""
      - table "Sabtu, 5 Oktober 2019":
        - caption: Sabtu, 5 Oktober 2019
        - rowgroup:
          - row "Waktu Ruang pemaparan":
            - columnheader "Waktu"
            - columnheader "Ruang pemaparan"
        - rowgroup:
          - row /08.30 Kesraku/:
            - rowheader "08.30"
            - cell /Kesraku P-001/:
              - strong: Kesraku
              - text: P-001 · Dinas Pendidikan · 6 juri
              - link "Pindahkan – Kesraku"
              - button "Lepas dari jadwal – Kesraku"
          - row /09.00/
    """)
    names = buttons_of(page)
    assert len(set(names)) == len(names) == 20
    page = organiser.open(f"{E}/arrangement?moving=1")
    names = buttons_of(page)
    assert len(set(names)) == len(names) == 28
    assert LAST in names
    status = page.get_by_role("status")
    expect(status).to_match_aria_snapshot("""
      - status:
        - paragraph:
          - text: "Anda memindahkan P-001 “Kesraku”: pilih slotnya."
          - link "Batal"
    """)


def test_the_slots_are_read_out_as_lists_whose_controls_name_the_slot(serve, visit):
    server = serve("picking")
    claims(server, visit)
    page = visit(server, author_of(ASKING)).open(f"{E}/slots")
    expect(page.locator(".slots").first).to_match_aria_snapshot("""
      - list:
        - listitem:
          - time: 08.30–09.00
          - strong: Kesraku
          - text: Dinas Pendidikan
          - group: Lepaskan slot – Kesraku
        - listitem:
          - time: 09.00–09.30
          - strong: Kampung Donor Darah Penyelamat Jiwa
          - group: Minta slot ini (tukar atau antre) – 5 Okt, 09.00–09.30
    """)
    assert page.locator(".slot", has_text="Tetapkan slot ini").aria_snapshot().count("button") == 2
    names = buttons_of(page)
    assert len(set(names)) == len(names)
    assert "Tetapkan slot ini – 5 Okt, 14.45–15.15" in names
    names = buttons_of(visit(server, "sekretariat").open(f"{E}/slots"))
    assert len(set(names)) == len(names)
