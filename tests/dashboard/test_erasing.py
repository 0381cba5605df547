"""Deleting a person's data: nothing identifies them any more, and every chain stays whole."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Person
from app.audit.chain import verify_chain
from app.audit.models import AuditName
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.mail.models import Letter
from tests import cast
from tests.clients import Browser
from tests.conftest import E
from tests.factories import the_edition, the_person

NAME, EMAIL = "Hj. Nama Terang", "juri-1@luwu-utara.example"


@pytest.fixture
def app(make_app):
    app = make_app("published")
    clock.shift(PUBLISHED + timedelta(seconds=1) - clock.real_now())
    return app


@pytest.fixture
def admin(app, browse) -> Browser:
    return browse(app, "admin")


def erase(admin: Browser, email: str = EMAIL, again: str | None = None):
    return admin.post("/erasure", {"email": email, "again": again or email})


def give_traces(app, browse) -> int:
    """Let the judge have another name, a telephone and a NIP; return their id."""
    judge = browse(app, "juri-1")
    judge.fill("/profile", name=NAME, phone="0471 21000", nip="197512312005011008")
    with app.app_context(), transaction(writing=False):
        return the_person("juri-1").id


def everything(app) -> str:
    """All text that the database holds."""
    with app.app_context(), transaction(writing=False):
        tables = sa.inspect(db.engine).get_table_names()
        rows = (
            row for name in tables for row in db.session.execute(sa.text(f'SELECT * FROM "{name}"'))
        )
        return "\n".join(str(tuple(row)) for row in rows)


def test_nothing_of_the_person_is_left_and_the_chain_is_whole(make_app, browse):
    app = make_app("plenary")  # where a change of name is still recorded
    person_id = give_traces(app, browse)
    assert browse(app, "admin").get(f"/erasure?email={EMAIL}").html.select("main .empty")
    assert erase(browse(app, "admin")).status_code == 409
    with app.app_context(), transaction(writing=True):
        assert db.session.scalars(sa.select(AuditName.name)).all()[-1] == NAME
        the_edition().closed_at = clock.now()
    assert erase(browse(app, "admin")).status_code == 302
    left = everything(app)
    for secret in (NAME, EMAIL, "0471 21000", "197512312005011008"):
        assert secret not in left
    with app.app_context(), transaction(writing=False):
        assert verify_chain(the_edition().id).holds
        person = db.session.get_one(Person, person_id)
        assert (person.name, person.password_hash) == (f"#{person_id}", None)


def test_the_trail_says_who_acted_by_number_and_that_data_were_deleted(app, browse, admin):
    with app.app_context(), transaction(writing=False):
        person_id = the_person("juri-1").id
    organiser = browse(app, "sekretariat")
    assert "Kepala Badan Penelitian" in organiser.get(f"{E}/audit?action=sheet.lock&all=1")
    assert erase(admin).status_code == 302
    trail = organiser.get(f"{E}/audit?action=sheet.lock&all=1")
    assert "Kepala Badan Penelitian" not in trail
    assert f"#{person_id}" in trail
    assert "Data seseorang dihapus" in organiser.get(f"{E}/audit")


def test_the_result_and_what_it_rests_on_stay(app, browse, admin):
    before = browse(app).get(f"{E}/results").html.main.decode()
    assert erase(admin).status_code == 302
    assert browse(app).get(f"{E}/results").html.main.decode() == before
    verified = app.test_cli_runner().invoke(args=["audit", "verify", "luwu-utara-2019"])
    assert verified.exit_code == 0


def test_who_was_erased_can_not_sign_in_and_gets_no_letters(app, browse, admin):
    signed_in = browse(app, "juri-1")
    assert signed_in.get("/my-work").status_code == 200
    erase(admin)
    assert signed_in.get("/my-work").status_code in {302, 401}
    with app.app_context(), transaction(writing=False):
        waiting = sa.select(Letter).where(Letter.recipient == EMAIL)
        assert db.session.scalars(waiting).all() == []


@pytest.mark.parametrize("again", ["", "juri-2@luwu-utara.example"])
def test_the_address_is_typed_twice(app, admin, again):
    assert erase(admin, again=again or "x").status_code == 422
    assert "belum" not in admin.get(f"/erasure?email={EMAIL}").html.select_one("main h2").get_text()
    with app.app_context(), transaction(writing=False):
        assert the_person("juri-1").password_hash


def test_nobody_deletes_their_own_data_or_the_same_twice(app, admin):
    assert erase(admin, "admin@luwu-utara.example").status_code == 422
    assert erase(admin).status_code == 302
    assert erase(admin).status_code == 422


@pytest.mark.parametrize("who", ["sekretariat", cast.chair, cast.innovator])
def test_only_the_site_administrator_may(app, browse, who):
    assert erase(browse(app, who)).status_code == 403
