"""How sure the tabulation is: computed once every desk sheet is in, shown to whom nothing bars."""

import numpy as np
import pytest

from app.database import transaction
from app.editions.kinds import SheetKind
from app.evaluation.queries import counting_sheets
from app.evaluation.standings import update_standings
from app.scoring.certainty.computing import KindSheets
from app.scoring.certainty.desk import DeskQuestion, desk_certainty_of
from tests.conftest import E
from tests.factories import bar, the_edition, the_proposal

DESK = SheetKind.DESK
CERTAINTY = f"{E}/tabulation/certainty"


@pytest.fixture
def app(make_app):
    return make_app("picking")


def question(grade: float | None) -> DeskQuestion:
    """Ten proposals ten points apart, each scored by two of three evaluators."""
    random = np.random.default_rng(3)
    rows = [
        (key, judge, (100 - 10 * key + judge + float(random.normal(0, 2)),))
        for key in range(10)
        for judge in {key % 3, (key + 1) % 3}
    ]
    sheets = KindSheets(DESK, rows, [1], [1.0], 1.0)
    return DeskQuestion(sheets, {key: key + 1 for key in range(10)}, 4, grade, 5)


def test_chances_of_the_line_and_of_the_grade_follow_the_points():
    found = desk_certainty_of(question(52.0), lambda _percent: None)
    among = [row[2] for row in found["places"]]
    reaches = [row[3] for row in found["places"]]
    assert among == pytest.approx(sorted(among, reverse=True), abs=0.01)
    assert reaches == pytest.approx(sorted(reaches, reverse=True), abs=0.01)
    ends = [among[0], among[-1], reaches[0], reaches[-1]]
    assert ends == pytest.approx([1, 0, 1, 0], abs=0.01)
    assert sum(among) == pytest.approx(4)
    assert desk_certainty_of(question(None), lambda _percent: None)["places"][0][3] is None


def work(app) -> None:
    app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)


def test_the_page_says_who_lies_too_close(app, browse):
    organiser = browse(app, "sekretariat")
    assert organiser.fill(CERTAINTY, CERTAINTY).status_code == 302
    work(app)
    page = organiser.get(CERTAINTY).html
    rows = page.select("section table")[0].select("tbody tr")
    assert len(rows) == 27
    assert "Rata-rata yang disesuaikan" in page.select("section table")[0].text
    assert organiser.get(f"{E}/tabulation").html.find("a", href=CERTAINTY)


def test_whom_a_conflict_bars_sees_no_figure(app, browse):
    organiser = browse(app, "sekretariat")
    organiser.post(CERTAINTY)
    work(app)
    bar(app, "sekretariat", 3)
    page = organiser.get(CERTAINTY)
    assert "konflik kepentingan" in page.text
    assert not page.html.select("main table")


def test_it_waits_for_every_desk_sheet(app, browse):
    with app.app_context(), transaction(writing=True):
        sheet = counting_sheets(the_proposal(5), DESK)[0]
        sheet.locked_at = sheet.points = None
        update_standings(the_edition().id, [sheet.proposal_id], DESK)
    organiser = browse(app, "sekretariat")
    assert organiser.post(CERTAINTY).status_code == 409
    assert "setelah semua lembar" in organiser.get(CERTAINTY).text.lower()
