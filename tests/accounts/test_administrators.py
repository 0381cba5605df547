"""The command that makes a site administrator: the rules of the page, and no surprise."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.secrets import is_password
from app.database import db, transaction
from app.demo.moments import PASSWORD
from tests.cast import address, judge

NEW = "a sentence is easy to remember"


@pytest.fixture
def app(make_app):
    return make_app("draft")


def add_admin(app, *arguments: str, password: str = NEW):
    command = ["people", "add-admin", *arguments, "--password", password]
    return app.test_cli_runner().invoke(args=command)


def person(app, email: str) -> Person | None:
    with app.app_context(), transaction(writing=False):
        found = db.session.scalar(sa.select(Person).where(Person.email == email))
        db.session.expunge_all()
        return found


@pytest.mark.field("empty 12")
def test_a_new_administrator_is_made_and_named(app):
    done = add_admin(app, "Kepala@Kab.Example", "Ratna Sari")
    assert done.exit_code == 0
    assert done.output.strip() == (
        "kepala@kab.example (Ratna Sari) is a new account and can make editions"
    )
    made = person(app, "kepala@kab.example")
    assert made.is_site_admin
    assert is_password(NEW, made.password_hash)


@pytest.mark.field("empty 12")
@pytest.mark.parametrize("password", ["short", "123456789", "x" * 201])
def test_the_password_follows_the_rule_of_the_page(app, password):
    done = add_admin(app, "kepala@kab.example", "Ratna Sari", password=password)
    assert done.exit_code == 1
    assert "characters" in done.output
    assert person(app, "kepala@kab.example") is None


@pytest.mark.field("empty 12")
def test_swapped_arguments_are_refused(app):
    done = add_admin(app, "Ratna Sari", "kepala@kab.example")
    assert done.exit_code == 1
    assert "it comes first, then the name" in done.output
    assert person(app, "ratna sari") is None


@pytest.mark.field("empty 12")
def test_an_account_that_exists_is_reset_only_when_asked_and_its_sessions_end(app, browse):
    email, open_session = address(app, judge), browse(app, judge)
    before = person(app, email)
    done = add_admin(app, email, "Nama Lain")
    assert done.exit_code == 1
    assert "--reset" in done.output
    assert "nothing was changed" in done.output
    after = person(app, email)
    assert (after.password_hash, after.is_site_admin) == (before.password_hash, False)
    assert open_session.get("/my-work").status_code == 200

    done = add_admin(app, email, "Nama Lain", "--reset")
    assert done.exit_code == 0
    assert "its sessions have ended" in done.output
    after = person(app, email)
    assert (after.name, after.is_site_admin) == (before.name, True)
    assert not is_password(PASSWORD, after.password_hash)
    assert open_session.get("/my-work").status_code == 302
