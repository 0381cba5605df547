"""Who somebody is: another name leaves a trace, another address must be confirmed first."""

import json
import re

import pytest
import sqlalchemy as sa

from app.accounts.models import EmailChange, Person, SignIn
from app.audit.models import AuditEntry
from app.audit.queries import last_of
from app.database import db, transaction
from app.demo.moments import PASSWORD
from app.mail.models import Letter
from tests.cast import address, judge, other_judge
from tests.clients import Page
from tests.conftest import E
from tests.factories import the_edition, the_person

NEW = "a sentence is easy to remember"
WANTED = "nama.baru@kab.example"


@pytest.fixture
def app(make_app):
    return make_app("draft")


def letters_to(app, email: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        found = sa.select(Letter.body).where(Letter.recipient == email).order_by(Letter.id)
        return list(db.session.scalars(found))


def last_record(app) -> AuditEntry:
    with app.app_context(), transaction(writing=False):
        found = last_of(the_edition().id)
        db.session.expunge_all()
        return found


def person(app, who) -> Person:
    with app.app_context(), transaction(writing=False):
        found = the_person(who)
        db.session.expunge_all()
        return found


def ask(browser, email: str = WANTED, password: str = PASSWORD) -> Page:
    return browser.fill("/profile", "/profile/email", email=email, password=password)


def link(app, email: str = WANTED) -> str:
    return re.search(r"http://[^/]+(/addresses/\S+)", letters_to(app, email)[-1])[1]


@pytest.mark.field("security F29")
def test_a_rename_is_recorded_where_the_person_has_a_role(app, browse):
    before = person(app, judge)
    assert browse(app, judge).fill("/profile", name="Hj. Nama Baru").status_code == 302
    entry = last_record(app)
    assert (entry.action, entry.actor) == ("person.change", f"person {before.id}")
    content = json.loads(entry.content)
    assert content["subject"] == f"person {before.id}"
    assert {name[:5] for name in content["facts"].values()} == {"name:"}
    trail = browse(app, "sekretariat").get(f"{E}/audit").text
    assert before.name in trail
    assert "Hj. Nama Baru" in trail


@pytest.mark.field("security F29")
def test_the_profile_tells_which_session_is_this_one(app, browse):
    browser, other = browse(app, judge), browse(app, judge)
    for own in (browser, other):
        lines = own.get("/profile").html.select("ul.ds-list li")
        assert [("peramban ini" in line.text) for line in lines].count(True) == 1
    here = [
        "peramban ini" in own.get("/profile").html.select("ul.ds-list li")[0].text
        for own in (browser, other)
    ]
    assert here == [False, True]


def test_a_profile_saved_without_another_name_leaves_no_record(app, browse):
    before = last_record(app).sequence
    assert browse(app, judge).fill("/profile", phone="0471 21000").status_code == 302
    assert last_record(app).sequence == before


@pytest.mark.field("security F29")
def test_where_the_result_is_confirmed_a_rename_changes_nothing(make_app, browse):
    app = make_app("published")
    before = last_record(app).sequence
    assert browse(app, judge).fill("/profile", name="Hj. Nama Baru").status_code == 302
    assert last_record(app).sequence == before


@pytest.mark.field("cases 15")
def test_an_address_changes_once_the_new_one_has_confirmed_it(app, browse):
    old, elsewhere = address(app, judge), browse(app, judge)
    browser = browse(app, judge)
    assert ask(browser).status_code == 302
    assert person(app, old).email == old
    assert WANTED in letters_to(app, old)[-1]
    place = link(app)
    assert WANTED in browser.get(place).text
    assert person(app, old).email == old  # opening it, as programs that read mail do, is no yes
    assert browser.fill(place).location.endswith("/profile")
    assert person(app, WANTED).name in browser.get("/profile").text
    assert elsewhere.get("/profile").status_code == 302
    assert WANTED in letters_to(app, old)[-1]
    entry = last_record(app)
    assert (entry.action, "@" in entry.content) == ("person.change", False)
    assert browse(app).fill("/sign-in", email=WANTED, password=PASSWORD).status_code == 302
    assert browse(app).fill("/sign-in", email=old, password=PASSWORD).status_code == 422


@pytest.mark.field("cases 15")
def test_the_link_works_once_and_in_any_browser(app, browse):
    ask(browse(app, judge))
    place, stranger = link(app), browse(app)
    assert stranger.fill(place).location.endswith("/sign-in")
    assert stranger.get(place).status_code == 404
    assert stranger.post(place).status_code == 404


@pytest.mark.field("cases 15")
def test_the_link_sets_no_password(app, browse):
    ask(browse(app, judge))
    token = link(app).rpartition("/")[2]
    assert browse(app).get(f"/links/{token}").status_code == 404


@pytest.mark.field("cases 15")
def test_another_link_takes_the_place_of_the_one_before(app, browse):
    browser = browse(app, judge)
    ask(browser)
    first = link(app)
    ask(browser, "lain@kab.example")
    assert browser.get(first).status_code == 404
    assert browser.get(link(app, "lain@kab.example")).status_code == 200


@pytest.mark.field("cases 15")
def test_an_expired_link_changes_nothing(app, browse):
    ask(browse(app, judge))
    with app.app_context(), transaction(writing=True):
        past = sa.func.min(SignIn.created_at)
        db.session.execute(
            sa.update(EmailChange).values(expires_at=sa.select(past).scalar_subquery())
        )
    assert browse(app).post(link(app)).status_code == 404


@pytest.mark.field("cases 15")
def test_a_new_password_stops_a_change_of_address(app, browse):
    browser = browse(app, judge)
    ask(browser)
    form = {"present": PASSWORD, "password": NEW, "again": NEW}
    assert browser.fill("/profile", "/profile/password", **form).status_code == 302
    assert browse(app).get(link(app)).status_code == 404


@pytest.mark.field("cases 15")
@pytest.mark.parametrize("password", ["wrong password", ""])
def test_an_address_is_not_changed_without_the_password(app, browse, password):
    assert ask(browse(app, judge), password=password).status_code == 422
    assert letters_to(app, WANTED) == []


@pytest.mark.field("cases 15")
def test_who_asks_is_not_told_whether_an_address_has_an_account(app, browse):
    taken, browser = address(app, other_judge), browse(app, judge)
    free, same = ask(browser), ask(browser, taken.upper())
    assert (free.status_code, same.status_code) == (302, 302)
    assert free.location == same.location
    assert "/addresses/" not in letters_to(app, taken)[-1]


@pytest.mark.field("cases 15")
def test_an_address_that_became_somebody_elses_meanwhile_changes_nothing(app, browse):
    browser, old = browse(app, judge), address(app, judge)
    ask(browser)
    place = browser.form(link(app))
    with app.app_context(), transaction(writing=True):
        the_person(other_judge).email = WANTED
    assert place.submit(expect_errors=True).status_code == 409
    assert person(app, old).email == old


@pytest.mark.field("cases 15")
def test_letters_to_new_addresses_are_few(app, browse):
    browser = browse(app, judge)
    for number in range(5):
        assert ask(browser, f"lain{number}@kab.example").status_code == 302
    assert ask(browser).status_code == 429
    assert letters_to(app, WANTED) == []


@pytest.mark.field("cases 15")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("198705122010011004", "198705122010011004"),
        (" 19870512 201001 1 004 ", "198705122010011004"),
        ("", ""),
    ],
)
def test_a_nip_of_18_digits_is_kept_without_spaces(app, browse, typed, kept):
    assert browse(app, judge).fill("/profile", nip=typed).status_code == 302
    assert person(app, judge).nip == kept


@pytest.mark.field("cases 15")
@pytest.mark.parametrize(
    "typed", ["1,97512E+17", "abc", "1" * 31, "1" * 17, "1" * 19, "١" * 18, "-" * 18]
)
def test_what_is_no_nip_is_refused_and_shown_again(app, browse, typed):
    refused = browse(app, judge).fill("/profile", nip=typed)
    assert refused.status_code == 422
    assert typed in refused.text
    assert person(app, judge).nip != typed


@pytest.mark.field("cases 15")
def test_an_odd_nip_from_before_stays_until_it_is_edited(app, browse):
    with app.app_context(), transaction(writing=True):
        the_person(judge).nip = "NIP. 12 34"
    assert browse(app, judge).fill("/profile", phone="0471 21000").status_code == 302
    assert person(app, judge).nip == "NIP. 12 34"
