"""What is confirmed keeps the agencies of its time: their names, their tree, and who was silent."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo.moments import MOMENTS
from app.editions.actions import add_agency
from app.editions.units import Agency
from tests.cast import chair
from tests.conftest import E
from tests.factories import the_edition, the_proposal

PAGES = ("results", "innovations", "innovations/1", "agencies", "schedule")
INSIDE = ("conflicts", "ranking", "exports/agencies.csv", "exports/people.csv")
TOKEN = re.compile(r"[\w.-]{80,}")  # which names the second in which it was made


@pytest.fixture
def app(make_app):
    return make_app("published")


def reorganise(app, admin) -> None:
    """Rename the agency of the first proposal, put it below a judge's, and make a new one."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        moved = db.session.get_one(Agency, the_proposal(1).agency.origin_id)
        above = sa.select(Agency).where(
            Agency.edition_id.is_(None),
            Agency.id != moved.id,
            Agency.name.in_(sa.select(Agency.name).where(Agency.id.in_(agencies_of_judges()))),
        )
        parent = db.session.scalars(above).first()
        path = f"/organisations/{edition.organisation_id}/agencies/{moved.id}"
        values = {"name": "Dinas Baru", "parent": parent.id}
        new = {"code": "baru", "name": "Badan Baru", "kind": moved.kind, "parent": None}
        add_agency(edition.organisation, **new)
    assert admin.fill(path, path, **values).status_code == 302
    assert "Dinas Baru" in admin.get(path).text


def shown(browser, page: str) -> str:
    answer = browser.get(f"{E}/{page}")
    assert answer.status_code == 200
    return TOKEN.sub("", answer.text)


def agencies_of_judges() -> sa.Select:
    return sa.select(sa.text("agency_id")).select_from(sa.text("membership WHERE role = 'judge'"))


@pytest.mark.field("cases 7")
def test_rule_9_what_was_published_stays_whatever_is_renamed_moved_or_added(app, browse):
    stranger, organiser, admin = browse(app), browse(app, "sekretariat"), browse(app, "admin")
    before = [shown(stranger, page) for page in PAGES]
    inside = [shown(organiser, page) for page in INSIDE]
    reorganise(app, admin)
    assert [shown(stranger, page) for page in PAGES] == before
    assert [shown(organiser, page) for page in INSIDE] == inside


@pytest.mark.field("cases 7")
def test_a_role_given_after_the_confirmation_is_of_an_agency_of_that_time(app, browse):
    admin, organiser = browse(app, "admin"), browse(app, "sekretariat")
    reorganise(app, admin)
    form = organiser.get(f"{E}/people").text
    assert "Dinas Baru" not in form
    assert "Badan Baru" not in form


@pytest.mark.field("cases 7")
def test_what_is_taken_back_follows_the_agencies_again(make_app, browse):
    app = make_app("published")
    clock.shift(MOMENTS["plenary"] - clock.real_now())
    chairing, admin = browse(app, chair), browse(app, "admin")
    reorganise(app, admin)
    assert "Dinas Baru" not in chairing.get(f"{E}/conflicts").text
    reason = {"reason": "Salah waktu"}
    assert chairing.post(f"{E}/plenary/confirmation/removal", reason).status_code == 302
    assert "Dinas Baru" in browse(app, "sekretariat").get(f"{E}/proposals?search=Dinas+Baru").text
    with app.app_context(), transaction(writing=False):
        assert the_proposal(1).agency.name == "Dinas Baru"
        assert not db.session.scalars(sa.select(Agency).where(Agency.edition_id.is_not(None))).all()
