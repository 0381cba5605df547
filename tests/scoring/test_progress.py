"""How far the sheets have come: which mark each has, who is missing, in which order."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.evaluation.models import Participation, Sheet
from app.scoring.progress import Mark, mark_of
from tests import cast
from tests.conftest import E
from tests.factories import the_edition

PAGE = f"{E}/scoring"


@pytest.mark.parametrize(
    ("participation", "states", "mark"),
    [
        (Participation.COUNTS, {"is_locked": True, "is_begun": True}, Mark.SUBMITTED),
        (Participation.COUNTS, {"is_begun": True}, Mark.BEGUN),
        (Participation.COUNTS, {"is_begun": True, "is_ahead": True}, Mark.BEGUN),
        (Participation.COUNTS, {}, Mark.MISSING),
        (Participation.COUNTS, {"is_ahead": True}, Mark.AHEAD),
        (Participation.RECUSED, {"is_locked": True}, Mark.RECUSED),
        (Participation.EXCUSED, {}, Mark.EXCUSED),
    ],
)
def test_the_mark_of_a_sheet(participation, states, mark):
    known = {"is_locked": False, "is_begun": False, "is_ahead": False} | states
    assert mark_of(participation, **known) is mark


@pytest.fixture
def app(make_app):
    return make_app("scoring")


def rows(page) -> dict[str, list[str]]:
    """The cells after code and title, by code."""
    found = {}
    for row in page.html.select("tbody tr"):
        texts = [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")]
        found[texts[0]] = texts[2:]
    return found


def strips(page) -> list[str]:
    return [strip["aria-label"] for strip in page.html.select(".matrix > ul svg")]


def test_presentations_stand_in_running_order_with_who_is_missing(app, browse):
    page = browse(app, "sekretariat").get(PAGE)
    found = rows(page)
    assert list(found)[:3] == ["P-001", "P-003", "P-005"]
    when, done, missing, *_ = found["P-005"]
    assert (when, done) == ("5 Oktober 2019, 09.30 WITA", "0 dari 5")
    assert missing.endswith("Sekretaris Bappeda tanpa Camat Sukamaju Selatan")
    assert found["P-001"][1:3] == ["6 dari 6", "–"]
    assert found["P-026"][2] == "belum dipaparkan"


def test_sheets_of_a_presentation_that_begins_early_are_missing_from_then_on(app, browse):
    organiser = browse(app, "sekretariat")
    assert rows(organiser.get(PAGE))["P-009"][2] == "belum dipaparkan"
    begun = organiser.post(f"{E}/proposals/9/beginning", {"reason": "Peserta sudah siap"})
    assert begun.status_code == 302
    assert "Sekretaris Bappeda" in rows(organiser.get(PAGE))["P-009"][2]


def test_each_judges_strip_says_in_words_what_it_shows(app, browse):
    page = browse(app, "sekretariat").get(PAGE)
    assert len(strips(page)) == 6
    assert strips(page)[0] == "Camat Sukamaju Selatan: 2 dari 25 dikirim"
    [first] = page.html.select(".matrix > ul > li:first-child .submitted")
    assert len(re.findall("M", first["d"])) == 2
    assert len(re.findall("M", page.html.select_one(".matrix > ul .recused")["d"])) == 2


def test_what_is_begun_is_told_from_what_is_not(app, browse):
    with app.app_context(), transaction(writing=True):
        person = db.session.scalar(sa.select(Person).filter_by(name="Sekretaris Bappeda"))
        sheet = db.session.scalars(
            sa.select(Sheet)
            .where(Sheet.evaluator_id == person.id, Sheet.kind == SheetKind.PRESENTATION)
            .where(Sheet.locked_at.is_(None))
            .order_by(Sheet.proposal_id)
        ).first()
        sheet.saved_at, code = the_edition().created_at, sheet.proposal.code
    page = browse(app, "sekretariat").get(PAGE)
    assert "Sekretaris Bappeda (mulai diisi)" in rows(page)[code][2]
    assert page.html.select(".matrix > ul .begun")
    assert "Sekretaris Bappeda: 2 dari 27 dikirim" in strips(page)


def test_every_mark_has_a_shape_and_stands_in_the_legend(app, browse):
    page = browse(app, "sekretariat").get(PAGE)
    shown = [mark["class"][0] for mark in page.html.select(".matrix .legend path")]
    assert shown == [mark.value for mark in Mark if mark is not Mark.NONE]


def test_only_what_is_missing_can_be_shown(app, browse):
    secretariat = browse(app, "sekretariat")
    assert len(rows(secretariat.get(f"{PAGE}?open=1"))) == 25
    desk = secretariat.get(f"{PAGE}?kind=desk&open=1")
    assert "Tidak ada yang kurang: seluruh lembar penilaian telah dikirim." in desk
    assert len(rows(secretariat.get(f"{PAGE}?kind=desk"))) == 27
    assert len(rows(secretariat.get(f"{PAGE}?kind=tidak-ada"))) == 27


def test_judges_and_observers_see_completeness_and_no_value(app, browse):
    for name in ("juri-1", "pengamat"):
        page = browse(app, name).get(PAGE)
        assert strips(page) == strips(browse(app, "sekretariat").get(PAGE))
        assert "Ingatkan" not in page
        assert not re.search(r"\d,\d\d", page.html.select_one("#list").text)
    assert browse(app, cast.author_of(1)).get(PAGE).status_code == 403


def test_the_page_takes_as_many_queries_for_few_as_for_all(app, browse, counted):
    secretariat = browse(app, "sekretariat")
    secretariat.get(PAGE)
    with counted(app) as all_of_them:
        secretariat.get(PAGE)
    with counted(app) as few:
        secretariat.get(f"{PAGE}?open=1")
    assert len(few.statements) == len(all_of_them.statements)
