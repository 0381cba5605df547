"""A schedule is computed, looked at, applied and repaired: 27 finalists, two rooms, an ill judge.

Both rooms have a panel; they share an alternate, who is called where quorum is lost.
"""

import re
from types import SimpleNamespace

import pytest

from tests.browser.settling import settle
from tests.conftest import E

pytestmark = pytest.mark.browser

ROOM = "Aula"
WORDS = {
    "id": SimpleNamespace(
        save="Simpan",
        make_slots="Buat slot",
        new_panel="Buat panel",
        panel="Buat panel",
        compute="Susun otomatis",
        apply="Jadikan draf",
        mark="Tambah",
        proven="Terbukti: tidak ada jadwal yang lebih baik.",
        quorum="Pemaparan tanpa kuorum",
        uneven="Pemaparan yang melebihi porsi ruang",
        moved="Pemaparan dipindahkan",
        earlier="Lebih dahulu",
    ),
    "en": SimpleNamespace(
        save="Save",
        make_slots="Create the slots",
        new_panel="Create a panel",
        panel="Create the panel",
        compute="Build automatically",
        apply="Use as the draft",
        mark="Add time",
        proven="Proven: no schedule is better.",
        quorum="Presentations without a quorum",
        uneven="Presentations above a room's share",
        moved="Presentations moved",
        earlier="Earlier",
    ),
}


@pytest.mark.one_database
@pytest.mark.parametrize("language", WORDS)
def test_a_schedule_is_computed_applied_and_repaired(serve, visit, language):
    server, words = serve("picking"), WORDS[language]
    organiser = visit(server, "sekretariat")
    organiser.context.add_cookies([{"name": "language", "value": language, "url": server.base}])
    add_room(organiser, words)
    make_panels(organiser, words)

    put_sharing_first(organiser, words)
    found = compute(server, organiser, words, "schedule")
    assert words.proven in found.text
    assert (found.goals[words.quorum], found.goals[words.uneven]) == (0, 0)
    organiser.press(words.apply)

    mark_ill(organiser, words)
    repair = compute(server, organiser, words, "schedule_repair")
    assert words.proven in repair.text
    assert repair.goals[words.quorum] == 0
    if repair.goals[words.moved]:
        organiser.press(words.apply)
    warnings = organiser.open(f"{E}/schedule/warnings?kind=no_quorum").inner_text("main")
    assert "P-0" not in warnings
    assert organiser.complaints == []


def add_room(organiser, words) -> None:
    """Give the edition a second room; then make the slots anew."""
    page = organiser.open(f"{E}/settings/rooms")
    page.fill("[name=rows-1-name]", ROOM)
    organiser.press(words.save)
    organiser.open(f"{E}/slots")
    organiser.press(words.make_slots)


def make_panels(organiser, words) -> None:
    """Three judges in one room, two in the other, and the sixth as alternate of both."""
    for room, members in ((1, (0, 1, 2)), (2, (3, 4))):
        page = organiser.open(f"{E}/panels")
        page.get_by_text(words.new_panel, exact=True).first.click()
        page.fill("#name", f"Panel {room}")
        page.locator("#room_id").select_option(index=room)
        page.fill("#seats", str(len(members)))
        page.fill("#quorum", "2")
        for member in members:
            page.locator("#members input").nth(member).check()
        page.locator("#alternates input").nth(5).check()
        organiser.press(words.panel)


def put_sharing_first(organiser, words) -> None:
    """Put the even share of the rooms first with the keyboard, step by step."""
    page = organiser.open(f"{E}/schedule/plan")
    page.locator("#goals summary").click()
    item = page.locator("#goals tr", has_text=words.uneven)
    while item.get_by_role("button", name=words.earlier).count():
        item.get_by_role("button", name=words.earlier).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        settle(page)
        assert words.uneven in page.evaluate("document.activeElement.textContent")


def compute(server, organiser, words, scope: str) -> SimpleNamespace:
    """Have it computed; return what the page says, and each goal's value."""
    page = organiser.open(f"{E}/schedule/plan")
    page.locator(f"[name=scope][value={scope}]").check()
    organiser.press(words.compute)
    server.work()
    page = organiser.open(f"{E}/schedule/plan")
    rows = [row.split("\t") for row in page.locator("#quality tbody").inner_text().splitlines()]
    goals = {
        re.sub(r" \(.*\)$", "", row[0].strip()): int(row[1])
        for row in rows
        if len(row) > 1 and row[1].isdecimal()  # not how well presentations can be compared
    }
    return SimpleNamespace(text=page.inner_text("main"), goals=goals)


def mark_ill(organiser, words) -> None:
    """The first judge of the second panel is ill on the first day."""
    page = organiser.open(f"{E}/panels")
    name = page.locator("table", has_text="Panel 2").locator("tr", has_text="Panel 2").inner_text()
    page = organiser.open(f"{E}/absences")
    people = page.locator("#person option").all_inner_texts()
    ill = next(person for person in people if person and person in name)
    page.locator("#person").select_option(label=ill)
    page.fill("#date", "2019-10-05")
    page.fill("#starts_at", "08:00")
    page.fill("#ends_at", "18:00")
    organiser.press(words.mark)
