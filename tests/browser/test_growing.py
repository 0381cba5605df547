"""Tables of fields that grow by a row, and pages as they are printed."""

import pytest
from playwright.sync_api import expect

from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ROWS = "table tbody tr"


def test_a_table_of_fields_grows_by_as_many_rows_as_are_needed(serve, visit):
    organiser = visit(serve("draft"), "sekretariat")
    page = organiser.open(f"{E}/settings/categories")
    before = page.locator(ROWS).count()
    names = [f"Kategori tambahan {number}" for number in range(3)]
    for place, name in enumerate(names):
        page.get_by_role("button", name="Tambah baris").click()
        row = page.locator(ROWS).nth(before + place)
        expect(row.locator("[name]:not([type=hidden])").first).to_be_focused()
        row.locator("input[name$='-name']").fill(name)
    assert (
        page.locator("[id]").evaluate_all(
            "(all) => all.length - new Set(all.map(({ id }) => id)).size"
        )
        == 0
    )
    organiser.press("Simpan")
    kept = page.locator("input[name$='-name']").evaluate_all(
        "(all) => all.map(({ value }) => value)"
    )
    assert kept[-5:-2] == names


def test_a_printed_page_names_its_edition_and_leaves_controls_out(serve, visit):
    page = visit(serve("plenary"), "sekretariat").open(f"{E}/ranking?all=1")
    expect(page.locator(".print-head")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".print-head")).to_contain_text("Luwu Utara 2019")
    expect(page.locator(".print-head")).to_contain_text("dicetak 6 Oktober 2019")
    for control in (".site-header", ".edition-nav", ".demo-banner"):
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator("tbody tr:not(.line)")).to_have_count(27)
    wide = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    assert wide


def test_what_came_since_the_last_look_is_marked_as_new(serve, visit):
    reader = visit(serve("picking"), "inovator-01")
    page = reader.open("/my-work")
    expect(page.locator(".told .ds-tag")).to_have_count(0)
    page.evaluate(
        "() => Object.keys(localStorage).filter((key) => key.startsWith('since:'))"
        ".forEach((key) => localStorage.setItem(key, 1))"
    )
    page = reader.open("/my-work")
    expect(page.locator(".told li").first.locator(".ds-tag")).to_have_text("baru")
    page = reader.open("/my-work")
    expect(page.locator(".told .ds-tag")).to_have_count(0)
