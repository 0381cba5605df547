"""What takes something away for good asks first, and says afterwards what it has done."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.database import db, transaction
from app.demo.moments import PDF
from app.editions.kinds import SheetKind
from tests.cast import ask, author_of, drafts, evaluators_of, innovator, judge, unscored
from tests.clients import Page, form_of, send
from tests.conftest import E

pytestmark = pytest.mark.field("empty 12")


def asks_first(page: Page, action: str) -> bool:
    """Whether each form that posts to an address with this ending is behind a line that unfolds."""
    forms = page.html.select(f'form[method=post][action$="{action}"]')
    assert forms, action
    return all(form.find_parent("details", class_="confirm") for form in forms)


def test_an_evaluator_is_removed_after_a_question_and_with_a_notice(make_app, browse):
    app = make_app("screening")
    number, organiser = ask(app, unscored(SheetKind.DESK))[0], browse(app, "sekretariat")
    place, before = f"{E}/proposals/{number}/decision", evaluators_of(number, SheetKind.DESK)
    page, held = organiser.get(place), ask(app, before)
    assert asks_first(page, "/evaluators/removal")
    form = form_of(page, "/evaluators/removal")
    with app.app_context(), transaction(writing=False):
        whose = db.session.get_one(Person, int(form["person"].value))
        email, name = whose.email, whose.name
    done = send(form).follow()
    assert f"Lembar penilaian {name} sudah ditarik kembali." in done.text
    assert ask(app, before) == [each for each in held if each != email]


def test_a_prepared_decision_goes_after_a_question_and_with_a_notice(make_app, browse):
    app = make_app("screening")
    number, organiser = ask(app, unscored(SheetKind.DESK))[0], browse(app, "sekretariat")
    place = f"{E}/proposals/{number}/decision"
    organiser.fill(place, outcome="ineligible", reason="Bukan perangkat daerah")
    page = organiser.get(place)
    assert asks_first(page, "/decision/removal")
    done = send(form_of(page, "/decision/removal")).follow()
    assert "Konsep keputusan telah ditarik kembali." in done.text


def test_a_file_is_removed_after_a_question_and_with_a_notice(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    place, author = f"{E}/proposals/{number}/documents", browse(app, author_of(number))
    author.post(f"{place}/1", files={"file": ("surat.pdf", PDF)})
    files = author.get(place)
    assert asks_first(files, "/removal")
    assert "telah dihapus" in send(form_of(files, "/removal")).follow().text


def test_a_time_away_is_removed_after_a_question(make_app, browse):
    member = browse(make_app("picking"), judge)
    away = {"date": "2019-10-05", "starts_at": "09:00", "ends_at": "10:00"}
    assert member.fill(f"{E}/absences", **away).status_code == 302
    assert asks_first(member.get(f"{E}/absences"), "/removal")


@pytest.mark.parametrize("action", ["/calendar/removal", "/calendar"])
def test_the_address_of_a_calendar_stops_after_a_question(make_app, browse, action):
    member = browse(make_app("picking"), innovator)
    assert not asks_first(member.get(f"{E}/calendar"), "/calendar")
    member.fill(f"{E}/calendar")
    assert asks_first(member.get(f"{E}/calendar"), action)


def test_an_edition_is_opened_to_everyone_after_a_question(make_app, browse):
    app = make_app("draft")
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.text("UPDATE edition SET is_public = false"))
    organiser = browse(app, "sekretariat")
    page = organiser.get(f"{E}/settings")
    assert asks_first(page, "/publicity")
    assert "terbuka untuk umum" in send(form_of(page, "/publicity")).follow().text
