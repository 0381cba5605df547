"""The files to recount a result from, and checking a file or its code: for everyone, in time."""

import hashlib
from datetime import timedelta

import pytest

from app import clock
from app.awards.models import Result
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.editions.kinds import Method
from tests import cast
from tests.awards.recounts import recount
from tests.conftest import E
from tests.factories import the_edition
from tests.plenaries import prepare

RECOUNT = f"{E}/results/recount"
PUBLIC, FULL = f"{RECOUNT}/public.json", f"{RECOUNT}/full.json"
READERS = ["sekretariat", "pengamat", cast.judge, cast.chair]
NO_READERS = [None, "verifikator-1", cast.innovator, "admin"]


@pytest.fixture
def app(make_app):
    return make_app("published")


def pass_publication(seconds: float = 1) -> None:
    clock.shift(PUBLISHED + timedelta(seconds=seconds) - clock.real_now())


@pytest.mark.parametrize("who", [*READERS, *NO_READERS])
def test_nobody_gets_a_file_before_the_result_is_public(app, browse, who):
    pass_publication(-30)
    browser = browse(app, who)
    assert {browser.get(path).status_code for path in (PUBLIC, FULL)} == {404}
    text = browser.get(RECOUNT).text
    assert "public.json" not in text
    assert "SHA-256" not in text


@pytest.mark.parametrize("who", [*READERS, *NO_READERS])
def test_the_whole_file_is_for_judges_organisers_and_observers(app, browse, who):
    pass_publication()
    browser = browse(app, who)
    assert browser.get(PUBLIC).status_code == 200
    assert browser.get(FULL).status_code == (200 if who in READERS else 404)
    assert ("J1 = " in browser.get(RECOUNT).text) is (who in READERS)


def test_what_is_downloaded_recounts_and_the_page_shows_its_digest(app, browse, tmp_path):
    pass_publication()
    organiser = browse(app, "sekretariat")
    page = organiser.get(RECOUNT)
    for path in (PUBLIC, FULL):
        content = organiser.get(path).body
        assert recount(content.decode(), tmp_path)[0] == 0
        assert hashlib.sha256(content).hexdigest() in page
    program = browse(app).get(page.html.select_one("a[href*='recount.py']")["href"])
    assert program.body.startswith(b"#!/usr/bin/env python3")
    assert 'href="/editions/luwu-utara-2019/results/recount"' in organiser.get(f"{E}/results")


def test_the_file_for_everyone_names_nobody_and_links_no_two_sheets(app, browse):
    pass_publication()
    text = browse(app).get(PUBLIC).text
    for secret in ("Camat", "Kepala", "Verifikator", 'judge"', "look", "@"):
        assert secret not in text
    assert '"judge": "J' in browse(app, "sekretariat").get(FULL)


@pytest.mark.parametrize("length", [64, 16])
def test_a_code_tells_what_it_belongs_to(app, browse, length):
    pass_publication()
    content = browse(app).get(PUBLIC).body
    code = hashlib.sha256(content).hexdigest()[:length]
    told = browse(app).get(f"/verification?code={code.upper()}").text
    assert "berkas hasil Kompetisi Inovasi" in told
    assert "berkas untuk umum" in told
    pass_publication(-30)
    assert "Tidak ada yang diumumkan" in browse(app).get(f"/verification?code={code}")


@pytest.mark.parametrize("code", ["abc", "g" * 64, "0" * 64, "<b>", "a" * 15, "%", "a" * 65])
def test_a_code_that_belongs_to_nothing_is_told(app, browse, code):
    pass_publication()
    told = browse(app).client.get("/verification", {"code": code})
    assert "Tidak ada yang diumumkan" in told


def test_a_file_is_checked_without_javascript_and_a_changed_one_is_told(app, browse):
    pass_publication()
    stranger = browse(app)
    content = stranger.get(PUBLIC).body
    same = stranger.post("/verification", files={"file": ("hasil.json", content)})
    assert "berkas untuk umum" in same
    other = stranger.post("/verification", files={"file": ("hasil.json", content + b" ")})
    assert "Tidak ada yang diumumkan" in other
    assert stranger.post("/verification").status_code == 422
    for empty in ("", "%20"):
        asked = stranger.get(f"/verification?code={empty}")
        [said] = asked.html.select(".ds-error-summary[tabindex] [href='#code']")
        assert (asked.status_code, said.text) == (422, "Pilih berkas, atau ketik kodenya.")
    assert "SHA-256:" not in stranger.get("/verification?code=abcd").text


def test_a_revoked_confirmation_takes_its_files_with_it(make_app, browse):
    app = make_app("plenary")
    organiser, chair = browse(app, "sekretariat"), browse(app, cast.chair)
    prepare(organiser, {"empty": "2"})
    chair.fill(f"{E}/plenary", "/plenary/confirmation", publish_at="2019-10-07T10:00")
    chair.post(f"{E}/plenary/confirmation/removal", {"reason": "Salah waktu"})
    prepare(organiser, {"empty": "2"})
    chair.fill(f"{E}/plenary", "/plenary/confirmation", publish_at="2019-10-07T11:00")
    clock.shift(PUBLISHED + timedelta(days=1) - clock.real_now())
    assert browse(app).get(PUBLIC).status_code == 200


def test_a_result_of_before_there_were_files_says_so(app, browse):
    with app.app_context(), transaction(writing=True):
        db.session.execute(db.text("DELETE FROM result_file"))
        assert db.session.get(Result, the_edition().id).confirmed_at
    pass_publication()
    assert "sebelum berkas untuk penghitungan ulang dibuat" in browse(app).get(RECOUNT)
    assert browse(app).get(PUBLIC).status_code == 404


def test_the_organiser_is_told_where_recusals_would_name_a_judge(make_app, browse):
    app = make_app("plenary")
    prepare(browse(app, "sekretariat"), {"empty": "2"})
    chair = browse(app, cast.chair)
    warned = chair.get(f"{E}/plenary").html.select_one("#guessable")
    assert "Camat Sukamaju Selatan" in warned.get_text()
    form = chair.form(f"{E}/plenary", "/plenary/confirmation")
    assert [option[0] for option in form["disclosure"].options] == ["sheets", "means"]


def test_by_the_adjusted_mean_there_is_nothing_to_choose_and_both_files_recount(
    make_app, browse, tmp_path
):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        edition.method, edition.method_rule = Method.ADJUSTED, "Pasal 7."
        edition.placed_revision = None
    organiser, chair = browse(app, "sekretariat"), browse(app, cast.chair)
    prepare(organiser, {"empty": "2"})
    page = chair.get(f"{E}/plenary").html
    assert page.select_one("[name=disclosure]")["type"] == "hidden"
    assert page.select_one("#guessable") is None
    chair.fill(f"{E}/plenary", "/plenary/confirmation", publish_at="2019-10-07T10:00")
    pass_publication()
    public = organiser.get(PUBLIC).text
    assert '"values_are": "adjusted"' in public
    assert recount(public, tmp_path)[0] == 0
    assert recount(organiser.get(FULL).text, tmp_path)[0] == 0
