"""The public pages: where a competition stands, who won, who has entered over the years."""

import json
import re

import pytest

from app import clock
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.editions.actions import make_edition, make_public
from app.editions.models import Edition
from app.editions.rules import rules_of_template
from app.web.shared import forget
from app.workflow import Status
from tests.cast import author_of
from tests.conftest import E
from tests.factories import make_proposal, the_edition, the_person, the_proposal

STANDING = {
    "draft": ("Pengajuan proposal", "Masuk untuk mengajukan inovasi"),
    "screening": ("Seleksi", None),
    "picking": ("Pemilihan slot pemaparan", "Lihat jadwal"),
    "scoring": ("Pemaparan", "Lihat jadwal"),
    "published": ("Hasil diumumkan", "Lihat hasil"),
}


def second_edition() -> Edition:
    """A public edition of the next year, of the same organisation."""
    first, by = the_edition(), the_person("sekretariat")
    made = make_edition(
        first.organisation,
        slug="kedua",
        name="Kedua",
        name_en="",
        rules=rules_of_template("kipp-kabupaten"),
        dates=[day.date.replace(year=2020) for day in first.days],
        organiser=by,
        by=by,
        now=PUBLISHED,
    )
    make_public(made, by=by, now=clock.now())
    return made


@pytest.mark.parametrize("moment", list(STANDING))
def test_front_and_edition_page_tell_where_it_stands_and_what_can_be_done(make_app, browse, moment):
    stranger = browse(make_app(moment))
    stands, doing = STANDING[moment]
    card = stranger.get("/").html.main.article
    assert stands in card.text
    assert card.find("a", "ds-button").text == (doing or "Tentang kompetisi")
    head = stranger.get(E).html.main.find("div", "hero")
    assert stands in head.text
    assert (head.find("a", "ds-button").text if doing else None) == doing
    for link in (card.find("a", "ds-button"), head.find("a", "ds-button")):
        if link:
            assert stranger.get(link["href"]).status_code == 200


def test_the_front_page_needs_no_more_queries_for_two_editions_than_for_one(
    make_app, browse, counted
):
    app = make_app("published")
    stranger, needed = browse(app), []
    for place in range(2):
        stranger.get("/")
        forget(app)
        with counted(app) as count:
            assert len(stranger.get("/").html.main.find_all("article")) == place + 1
        needed.append(len(count.statements))
        if place == 0:
            with app.app_context(), transaction(writing=True):
                second_edition()
    assert needed[0] == needed[1]


def test_results_name_link_and_explain_every_winner_and_all_finalists(make_app, browse):
    stranger = browse(make_app("published"))
    main = stranger.get(f"{E}/results").html.main
    winners = main.find("div", id="winners")
    ranked, chosen = winners.find_all("ol")
    assert [place["value"] for place in ranked.find_all("li")] == [
        str(place) for place in range(1, 8)
    ]
    assert len(chosen.find_all("blockquote")) == 3
    links = [link["href"] for link in winners.select("h3 a")]
    assert len(links) == 10
    assert {stranger.get(link).status_code for link in links} == {200}
    assert len(main.find("ul", "finalists").find_all("li")) == 27
    first, last = (main.find("ul", "finalists").find_all("a")[place] for place in (0, -1))
    page = stranger.get(first["href"]).html.main
    assert page.find("a", rel="prev") is None
    assert page.find("a", rel="next")["href"] != first["href"]
    assert stranger.get(last["href"]).html.main.find("a", rel="next") is None


def test_a_link_in_a_chat_shows_title_text_and_facts_and_nothing_ends_their_element(
    make_app, browse
):
    app = make_app("published")
    with app.app_context(), transaction(writing=True):
        the_proposal(1).title = "</script><b>&amp;"
        names = [person.name for person in the_proposal(1).authors]
    page = browse(app).get(f"{E}/innovations/1")
    facts = json.loads(page.html.find("script", type="application/ld+json").string)
    assert facts["name"] == "</script><b>&amp;"
    assert [award.partition(": ")[2] for award in facts["award"]] == [
        "Top 7 Inovasi Pelayanan Publik"
    ]
    described = {
        tag.get("property"): tag["content"]
        for tag in page.html.head.find_all("meta", property=True)
    }
    assert described["og:title"] == "</script><b>&amp;"
    assert described["og:url"] == f"http://127.0.0.1:8000{E}/innovations/1"
    assert not any(name in page.text for name in names)
    events = browse(app).get(f"{E}/schedule").html.find("script", type="application/ld+json").string
    assert len(json.loads(events)["subEvent"]) == 27


def test_who_has_entered_over_the_years(make_app, browse):
    app = make_app("published")
    stranger = browse(app)
    assert stranger.get(f"{E}/agencies").html.find("section", id="years") is None
    with app.app_context(), transaction(writing=True):
        made, by = second_edition(), the_person("sekretariat")
        agency = the_proposal(1).agency
        origin = db.session.get(type(agency), agency.origin_id)
        make_proposal(made, origin, by, status=Status.SUBMITTED)
        name = origin.name
    years = stranger.get(f"{E}/agencies").html.find("section", id="years")
    heads = [re.sub(r"\s+", " ", cell.text).strip() for cell in years.thead.find_all("th")]
    assert [head[:4] for head in heads[1:]] == ["2019", "2020"]
    assert heads[2].startswith("2020 1/")
    rows = {
        row.th.text.split("\n")[0].strip(): [cell.text for cell in row.find_all("td")]
        for row in years.tbody.find_all("tr")
    }
    assert rows[name][1] == "1"
    assert sum(cells[1] != "–" for cells in rows.values()) == 1
    assert years.text.count("belum pernah") == sum(cells == ["–", "–"] for cells in rows.values())


@pytest.mark.parametrize("page", ["/", E])
def test_only_who_is_not_signed_in_is_asked_to_sign_in_to_submit(make_app, browse, page):
    app = make_app("draft")
    assert "Masuk untuk mengajukan inovasi" in browse(app).get(page)
    signed_in = browse(app, author_of(1)).get(page)
    assert "Masuk untuk mengajukan inovasi" not in signed_in
    assert signed_in.html.select("main a[href='/my-work']")
