"""The frame of every page: addresses, the menu and selects are right wherever they stand."""

import re

import pytest
from flask import render_template_string

from app.web import shell
from app.web.menus import Group, MenuPlace, menu
from app.workflow import N_
from tests.conftest import SLUG, E
from tests.databases import BASE

PROPOSALS, SCREENING = f"{E}/proposals", f"{E}/screening"


@pytest.fixture
def app(make_app):
    return make_app("draft")


def test_a_relative_address_is_of_the_blueprint_one_is_in(app):
    for page in (PROPOSALS, SCREENING, PROPOSALS):
        with app.test_request_context(page, base_url=BASE):
            source = "{{ url_for('.index', edition=slug) }}"
            assert render_template_string(source, slug=SLUG) == page


@pytest.mark.parametrize(
    "base", [BASE, "https://127.0.0.1", "http://localhost", "http://localhost/under"]
)
def test_an_external_address_begins_with_the_one_that_was_asked(app, base):
    with app.test_request_context(PROPOSALS, base_url=base):
        source = "{{ url_for('proposals.index', edition=slug, _external=True) }}"
        assert render_template_string(source, slug=SLUG) == f"{base}{PROPOSALS}"


@pytest.mark.parametrize(
    ("value", "query"), [(1, "1"), (True, "True"), ("a b&c", "a+b%26c"), ([1, 2], "1&page=2")]
)
def test_an_address_says_its_values_as_they_are_and_its_anchor(app, value, query):
    with app.test_request_context(PROPOSALS, base_url=BASE):
        source = "{{ url_for('proposals.index', edition=slug, page=value, _anchor='list')|safe }}"
        found = render_template_string(source, slug=SLUG, value=value)
        assert found == f"{PROPOSALS}?page={query}#list"


AGENCIES = MenuPlace("proposals.index", N_("Agency"))
CATEGORIES = MenuPlace("screening.index", N_("Categories"))
GROUPS = (
    Group("proposals", N_("Proposals"), (AGENCIES,)),
    Group("screening", N_("Screening"), (CATEGORIES,)),
)


@pytest.mark.parametrize("base", [BASE, f"{BASE}/under"])
@pytest.mark.parametrize(
    ("on", "mark"), [(SCREENING, "page"), (f"{SCREENING}/announcement", "true")]
)
def test_the_menu_leads_where_it_says_and_marks_the_page_one_is_on_or_under(app, base, on, mark):
    under = base.removeprefix(BASE)
    with app.test_request_context(on, base_url=base):
        found = menu(GROUPS, SLUG, present=CATEGORIES)
    assert found.groups == (
        f'<li><a href="{under}{PROPOSALS}">Proposal</a></li>'
        f'<li><a href="{under}{SCREENING}" aria-current="true">Seleksi</a></li>'
    )
    place = f'<li><a href="{under}{SCREENING}" aria-current="{mark}">Kategori</a></li>'
    assert found.places == place
    assert found.everything.endswith(f"<li><strong>Seleksi</strong><ul>{place}</ul></li>")
    assert found.trail == ("Seleksi", "Kategori")


def test_a_single_group_has_no_heading_and_shows_its_places_wherever_one_is(app):
    with app.test_request_context("/nowhere", base_url=BASE):
        found = menu(GROUPS[:1], SLUG, present=None)
    place = f'<li><a href="{PROPOSALS}">Perangkat daerah</a></li>'
    assert found == ("", place, place, (), "proposals")


def test_the_menu_and_selects_speak_the_language_of_the_page(app):
    for language, label in (("id", "Kategori"), ("en", "Categories"), ("id", "Kategori")):
        cookie = {"Cookie": f"language={language}"}
        with app.test_request_context(PROPOSALS, base_url=BASE, headers=cookie):
            assert f">{label}</a>" in menu(GROUPS, SLUG, present=CATEGORIES).places
            options = shell.options([("a", "Categories"), ("b", "Agency")], "a")
            assert f'<option value="a" selected>{label}</option>' in options


def test_what_people_wrote_is_marked_as_indonesian_on_english_pages_only(app):
    for language, mark in (("id", ""), ("en", ' lang="id"')):
        headers = {"Cookie": f"language={language}"}
        with app.test_request_context(PROPOSALS, base_url=BASE, headers=headers):
            assert shell.as_written() == mark


def test_what_every_page_loads_is_found_where_the_application_stands(app):
    for under in ("", "/under", ""):
        with app.test_request_context("/", base_url=f"{BASE}{under}"):
            found = re.findall(r'(?:href|src)="([^"]+)"', shell.assets())
        assert len(found) > 5
        assert [address for address in found if not address.startswith(f"{under}/static/")] == []
