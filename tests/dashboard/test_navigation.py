"""The menu of an edition: offered is what may be opened, and every page has its place."""

import re

import pytest

from app.dashboard.places import GROUPS, PUBLIC, place_of
from tests.cast import ROLES, judge, screener
from tests.conftest import E

FILES = {
    "answers.mail",
    "calendars.presentation",
    "calendars.schedule",
    "day.run_sheet",
    "exports.export",
}
"""What is downloaded, and so has no menu around it."""


@pytest.fixture
def app(make_app):
    return make_app("scoring")


def menu_of(page) -> str:
    """The menu's markup on a page."""
    return re.search(r'<nav class="edition-nav".*?</nav>', page.text, re.DOTALL)[0]


def row_of(page, name: str) -> str:
    """One row of the menu: its groups, or the places of the present one."""
    found = re.search(rf'<ul class="{name}">(.*?)</ul>', menu_of(page), re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("role", ROLES)
def test_everything_that_is_offered_can_be_opened(app, browse, role):
    browser = browse(app, ROLES[role])
    offered = set(re.findall(r'href="([^"]+)"', menu_of(browser.get(f"{E}/innovations"))))
    assert f"{E}/results" in offered
    assert (f"{E}/people" in offered) == (role == "organiser")
    assert {address: browser.get(address).status_code for address in offered} == dict.fromkeys(
        offered, 200
    )


def test_every_page_of_an_edition_has_a_place(app):
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and str(rule).startswith("/editions/<edition>")
    }
    assert {*FILES} <= pages
    values = {"kind": "desk", "sheet": "desk"}
    placed = {place for group in (*GROUPS, PUBLIC) for place in group.places}
    homeless = {page for page in pages - FILES if place_of(page, values) not in placed}
    assert homeless == set()


@pytest.mark.parametrize(
    ("path", "mark", "group"),
    [
        ("proposals/1", '"true">Daftar', "Proposal"),
        ("proposals", '"page">Daftar', "Proposal"),
        ("proposals/1/decision", '"true">Proposal yang diseleksi', "Seleksi"),
        ("settings/criteria", '"true">Pengaturan', "Kelola"),
        ("schedule/plan", '"page">Susun otomatis', "Jadwal"),
        ("innovations/1", '"true">Inovasi', "Halaman publik"),
    ],
)
def test_the_present_place_is_marked_on_the_pages_under_it_too(app, organiser, path, mark, group):
    page = organiser.get(f"{E}/{path}")
    assert page.status_code == 200
    assert re.findall(r"aria-current=([^<]+)<", row_of(page, "places")) == [mark]
    assert re.findall(r"aria-current=([^<]+)<", row_of(page, "groups")) == [f'"true">{group}']


def test_the_place_stays_marked_when_a_form_is_refused(app, organiser):
    refused = organiser.post(f"{E}/settings", {"name": ""})
    assert refused.status_code == 422
    assert '"page">Pengaturan' in row_of(refused, "places") or '"true">Pengaturan' in row_of(
        refused, "places"
    )


def test_sheets_are_offered_under_the_stage_they_belong_to(app, browse):
    menu = menu_of(browse(app, judge).get(f"{E}/sheets/presentation"))
    assert 'aria-current="page">Lembar penilaian saya' in menu
    assert f'href="{E}/sheets/desk"' not in menu
    assert f'href="{E}/sheets/desk"' in menu_of(browse(app, screener).get(f"{E}/proposals"))
    sheet = browse(app, judge).get(f"{E}/proposals/1/sheets/presentation")
    assert 'aria-current="true">Lembar penilaian saya' in menu_of(sheet)


@pytest.mark.parametrize(
    "path", ["proposals", "screening", "tabulation", "people", "schedule/answers"]
)
def test_the_count_of_a_filtered_list_is_a_status_message(app, organiser, path):
    found = organiser.get(f"{E}/{path}?search=a", headers={"HX-Request": "true"})
    assert found.status_code == 200
    assert re.search(r'role="status">\s*\d+', found.text)
