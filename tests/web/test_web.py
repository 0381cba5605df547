"""What every answer has: headers, CSRF, trusted hosts, limits, error pages, languages."""

import re
from urllib.parse import urlencode

import pytest

from app.config import Config, UnsafeConfiguration
from tests.cast import ask, author_of, drafts, innovator
from tests.clients import send
from tests.conftest import E

SECRET = "x" * 40


def test_every_kind_of_answer_carries_the_security_headers(make_app, browse):
    browser = browse(make_app("draft"))
    for path in ("/", "/nowhere", "/static/ajang.js", "/my-work"):
        headers = browser.get(path).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_an_inline_script_or_style(make_app, browse):
    text = browse(make_app("draft"), "sekretariat").get(f"{E}/proposals").text
    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text) == []


def test_a_post_without_its_token_is_refused_and_says_what_to_do(make_app, browse):
    browser = browse(make_app("draft"), "sekretariat")
    answer = browser.client.post(f"{E}/publicity", expect_errors=True)
    assert answer.status_code == 400
    assert "Formulir terlalu lama terbuka" in answer.text


def test_another_host_name_is_refused(make_app):
    assert (
        make_app("draft").test_client().get("/", base_url="http://evil.example").status_code == 400
    )


def test_a_body_over_the_limit_is_413_and_says_what_was_kept(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    author = browse(app, author_of(number))
    answer = author.post(f"{E}/proposals/{number}/draft", {"title": "x" * (13 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "yang tersimpan sebelumnya tetap ada" in answer.text


def broken_frame(_template, values):
    """A frame that fails on the pages of an edition."""
    return 1 / 0 if "edition" in values else {"edition_menu": None}


def test_a_failure_of_ours_is_a_plain_page_without_its_cause(make_app, browse, monkeypatch):
    app = make_app("draft")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.extensions, "frame", broken_frame)
    answer = browse(app).get("/")
    assert answer.status_code == 200  # the start page has no edition, so it still works
    answer = browse(app).get(E)
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text


def test_indonesian_comes_first_and_english_by_choice_stays(make_app, browse):
    browser = browse(make_app("draft"))
    assert 'lang="id"' in browser.get(E).text
    browser.post("/language", {"language": "en", "next": E})
    english = browser.get(E).text
    assert 'lang="en"' in english
    assert "Public Service Innovation Competition, Luwu Utara Regency, 2019" in english


def test_numbers_and_dates_follow_the_language(make_app, browse):
    browser = browse(make_app("draft"))
    assert "10,50" in browser.get(E).text
    assert "Sabtu, 5 Oktober 2019" in browser.get(E).text
    browser.post("/language", {"language": "en"})
    assert "10.50" in browser.get(E).text
    assert "Saturday, 5 October 2019" in browser.get(E).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "1e9"])
def test_a_senseless_page_number_is_no_failure(make_app, browse, page):
    answer = browse(make_app("draft"), "sekretariat").get(f"{E}/proposals?page={page}")
    assert answer.status_code == 200


def test_an_expired_session_answers_htmx_with_401_and_where_to_sign_in(make_app, browse):
    browser = browse(make_app("draft"))
    answer = browser.get(f"{E}/proposals", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "settings",
    [
        {"AJANG_SECRET_KEY": "short"},
        {"AJANG_CLOCK_OFFSET": "3600"},
        {"AJANG_CLOCK_OFFSET": "soon"},
        {"AJANG_TRUSTED_HOSTS": ""},
        {"AJANG_HTTPS": "1"},
        {"AJANG_DATA": ""},
        {"AJANG_DATABASE_URL": "mysql://localhost/ajang"},
    ],
)
def test_an_unsafe_setting_is_refused_at_start(settings):
    with pytest.raises(UnsafeConfiguration):
        Config.from_environment({"AJANG_SECRET_KEY": SECRET, "AJANG_DATA": "var"} | settings)


def test_a_demo_may_shift_the_clock():
    settings = {
        "AJANG_SECRET_KEY": SECRET,
        "AJANG_DATA": "var",
        "AJANG_DEMO": "1",
        "AJANG_CLOCK_OFFSET": "-3600",
    }
    assert Config.from_environment(settings).clock_offset.total_seconds() == -3600


HUGE = 99999999999999999999999
ODD_ADDRESSES = [
    f"{E}/innovations/{HUGE}",
    f"{E}/proposals/{HUGE}",
    f"{E}/mail/{HUGE}",
    f"{E}/innovations/99999999999",
    "/editions/a%00b",
    f"{E}/proposals?search=a%00b",
    "/organisations/99999999999",
]


@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_an_address_that_no_record_can_have_is_404(make_app, browse, address):
    assert browse(make_app("draft"), "sekretariat").get(address).status_code == 404


@pytest.mark.parametrize("place", ["//[", "http://[bad", "/%00"])
def test_an_unreadable_place_to_go_on_to_is_no_failure(make_app, browse, place):
    assert browse(make_app("draft")).get(f"/sign-in?{urlencode({'next': place})}").status_code < 500


def test_nul_in_a_sign_in_is_422(make_app, browse):
    browser = browse(make_app("draft"))
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"email": "a\0@b.example", "password": "x"})
    assert answer.status_code == 422


def test_a_form_of_an_ended_session_leads_to_the_sign_in_page(make_app, browse):
    browser = browse(make_app("draft"), innovator)
    form = browser.form(f"{E}/proposals", "/proposals")  # a button; texts are shown first
    browser.cookie = ""
    answer = send(form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_page_that_does_not_exist_knows_who_asks_for_it(make_app, browse):
    browser = browse(make_app("draft"), "sekretariat")
    missing = browser.get("/nowhere")
    assert missing.status_code == 404
    assert "Tugas saya" in missing.text
    assert "Masuk" not in missing.text
