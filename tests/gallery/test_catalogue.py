"""The catalogue over all public editions: what is found, and that nothing hidden is."""

import json
import re
from itertools import combinations
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.models import Edition
from app.editions.parts import Category
from app.gallery.catalogue.indexing import index_some
from app.gallery.catalogue.models import CatalogueEntry, CatalogueTheme
from app.gallery.catalogue.words import asked, folded, indexed, stem
from app.proposals.models import Proposal
from app.proposals.showcase.actions import Agreed, agree
from app.web.shared import forget
from app.workflow import Status
from tests.cast import author_of
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal
from tests.gallery.test_embargo import at

TITLE = "Pelayanan Keliling Kafé"


@pytest.fixture
def app(make_app):
    app = make_app("published")
    with app.app_context(), transaction(writing=True):
        the_proposal(1).title = TITLE
    index(app)
    return app


@pytest.fixture
def stranger(app, browse):
    return browse(app)


def index(app) -> int:
    with app.app_context():
        done = index_some()
        while index_some():
            pass
    return done


def found(browser, **asked: object) -> list[str]:
    """The titles that are found, as other programs read them."""
    content = browser.get(f"/innovations.json?{urlencode(asked)}").json
    return [each["title"] for each in content["innovations"]]


@pytest.mark.parametrize(
    "search", ["melayani", "layanan keliling", "PELAYANAN", "kafe", "kafé", "keli", "pelayanan kel"]
)
def test_words_are_found_by_their_stems_without_accents_and_while_they_are_typed(stranger, search):
    assert TITLE in found(stranger, search=search)


@pytest.mark.parametrize(
    "search",
    [
        "kafeteria",
        "elayanan",
        '"',
        "' OR 1=1",
        "kafe -keliling) OR (",
        "*",
        "title_words : x",
        "NEAR",
    ],
)
def test_what_nothing_has_is_not_found_and_signs_mean_nothing(stranger, search):
    titles = found(stranger, search=search)
    assert TITLE not in titles or not asked(search)
    assert stranger.get(f"/innovations?{urlencode({'search': search})}").status_code == 200


def test_titles_come_first(app, stranger):
    with app.app_context(), transaction(writing=True):
        the_proposal(27).texts[0].text = "Sebuah kafe keliling."
        the_proposal(27).version += 1
    index(app)
    titles = found(stranger, search="kafe")
    assert titles[0] == TITLE
    assert len(titles) == 2


def test_each_filter_narrows_and_all_together(app, stranger):
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(1)
        agency, category = proposal.agency.name, proposal.category.name
        alike = {
            each.title
            for each in db.session.scalars(sa.select(Proposal))
            if each.category_id == proposal.category_id
        }
    assert set(found(stranger, category=category)) == alike
    assert TITLE in found(stranger, agency=agency, year=2019, organisation=1)
    assert found(stranger, year=2018) == found(stranger, organisation=2) == []
    assert len(found(stranger, awarded=1)) == 10
    facts = stranger.get("/innovations.json?search=kafe").json["innovations"][0]
    assert TITLE in found(stranger, theme=facts["themes"][0], category=category, search="kafe")
    assert facts["awards"] == [{"category": "Top 7 Inovasi Pelayanan Publik", "rank": 1}]


def test_any_narrowings_together_find_what_each_of_them_finds(app, stranger):
    facts = stranger.get("/innovations.json?search=kafe").json["innovations"][0]
    narrowings = {
        "search": "ringkasan",
        "organisation": 1,
        "year": 2019,
        "category": facts["category"],
        "theme": facts["themes"][0],
        "awarded": 1,
    }
    alone = {name: set(found(stranger, **{name: value})) for name, value in narrowings.items()}
    for size in range(2, len(narrowings) + 1):
        for names in combinations(narrowings, size):
            together = found(stranger, **{name: narrowings[name] for name in names})
            assert set(together) == set.intersection(*(alone[name] for name in names)), names
            assert len(together) == len(set(together))


def test_goals_are_offered_in_the_order_of_their_numbers(stranger):
    themes = [
        option["value"]
        for option in stranger.get("/innovations").html.select("[name=theme] option")
        if option["value"][:1].isdigit()
    ]
    assert len(themes) > 9
    assert themes == sorted(themes, key=lambda text: int(re.match(r"\d+", text)[0]))


def offered(page, name: str) -> dict[str, tuple[str, str | None]]:
    """What a filter offers: the text and its language, by the value."""
    options = page.html.select(f"[name={name}] option[value]:not([value=''])")
    return {each["value"]: (each.text, each.get("lang")) for each in options}


def test_what_it_can_be_narrowed_to_is_named_in_english_where_it_has_a_name(app, browse, stranger):
    with app.app_context(), transaction(writing=True):
        without = db.session.scalars(sa.select(Category).order_by(Category.name)).first()
        without.name_en, name = "", without.name
        names = dict(db.session.execute(sa.select(Category.name, Category.name_en)).all())
    reader = browse(app)
    reader.client.set_cookie("language", "en")
    assert offered(reader.get("/innovations"), "category") == {
        value: (names[value] or value, None if names[value] else "id")
        for value in offered(stranger.get("/innovations"), "category")
    }
    themes = offered(reader.get("/innovations"), "theme")
    assert themes != offered(stranger.get("/innovations"), "theme")
    assert {value for value, (text, _) in themes.items() if text != value}
    assert found(reader, category=name) == found(stranger, category=name)


def test_what_it_can_be_narrowed_to_follows_what_is_public(app, stranger):
    def themes() -> int:
        return len(stranger.get("/innovations").html.find_all("option", value="Tema baru"))

    assert themes() == 0
    with app.app_context(), transaction(writing=True):
        db.session.add(CatalogueTheme(proposal_id=the_proposal(1).id, name="Tema baru", year=2019))
        the_edition().revise(now=the_edition().created_at)
    assert themes() == 1
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.delete(CatalogueTheme))
    at(3600)
    assert themes() == 0  # what changes unnoticed is seen within the minute


def test_what_is_withdrawn_or_of_a_hidden_edition_is_not_found_though_it_is_indexed(app, stranger):
    with app.app_context(), transaction(writing=True):
        the_proposal(1).status = Status.WITHDRAWN
        the_edition().revise(now=the_edition().created_at)
    assert found(stranger, search="kafe") == []
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Edition).values(is_public=False, revision=99))
    assert found(stranger) == []


def test_awards_are_found_with_their_publication_and_not_before(app, stranger):
    at(-1)
    assert found(stranger, awarded=1) == []
    at(1)
    assert len(found(stranger, awarded=1)) == 10


def test_only_what_has_changed_is_indexed_and_what_is_no_longer_agreed_to_is_forgotten(
    app, stranger
):
    assert index(app) == 0
    assert len(found(stranger, search="ringkasan")) == 27
    with app.app_context(), transaction(writing=True):
        edition, by = the_edition(), the_person(author_of(2))
        agree(
            the_proposal(2),
            Agreed(False, False, False, False, False),
            by=by,
            now=edition.created_at,
        )
    assert index(app) == 1
    assert len(found(stranger, search="ringkasan")) == 26


def test_drafts_and_editions_that_are_not_public_are_never_indexed(make_app):
    app = make_app("draft")
    assert index(app) == 0
    app = make_app("published")
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Edition).values(is_public=False))
    assert index(app) == 0
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(CatalogueEntry)) == 0


def test_the_page_shows_them_and_its_feed_is_one(stranger):
    page = stranger.get("/innovations?search=kafe")
    assert [card.h2.text.strip() for card in page.html.main.find_all("li", "ds-card")] == [TITLE]
    part = stranger.get("/innovations?search=kafe", {"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="catalogue"')
    assert [card.text.strip() for card in part.html.select("li h2")] == [TITLE]
    assert "Tidak ada inovasi" in stranger.get("/innovations?search=xyz").text
    feed = ET.fromstring(stranger.get("/innovations.atom").body)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 27
    assert "@" not in json.dumps(stranger.get("/innovations.json").json)


def test_what_is_found_while_typing_asks_for_no_filters(app, stranger, counted):
    asked_for = {}
    for name, headers in (("page", {}), ("part", {"HX-Request": "true"})):
        forget(app)
        with counted(app) as count:
            stranger.get("/innovations?search=kafe", headers)
        asked_for[name] = any("category_values" in each for each in count.statements)
    assert asked_for == {"page": True, "part": False}


def test_stems_are_those_of_the_language():
    words = ("pelayanan", "melayani", "dilayani", "layanan")
    assert {stem(word) for word in words} == {"layan"}
    assert folded("Kafé-3D, ÉTAT_x") == ["kafe", "3d", "etat", "x"]
    assert indexed("Pelayanan pelayanan") == "pelayanan layan"
    assert asked("a " * 50) == [("a", "a")] * 12


def test_a_long_catalogue_is_read_page_by_page(stranger):
    first = stranger.get("/innovations")
    assert len(first.html.main.find_all("li", "ds-card")) == 24
    second = stranger.get("/innovations?page=2")
    assert len(second.html.main.find_all("li", "ds-card")) == 3
    assert f"{E}/innovations/" in second.text
