"""Nothing is shown before its moment and everything after it, from memory too, on every address."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import clock
from app.database import transaction
from app.demo.moments import PUBLISHED
from app.screening.decisions import Verdict, announce_decisions, prepare_decisions
from app.screening.models import Outcome
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal

WINNING = ("Dipilih bersama", 'class="podium"', 'class="ribbon"', '"award":', 'class="place"')
"""What stands on pages that tell who won."""

TELLING = {"/", f"{E}/results", f"{E}/innovations/1"}


@pytest.fixture(autouse=True)
def standing_still():
    """Let no time pass but what a test lets pass: on a busy machine pages take seconds."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


def public_addresses(app) -> list[str]:
    """Every address that a stranger may get, of pages and files."""
    values = {"edition": "luwu-utara-2019", "number": 1, "scope": "public"}
    with app.test_request_context():
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods
            and rule.endpoint.partition(".")[0]
            in {"gallery", "formats", "recount", "statements", "branding", "calendars", "decree"}
            and rule.arguments <= set(values)
        ]
        return sorted(
            app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            for rule in rules
        )


def at(seconds: float) -> None:
    clock.shift(PUBLISHED + timedelta(seconds=seconds) - clock.real_now())


def telling(browser, addresses) -> set[str]:
    """The addresses on which something tells who won."""
    texts = {path: browser.get(path, {"Accept-Encoding": "identity"}) for path in addresses}
    return {path for path, page in texts.items() if any(words in page for words in WINNING)}


def test_who_won_is_told_one_second_after_the_publication_and_not_one_before(make_app, browse):
    app = make_app("published")
    addresses = public_addresses(app)
    stranger = browse(app)
    at(-1)
    assert telling(stranger, addresses) == set()  # and all of it is kept in memory now
    assert f"{E}/results/recount/public.json" in addresses
    assert stranger.get(f"{E}/results/recount/public.json").status_code == 404
    at(1)
    assert telling(stranger, addresses) >= TELLING
    assert stranger.get(f"{E}/results/recount/public.json").status_code == 200
    at(-1)  # a clock set back shows nothing that was made later
    assert telling(stranger, addresses) == set()


def test_what_an_etag_answers_for_changes_with_the_publication(make_app, browse):
    stranger = browse(make_app("published"))
    at(-1)
    tag = stranger.get(f"{E}/results").headers["ETag"]
    assert stranger.get(f"{E}/results", {"If-None-Match": tag}).status_code == 304
    at(1)
    fresh = stranger.get(f"{E}/results", {"If-None-Match": tag})
    assert (fresh.status_code, fresh.headers["Cache-Control"]) == (200, "public, no-cache")


def test_finalists_are_told_with_the_announcement_and_not_while_it_is_prepared(make_app, browse):
    app = make_app("screening")
    stranger = browse(app)
    verdict = Verdict(Outcome.FINALIST, "Lolos.")
    addresses = public_addresses(app)

    def naming() -> set[str]:
        return {path for path in addresses if the_title in stranger.get(path)}

    with app.app_context(), transaction(writing=False):
        the_title = the_proposal(1).title
    assert naming() == set()
    with app.app_context(), transaction(writing=True):
        edition, by = the_edition(), the_person("sekretariat")
        prepare_decisions([the_proposal(1)], verdict, edition, by=by, now=clock.now())
    assert naming() == set()
    with app.app_context(), transaction(writing=True):
        edition, by = the_edition(), the_person("sekretariat")
        announce_decisions(edition, link_to=lambda _: "", by=by, now=clock.now())
    assert naming() == {f"{E}/innovations", f"{E}/innovations/1"}


def test_a_page_made_for_all_holds_nothing_of_who_made_it(make_app, browse):
    app = make_app("published")
    signed_in, stranger = browse(app, "sekretariat"), browse(app)
    assert "Keluar" in signed_in.get(f"{E}/results").text
    page = stranger.get(f"{E}/results")
    assert "Keluar" not in page.text
    assert "Set-Cookie" not in page.headers
    assert 'name="csrf_token"' not in page.text
    assert {"Cookie", "HX-Request"} <= set(page.headers["Vary"].split(", "))
    assert signed_in.get(f"{E}/results").headers["Cache-Control"] == "no-store, private"


def test_languages_and_parts_are_kept_apart(make_app, browse):
    app = make_app("published")
    stranger = browse(app)
    indonesian = stranger.get(f"{E}/innovations").text
    part = stranger.get(f"{E}/innovations", {"HX-Request": "true"}).text
    assert "<html" in indonesian
    assert part.lstrip().startswith('<div id="list"')
    stranger.client.post("/language", {"language": "en", "next": f"{E}/innovations"})
    assert 'lang="en"' in stranger.get(f"{E}/innovations").text


def test_the_memory_is_bounded(make_app, browse):
    app = make_app("draft")
    stranger = browse(app)
    for number in range(450):
        stranger.get(f"/privacy?x={number}")
    assert len(app.extensions["shared_pages"]) == 400


@pytest.mark.parametrize("path", [E, "/", f"{E}/innovations"])
def test_a_changed_name_is_shown_at_once(make_app, browse, path):
    app = make_app("published")
    stranger, admin = browse(app), browse(app, "sekretariat")
    stranger.get(path)
    form = admin.form(f"{E}/settings", f"{E}/settings")
    form["name"] = "Lomba Baru"
    form.submit()
    assert "Lomba Baru" in stranger.get(path).text
