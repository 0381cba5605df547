"""The plenary: who is asked for what, ties and what decided them, awards that nobody gets."""

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa

from app import clock
from app.cli import JOBS
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.editions.kinds import Role, SheetKind
from app.editions.queries import holders
from app.evaluation.models import Score, Sheet
from app.evaluation.standings import update_standings
from app.evaluation.statistics import MILLION
from app.jobs.worker import run_next
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.scoring.queries import ranking_of
from app.scoring.ranking import Ranked, deciding, ranked
from tests import cast
from tests.clients import Browser, form_of, send
from tests.conftest import E
from tests.factories import bar, make_member, the_edition, the_person, the_proposal
from tests.plenaries import prepare

PREPARE, CONFIRM = "Susun hasil dalam sidang pleno", "Setujui hasil yang disusun"
NOBODY = {"empty": "2"}


@pytest.fixture
def app(make_app):
    return make_app("plenary")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def second(app, browse) -> Browser:
    """Another organiser, whom a conflict bars from a finalist."""
    with app.app_context(), transaction(writing=True):
        agency = the_proposal(1).agency
        email = make_member(the_edition(), "Siti", Role.ORGANISER, agency=agency).email
    return browse(app, email)


def open_a_sheet(app, number: int, *, of_chair: bool = False) -> None:
    with app.app_context(), transaction(writing=True):
        chair = the_person(cast.chair).id
        own = sa.select(Sheet).join(Sheet.proposal).where(Proposal.number == number)
        whose = Sheet.evaluator_id == chair if of_chair else Sheet.evaluator_id != chair
        sheet = db.session.scalars(own.where(Sheet.kind == SheetKind.PRESENTATION, whose)).first()
        sheet.points = sheet.locked_at = None
        update_standings(the_edition().id, [sheet.proposal_id], SheetKind.PRESENTATION)


# what somebody is asked to do


@pytest.mark.field("empty 9")
def test_who_is_barred_is_not_asked_to_confirm_and_reads_why_it_is_refused(
    app, organiser, second, browse
):
    prepare(organiser, NOBODY)
    assert CONFIRM in browse(app, cast.chair).get("/my-work")
    assert CONFIRM not in second.get("/my-work")
    assert "konflik kepentingan" in second.get(f"{E}/plenary").html.main.get_text().lower()
    assert "tidak ikut menilai" not in second.get(f"{E}/plenary")
    assert "tidak ikut menilai" not in second.get(f"{E}/ranking")


def test_the_cockpit_waits_for_whoever_may_confirm_and_reminds_them(app, organiser):
    assert "Menyetujui hasil" not in organiser.get(f"{E}/cockpit").text
    prepare(organiser, NOBODY)
    assert "Menyetujui hasil sebagai orang kedua" in organiser.get(f"{E}/cockpit").text
    assert organiser.post(f"{E}/cockpit/reminders/confirmation").status_code == 302
    with app.app_context(), transaction(writing=False):
        chair = the_person(cast.chair).email
        told = sa.select(Letter.subject).where(Letter.recipient == chair)
        about = (Letter.edition_id == 1, ~Letter.subject.contains("telah masuk"))
        asked, reminded = db.session.scalars(told.order_by(Letter.id).where(*about))
        assert asked != reminded


@pytest.mark.field("empty 9")
def test_nobody_is_asked_to_prepare_what_the_plenary_would_refuse(app, organiser, second):
    assert PREPARE in organiser.get("/my-work")
    assert PREPARE not in second.get("/my-work")
    open_a_sheet(app, 5)
    assert PREPARE not in organiser.get("/my-work")


@pytest.mark.field("empty 9")
def test_a_result_that_rests_on_other_sheets_is_to_be_prepared_anew(app, organiser, browse):
    prepare(organiser, NOBODY)
    with app.app_context(), transaction(writing=True):
        update_standings(the_edition().id, [the_proposal(5).id], SheetKind.DESK)
    assert CONFIRM not in browse(app, cast.chair).get("/my-work")
    assert PREPARE in organiser.get("/my-work")


@pytest.mark.field("empty 9")
def test_the_chair_is_told_of_sheets_that_only_they_can_excuse(app, organiser, browse):
    told = "lembar penilaian belum dikirim"
    chair = browse(app, cast.chair)
    open_a_sheet(app, 5, of_chair=True)
    assert told not in chair.get("/my-work")
    open_a_sheet(app, 6)
    work = chair.get("/my-work")
    assert f"1 {told}" in " ".join(work.html.main.get_text().split())
    assert told not in organiser.get("/my-work")
    assert "/reopening" in chair.get(f"{E}/scoring")


@pytest.mark.field("empty 9")
def test_where_nobody_is_left_the_page_says_who_names_somebody(app, organiser, second, browse):
    lacking = "dari luar"
    chair = browse(app, cast.chair)
    assert lacking not in organiser.get(f"{E}/plenary")
    prepare(organiser, NOBODY)
    assert lacking not in second.get(f"{E}/plenary")
    bar(app, cast.chair, 2)
    for reader in (organiser, second, chair):
        assert lacking in reader.get(f"{E}/plenary")
    assert f'href="{E}/people"' in second.get(f"{E}/plenary").html.select_one("#lacking").decode()
    with app.app_context(), transaction(writing=True):
        make_member(the_edition(), "Inspektorat", Role.ORGANISER)
    assert lacking not in second.get(f"{E}/plenary")


@pytest.mark.field("empty 9")
def test_before_it_is_prepared_two_must_be_left(app, organiser):
    bar(app, cast.chair, 2)
    assert "dari luar" in organiser.get(f"{E}/plenary")


# ties


def line(number: int, final: int, *breakers: int) -> Ranked:
    points = Fraction(final)
    means = tuple(Fraction(each) for each in breakers)
    return Ranked(number, number, 3, 3, points, points, points, means)


@pytest.mark.field("empty 11")
def test_what_decided_is_the_first_criterion_in_which_neighbours_differ():
    lines = [line(1, 90), line(2, 80, 9, 9), line(3, 80, 9, 8), line(4, 80, 7, 9), line(5, 70)]
    assert deciding(ranked(lines).lines) == {2: {1}, 3: {0, 1}, 4: {0}}


@pytest.mark.field("empty 11")
def test_equal_in_everything_is_decided_by_nothing():
    assert deciding(ranked([line(1, 80, 9, 9), line(2, 80, 9, 9)]).lines) == {1: set(), 2: set()}


def tie(app, first: int, second: int) -> tuple[int, int]:
    """Let two places of the ranking share their result, the first being better in a criterion.

    Return the numbers of the proposals there.
    """
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        lines = ranking_of(edition).lines
        pair = [lines[first - 1], lines[second - 1]]
        value = Decimal(int(pair[0].final * 100)) / 100
        ids = [each.proposal_id for each in pair]
        deciding_one = next(each for each in edition.criteria if each.tie_break == 1)
        for sheet in db.session.scalars(sa.select(Sheet).where(Sheet.proposal_id.in_(ids))):
            sheet.points = int(value * MILLION)
            for score in sheet.scores:
                score.value = value
        of_first = sa.select(Sheet.id).where(Sheet.proposal_id == ids[0])
        mine = (Score.sheet_id.in_(of_first), Score.criterion_id == deciding_one.id)
        db.session.execute(sa.update(Score).where(*mine).values(value=value + 1))
        for kind in SheetKind:
            update_standings(edition.id, ids, kind)
        edition.placed_revision = None  # a confirmed edition keeps its places otherwise
        return pair[0].number, pair[1].number


@pytest.mark.field("empty 11")
def test_ranking_and_plenary_say_which_criterion_decided(app, organiser):
    first, second = tie(app, 3, 4)
    for page in ("ranking", "plenary"):
        text = organiser.get(f"{E}/{page}").html.main.get_text()
        notes = re.findall(r"Nilai sama, ([\d,]+); ditentukan oleh “Signifikansi”", text)
        assert len(notes) >= 2
        assert len(set(notes)) == 1
    with app.app_context(), transaction(writing=False):
        lines = {each.number: each for each in ranking_of(the_edition()).lines}
        assert (lines[first].rank, lines[second].rank) == (3, 4)
        assert lines[first].final == lines[second].final


@pytest.mark.field("empty 11")
def test_results_and_feedback_say_it_without_the_points(make_app, browse):
    app = make_app("published")
    first, _ = tie(app, 3, 4)
    clock.shift(PUBLISHED - clock.real_now() + timedelta(seconds=1))
    decided = "Nilai akhir sama; ditentukan oleh “Signifikansi”"
    public = browse(app).get(f"{E}/results")
    assert public.text.count(decided) == 2
    assert "Nilai sama" not in public
    author = browse(app, cast.author_of(first))
    assert decided in author.get(f"{E}/proposals/{first}/feedback")
    with app.app_context(), transaction(writing=False):
        other = ranking_of(the_edition()).lines[-1].number
    author = browse(app, cast.author_of(other))
    assert decided not in author.get(f"{E}/proposals/{other}/feedback")


@pytest.mark.field("cases 20", "empty 11")
def test_what_is_shown_of_desk_and_presentation_gives_the_result_that_is_shown(app, organiser):
    rows = organiser.get(f"{E}/ranking").html.select("tbody tr:not(.line)")
    shown = [
        [(cell.strong or cell).get_text(strip=True) for cell in row.select(".number")]
        for row in rows
    ]
    assert len(shown) == 27
    for cells in shown:
        assert all(re.fullmatch(r"\d+,\d{4}", cell) for cell in cells)
        final, desk, hall = (Decimal(cell.replace(",", ".")) for cell in cells)
        assert abs(desk * 40 / 100 + hall * 60 / 100 - final) <= Decimal("0.0001")
    numbers = organiser.get(f"{E}/tabulation").html.select("tbody td.number")
    assert re.fullmatch(r"\d+,\d{4}", numbers[0].get_text(strip=True))


# awards


@pytest.mark.field("empty 11")
def test_an_award_that_nobody_gets_is_asked_about(app, organiser, browse):
    asked = prepare(organiser, {"reason_2_10": "Alasan yang diketik"})
    assert asked.status_code == 422
    assert "Alasan yang diketik" in asked
    form = form_of(asked, "/plenary")
    form["empty"] = True
    assert send(form).status_code == 302
    assert "Tidak ada penerima penghargaan ini." in organiser.get(f"{E}/plenary")
    with app.app_context(), transaction(writing=True):
        chair = the_person(cast.chair)
        assert chair.id in {held.person_id for held in holders(the_edition(), Role.JUDGE)}
    browse(app, cast.chair).fill(
        f"{E}/plenary", "/plenary/confirmation", publish_at="2019-10-07T10:00"
    )
    clock.shift(PUBLISHED - clock.real_now() + timedelta(seconds=1))
    results = browse(app).get(f"{E}/results")
    assert "Top 7" in results
    assert "Kategori Partisipatif" not in results


@pytest.mark.field("empty 11")
def test_feedback_holds_no_table_of_what_did_not_take_place(make_app, browse):
    app = make_app("published")
    clock.shift(PUBLISHED - clock.real_now() + timedelta(seconds=1))
    page = f"{E}/proposals/27/feedback"
    author = browse(app, cast.author_of(27))
    assert len(author.get(page).html.select("table")) == 2
    with app.app_context(), transaction(writing=True):
        sheets = sa.select(Sheet).where(Sheet.proposal_id == the_proposal(27).id)
        for sheet in db.session.scalars(sheets.where(Sheet.kind == SheetKind.PRESENTATION)):
            db.session.delete(sheet)
    assert len(author.get(page).html.select("table")) == 1
    with app.app_context(), transaction(writing=True):
        for sheet in db.session.scalars(sheets):
            db.session.delete(sheet)
    assert "tidak dinilai" in author.get(page)


def test_who_decides_has_it_computed_how_sure_each_place_is(app, organiser):
    chance, ask = "Peluang berada di atas batas", "form[action$='/ranking/certainty']"
    page = organiser.get(f"{E}/plenary").html
    assert chance not in page.select_one("main").text
    page = send(form_of(organiser.get(f"{E}/plenary"), "/ranking/certainty")).follow().html
    assert (len(page.select("main progress")), page.select(ask)) == (1, [])
    with app.app_context():
        assert run_next(JOBS, now=clock.now)
    page = organiser.get(f"{E}/plenary").html
    assert chance in page.select_one("main").text
    assert page.select(f"{ask}, main progress") == []
