"""Kinds of units as data, what an edition calls its units, and who is asked for an innovation."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.cli import JOBS
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.queries import edition_named
from app.editions.units import Agency, Organisation
from app.jobs import worker
from tests.cast import address, author_of
from tests.clients import fields_of
from tests.conftest import E
from tests.factories import make_member, the_edition, the_proposal

FAIR = "/editions/pameran-2027"


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def admin(app, browse):
    return browse(app, "admin")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


@pytest.fixture
def organisation(app) -> str:
    with app.app_context(), transaction(writing=False):
        return f"/organisations/{db.session.scalar(sa.select(Organisation.id))}"


def add_kind(admin, organisation: str) -> None:
    fields = fields_of(admin.form(f"{organisation}/kinds"))
    fields |= {"rows-7-name": "Madrasah", "rows-7-name_en": "Islamic school"}
    fields |= {"rows-7-code": "madrasah", "rows-0-name": "Sekretariat Kabupaten"}
    assert admin.post(f"{organisation}/kinds", fields).status_code == 302


@pytest.mark.field("empty Missing")
def test_an_organisation_names_its_own_kinds_of_units(admin, organiser, organisation):
    add_kind(admin, organisation)
    page = admin.get(organisation).text
    assert "Sekretariat Kabupaten" in page  # the kind of what is there already
    unit = {"name": "MAN 2", "code": "man-2", "kind": "madrasah", "parent": "0", "can_enter": "y"}
    assert admin.post(f"{organisation}/agencies", unit).status_code == 302
    assert "<td>Madrasah</td>" in admin.get(organisation).text
    assert "man-2,MAN 2,madrasah" in organiser.get(f"{E}/exports/agencies.csv").text
    admin.post("/language", {"language": "en"})
    assert "<td>Islamic school</td>" in admin.get(organisation).text


@pytest.mark.field("empty Missing")
def test_a_kind_that_units_have_stays(admin, organisation):
    fields = fields_of(admin.form(f"{organisation}/kinds"))
    refused = admin.post(f"{organisation}/kinds", fields | {"rows-1-name": ""})
    assert refused.status_code == 409
    assert fields_of(admin.form(f"{organisation}/kinds")) == fields


@pytest.mark.field("empty Missing")
@pytest.mark.parametrize("code", ["", "Sekolah Dasar", "x" * 33, "dinas;"])
def test_a_kind_needs_a_code_that_tables_can_hold(admin, organisation, code):
    fields = fields_of(admin.form(f"{organisation}/kinds"))
    fields |= {"rows-7-name": "Sekolah dasar", "rows-7-code": code}
    assert admin.post(f"{organisation}/kinds", fields).status_code == 422


@pytest.mark.field("empty Missing")
@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("man-2,MAN 2,madrasah", "MAN 2"),
        ("sma-1,SMA 1,sma", "“sma” tidak dikenal. Isi dengan salah satu: .*, Madrasah"),
    ],
)
def test_a_table_of_units_takes_the_organisations_kinds(
    app, admin, organiser, organisation, row, shown
):
    add_kind(admin, organisation)
    file = f"code,name,kind\n{row}\n".encode()
    organiser.post(f"{E}/imports", {"table": "agencies"}, files={"file": ("unit.csv", file)})
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    assert re.search(shown, organiser.get(f"{E}/imports").text)


def make_fair(app, browse, admin, organisation: str):
    """Make a fair, as the administrator does; return its organiser's browser."""
    edition = {
        "name": "Pameran Inovasi 2027",
        "name_en": "",
        "slug": "pameran-2027",
        "source": "template:school-fair",
        "first_day": "2027-05-03",
        "days": "3",
        "organiser": address(app, "sekretariat"),
    }
    assert admin.post(f"{organisation}/editions", edition).status_code == 302
    return browse(app, "sekretariat")


@pytest.mark.field("empty Missing")
def test_a_fair_of_schools_is_called_what_it_is(app, browse, admin, organisation):
    assert "Pameran inovasi sekolah" in admin.get(organisation).text
    organiser = make_fair(app, browse, admin, organisation)
    with app.app_context(), transaction(writing=False):
        edition = edition_named("pameran-2027")
        assert len(edition.days) == 3
        assert [room.name for room in edition.rooms] == ["Aula", "Laboratorium"]
    people = organiser.get(f"{FAIR}/people").text
    assert '<th scope="col">Sekolah</th>' in people
    assert ">Sekolah</label>" in people
    assert "Judul atau sekolah" in organiser.get(f"{FAIR}/proposals").text
    assert "menilai sekolahnya" in organiser.get(FAIR).text
    organiser.post("/language", {"language": "en"})
    assert '<th scope="col">School</th>' in organiser.get(f"{FAIR}/people").text
    for page in ("", "/people", "/proposals", "/proposals/drafts", "/tabulation"):
        text = organiser.get(f"{FAIR}{page}").text
        assert "Title or agency" not in text
        assert '<th scope="col">Agency</th>' not in text


@pytest.mark.field("empty Missing")
def test_who_has_entered_is_shown_only_where_everybody_is_asked(
    app, browse, admin, organisation, organiser
):
    fair = make_fair(app, browse, admin, organisation)
    assert fair.get(f"{FAIR}/agencies").status_code == 404
    assert f"{FAIR}/agencies" not in fair.get(FAIR).text
    assert organiser.get(f"{E}/agencies").status_code == 200
    assert "Satu Perangkat Daerah, Satu Inovasi" in organiser.get(E).text
    settings = organiser.form(f"{E}/settings")
    settings["unit_word"], settings["unit_word_en"] = "Sekolah", "School"
    settings["units_word_en"] = "Schools"
    assert settings.submit().status_code == 302
    assert "Satu Sekolah, Satu Inovasi" in organiser.get(f"{E}/agencies").text
    settings = organiser.form(f"{E}/settings")
    settings["shows_coverage"] = False
    assert settings.submit().status_code == 302
    assert organiser.get(f"{E}/agencies").status_code == 404
    assert "Satu Sekolah" not in organiser.get(E).text


@pytest.mark.field("empty Missing")
def test_a_unit_that_only_gives_judges_is_not_asked_for_an_innovation(
    app, browse, admin, organiser, organisation
):
    unit = {"name": "Universitas", "code": "univ", "kind": "other", "parent": "0"}
    assert admin.post(f"{organisation}/agencies", unit).status_code == 302
    assert "Universitas" not in organiser.get(f"{E}/agencies").text
    with app.app_context(), transaction(writing=True):
        university = db.session.scalars(sa.select(Agency).where(Agency.code == "univ")).one()
        email = make_member(the_edition(), "Dosen", Role.INNOVATOR, agency=university).email
        the_proposal(1).agency.can_enter = False
        entered = the_proposal(1).agency.name
    started = browse(app, email).post(f"{E}/proposals")
    assert started.status_code == 422
    assert "Universitas" in started.text
    assert entered in organiser.get(f"{E}/agencies").text  # it has entered all the same
    assert browse(app, author_of(1)).get(f"{E}/proposals/1").status_code == 200
