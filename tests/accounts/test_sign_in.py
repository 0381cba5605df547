"""Signing in and out, throttling, one-use links: for the known and the unknown alike."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.models import OneUseLink, SignIn
from app.accounts.secrets import digest
from app.database import db, transaction
from app.demo.moments import PASSWORD
from app.mail.models import Letter
from tests.cast import address, judge, other_judge, screener
from tests.conftest import E

NEW = "a sentence is easy to remember"


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def email(app) -> str:
    """The address of somebody with an account."""
    return address(app, judge)


def reset_link(app) -> str:
    with app.app_context(), transaction(writing=False):
        body = db.session.scalar(sa.select(Letter.body).order_by(Letter.id.desc()).limit(1))
    return re.search(r"http://[^/]+(/links/\S+)", body)[1]


def sign_in(browser, email: str, password: str):
    return browser.fill("/sign-in", email=email, password=password)


def test_wrong_password_and_unknown_address_get_the_same_answer(app, browse, email):
    known = sign_in(browse(app), email, "wrong password")
    unknown = sign_in(browse(app), "nobody@kab.example", "wrong password")

    def body(answer):
        return re.sub(r'value="[^"]*"|X-CSRFToken[^}]+', "", answer.text)

    assert (known.status_code, unknown.status_code) == (422, 422)
    assert body(known) == body(unknown)


def test_the_eleventh_try_is_throttled_even_with_the_right_password(app, browse, email):
    for _ in range(10):
        assert sign_in(browse(app), email, "wrong password").status_code == 422
    assert sign_in(browse(app), email, PASSWORD).status_code == 429
    assert sign_in(browse(app), address(app, other_judge), PASSWORD).status_code == 302


def test_a_success_starts_the_count_afresh(app, browse, email):
    for _ in range(9):
        sign_in(browse(app), email, "wrong password")
    assert sign_in(browse(app), email, PASSWORD).status_code == 302
    assert sign_in(browse(app), email, "wrong password").status_code == 422


def test_the_cookie_is_http_only_same_site_and_holds_what_the_database_does_not(app, browse, email):
    browser = browse(app)
    answer = sign_in(browser, email, PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    token = browser.session["sign_in"]
    with app.app_context(), transaction(writing=False):
        hashes = db.session.scalars(sa.select(SignIn.token_hash)).all()
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert token not in hashes
    assert digest(token) in hashes


def test_the_cookie_is_secure_where_the_site_is_served_over_https(make_app):
    app = make_app(
        "draft", https=True, base_url="https://ajang.example", trusted_hosts=("ajang.example",)
    )
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://ajang.example")
    assert "Secure" in page.headers["Set-Cookie"]
    assert "max-age" in page.headers["Strict-Transport-Security"]


def test_signing_out_ends_the_session_also_for_a_copied_cookie(app, browse, email):
    browser = browse(app, email)
    copied = browser.cookie
    browser.post("/sign-out")
    browser.cookie = copied
    assert browser.get("/my-work").status_code == 302


def test_changing_the_password_ends_the_other_sessions_at_once(app, browse, email):
    other, own = browse(app, email), browse(app, email)
    answer = own.post("/profile/password", {"present": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 302
    assert own.get("/my-work").status_code == 200
    assert other.get("/my-work").status_code == 302
    assert sign_in(browse(app), email, NEW).status_code == 302


@pytest.mark.parametrize(
    ("present", "password", "again"),
    [
        ("wrong password", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW, NEW + "x"),
        (PASSWORD, "", ""),
    ],
)
def test_a_bad_change_of_password_changes_nothing(app, browse, email, present, password, again):
    browser = browse(app, email)
    answer = browser.post(
        "/profile/password", {"present": present, "password": password, "again": again}
    )
    assert answer.status_code == 422
    assert sign_in(browse(app), email, PASSWORD).status_code == 302


def test_asking_for_a_reset_answers_the_same_for_known_and_unknown(app, browse, email):
    answers = []
    for asked in (email, "nobody@kab.example"):
        browser = browse(app)
        browser.get("/password-reset")
        answer = browser.post("/password-reset", {"email": asked})
        text = re.sub(r'value="[^"]*"|X-CSRFToken[^}]+', "", answer.text)
        answers.append((answer.status_code, text))
    assert answers[0] == answers[1]
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OneUseLink)) == 1


def test_a_mail_scanner_opening_the_link_does_not_use_it_up_but_setting_the_password_does(
    app, browse, email
):
    asking = browse(app)
    asking.get("/password-reset")
    asking.post("/password-reset", {"email": email})
    link = reset_link(app)
    for _ in range(3):
        assert browse(app).get(link).status_code == 200

    browser = browse(app)
    browser.get(link)
    assert browser.post(link, {"password": NEW, "again": NEW}).status_code == 302

    again = browse(app)
    assert again.get(link).status_code == 404
    assert again.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 404


def test_letters_with_secret_links_are_not_shown_to_the_organiser(app, browse, email):
    asking = browse(app)
    asking.get("/password-reset")
    asking.post("/password-reset", {"email": email})
    with app.app_context(), transaction(writing=False):
        number = db.session.scalar(sa.select(sa.func.max(Letter.id)))
    assert browse(app, "sekretariat").get(f"{E}/mail/{number}").status_code == 404


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(app, browse, email, place):
    browser = browse(app)
    browser.get("/sign-in")
    data = {"email": email, "password": PASSWORD, "next": place}
    assert browser.post("/sign-in", data).headers["Location"] == "/my-work"


def test_taking_a_role_away_acts_on_the_next_request(app, browse):
    organiser, holder = browse(app, "sekretariat"), browse(app, screener)
    assert holder.get(f"{E}/screening").status_code == 200
    row = organiser.get(f"{E}/people?search={address(app, screener)}").text
    action = re.search(r'action="([^"]+/removal)"', row)[1]
    assert organiser.post(action).status_code == 302
    assert holder.get(f"{E}/screening").status_code == 403
