"""The result by both methods: exact, kept once every sheet is in, recusal and absence no tilt."""

import importlib
import re
from fractions import Fraction

import pytest
import sqlalchemy as sa

from app.awards import actions
from app.database import db, transaction
from app.editions.kinds import Method, SheetKind
from app.evaluation.models import Participation, Sheet, Standing
from app.evaluation.queries import counting_sheets
from app.evaluation.standings import update_standings
from app.scoring import queries
from app.scoring.models import Placing
from app.scoring.queries import criterion_means, final_result_of, ranking_of
from app.scoring.ranking import Ranking
from app.scoring.results import keep_some_places
from app.workflow import Status
from tests.clients import Browser
from tests.conftest import E
from tests.factories import the_edition, the_proposal
from tests.plenaries import prepare

PRESENTATION = SheetKind.PRESENTATION
STRICT, SPARED = "Camat Sukamaju Selatan", 5  # the judge who is recused from a proposal at the top


@pytest.fixture
def app(make_app):
    return make_app("plenary")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def adjusted(app) -> None:
    """The edition has declared the adjusted mean."""
    with app.app_context(), transaction(writing=True):
        the_edition().method = Method.ADJUSTED
        the_edition().method_rule = "Pasal 7."


def ranking(app) -> Ranking:
    with app.app_context(), transaction(writing=False):
        return ranking_of(the_edition())


def places(found: Ranking) -> dict[int, int | None]:
    return {line.number: line.rank for line in found.lines}


def finals(found: Ranking) -> dict[int, Fraction | None]:
    return {line.number: line.final for line in found.lines}


def work(app) -> int:
    with app.app_context():
        return keep_some_places()


def leave_only(app, pairs) -> None:
    """Let count only the presentation sheets of these pairs of a judge's place and a number."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        sheets = db.session.scalars(sa.select(Sheet).where(Sheet.kind == PRESENTATION)).all()
        judges = sorted({sheet.evaluator_id for sheet in sheets})
        for sheet in sheets:
            if (judges.index(sheet.evaluator_id), sheet.proposal.number) not in pairs:
                sheet.participation = Participation.EXCUSED
        update_standings(edition.id, {sheet.proposal_id for sheet in sheets}, PRESENTATION)


def test_the_other_method_stands_beside_the_declared_one(app):
    found = ranking(app)
    assert (found.method, found.beside.method) == (Method.WEIGHTED, Method.ADJUSTED)
    assert places(found)[SPARED] == SPARED
    assert places(found.beside)[SPARED] == SPARED + 1


@pytest.mark.usefixtures("adjusted")
def test_the_declared_method_decides(app):
    found = ranking(app)
    assert (found.method, found.beside.method) == (Method.ADJUSTED, Method.WEIGHTED)
    assert places(found)[SPARED] == SPARED + 1


def test_the_result_of_both_kinds_adds_up_exactly(app):
    for found in (ranking(app), ranking(app).beside):
        for line in found.lines:
            assert line.final == (40 * line.desk + 60 * line.presentation) / 100


def test_another_place_names_who_was_missing(organiser):
    row = organiser.get(f"{E}/ranking").html.find("a", string="Melawan Lupa").find_parent("td")
    said = " ".join(row.text.split())
    assert re.search(
        rf"Rata-rata yang disesuaikan: peringkat 6, −0,\d{{4}} – tanpa {STRICT}, yang memberi 5,8 "
        "poin lebih rendah daripada tim",
        said,
    )


def test_the_page_of_the_method_can_be_followed_by_hand(organiser):
    page = organiser.get(f"{E}/ranking/method").html
    table = page.find("h2", string="Contoh dari edisi ini").find_next("table")
    rows = [
        [number(cell.get_text(strip=True)) for cell in row.select("td.number")]
        for row in table.select("tbody tr")
    ]
    plain, freed = (
        number(cell.strong.get_text()) for cell in table.select("tfoot td") if cell.strong
    )
    assert all(given - severity == remains for given, severity, remains in rows)
    assert abs(sum(row[0] for row in rows) / len(rows) - plain) < Fraction(1, 10**4)
    assert abs(sum(row[2] for row in rows) / len(rows) - freed) < Fraction(2, 10**4)


def number(written: str) -> Fraction:
    return Fraction(written.replace("−", "-").replace("+", "").replace(",", "."))


def test_a_judge_reads_the_method_but_no_figures_of_a_ranking_they_are_recused_from(app, browse):
    page = browse(app, "juri-5").get(f"{E}/ranking/method")
    assert "Anda memiliki konflik kepentingan" in page.text
    assert not page.html.select("main table")


def test_the_worker_keeps_the_places_once_and_they_read_as_they_were_computed(app):
    before = ranking(app)
    assert work(app) == 1
    assert ranking(app) == before
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        assert edition.placed_revision == edition.evaluation_revision
        rows = db.session.execute(
            sa.select(Placing.method, sa.func.count()).group_by(Placing.method)
        )
        assert dict(rows.all()) == dict.fromkeys(Method, 27)
        kept = final_result_of(edition).severities
    assert len(kept) == 6 * 10 + 3 * 7
    assert work(app) == 0


def test_places_that_are_kept_make_way_for_a_sheet_that_is_opened_again(app, organiser):
    work(app)
    with app.app_context(), transaction(writing=True):
        sheet = db.session.scalars(sa.select(Sheet).where(Sheet.kind == PRESENTATION)).first()
        sheet.locked_at = sheet.points = None
        update_standings(the_edition().id, [sheet.proposal_id], PRESENTATION)
    found = ranking(app)
    assert not found.is_complete
    assert set(places(found).values()) == {None}
    assert work(app) == 0
    assert (
        "Angka edisi ini ditampilkan di sini setelah" in organiser.get(f"{E}/ranking/method").text
    )


def test_sheets_of_who_does_not_compete_hold_nothing_up(app):
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(27)
        proposal.status = Status.NOT_SELECTED
        sheet = counting_sheets(proposal, SheetKind.DESK)[0]
        sheet.locked_at = sheet.points = None
        update_standings(the_edition().id, [proposal.id], SheetKind.DESK)
    assert work(app) == 1
    assert len(places(ranking(app))) == 26


def test_the_result_of_many_sheets_waits_for_the_worker(app, organiser, monkeypatch):
    for module in (queries, actions):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 10)
    assert "Peringkat sedang dihitung" in organiser.get(f"{E}/ranking").text
    assert set(places(ranking(app)).values()) == {None}
    refused = prepare(organiser, {"empty": "2"})
    assert (refused.status_code, "Peringkat sedang dihitung" in refused.text) == (409, True)
    work(app)
    assert places(ranking(app))[1] == 1


@pytest.mark.usefixtures("adjusted")
def test_who_withdraws_goes_on_telling_severities_so_that_nobody_else_moves(app):
    before = finals(ranking(app))
    with app.app_context(), transaction(writing=True):
        the_proposal(SPARED).status = Status.WITHDRAWN
        the_edition().evaluation_revision += 1
    after = finals(ranking(app))
    assert after == {number: final for number, final in before.items() if number != SPARED}


@pytest.mark.usefixtures("adjusted")
def test_a_recusal_removes_the_sheet_everywhere(app):
    """The result is what the remaining sheets give, as if the recused one had never been."""
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(20)
        sheet = counting_sheets(proposal, PRESENTATION)[0]
        sheet.participation = Participation.RECUSED
        update_standings(the_edition().id, [proposal.id], PRESENTATION)
    recused = ranking(app)
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(20)
        db.session.execute(sa.delete(Sheet).where(Sheet.participation == Participation.RECUSED))
        update_standings(the_edition().id, [proposal.id], PRESENTATION)
    never_been = ranking(app)
    assert recused == never_been
    assert finals(recused.beside)[20] != finals(recused)[20]


@pytest.mark.usefixtures("adjusted")
def test_the_means_by_criterion_give_the_result_exactly(app):
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        criteria = edition.criteria_of(PRESENTATION)
        lines = ranking_of(edition).lines
        means = criterion_means(edition, [line.proposal_id for line in lines])
        for line in lines:
            assert line.presentation == sum(
                means[line.proposal_id, criterion.id] * Fraction(criterion.weight) / 100
                for criterion in criteria
            )
        assert sum(final_result_of(edition).totals[PRESENTATION].values()) == 0


def test_below_the_quorum_there_is_no_place(app, organiser):
    leave_only(app, {(judge, number) for judge in range(6) for number in range(2, 28)} | {(0, 1)})
    found = ranking(app)
    assert found.is_complete
    assert places(found)[1] is None
    assert found.lines[-1].number == 1
    assert places(found)[2] == 1
    assert "tanpa peringkat: juri kurang dari kuorum" in organiser.get(f"{E}/ranking").text


@pytest.mark.usefixtures("adjusted")
def test_what_no_judge_connects_is_named_and_the_weighted_mean_holds(app, organiser):
    apart = {(judge, number) for judge in range(3) for number in range(1, 14)} | {
        (judge, number) for judge in range(3, 6) for number in range(14, 28)
    }
    leave_only(app, apart)
    found = ranking(app)
    assert (found.method, found.beside) == (Method.WEIGHTED, None)
    assert "yang berlaku adalah rata-rata berbobot" in organiser.get(f"{E}/ranking").text
    page = organiser.get(f"{E}/ranking/method")
    groups = page.html.find("h2", string=re.compile("tidak dapat dibandingkan")).find_next("ol")
    said = [item.get_text() for item in groups.select("li")]
    assert [len(re.findall(r"P-\d{3}", group)) for group in said] == [14, 13]
    assert STRICT in said[0]


def test_a_migration_gives_earlier_editions_the_places_that_were_shown(app):
    """Migration 0034 computes on its own what was the only method; ties are among them."""
    with app.app_context(), transaction(writing=True):
        edition, other = the_edition(), the_proposal(2)
        for kind in SheetKind:
            first = db.session.get_one(Standing, (the_proposal(1).id, kind))
            db.session.get_one(Standing, (other.id, kind)).mean = first.mean
        edition.evaluation_revision += 1
    work(app)
    migration = importlib.import_module("migrations.versions.0034_placings")
    with app.app_context(), transaction(writing=False):
        rows = migration.placed(db.session.connection(), the_edition().id, 40)
        kept = db.session.scalars(sa.select(Placing).where(Placing.method == Method.WEIGHTED)).all()
        fields = ("proposal_id", "place", "desk", "presentation", "final", "tie_breakers")
        assert {row["proposal_id"]: {field: row[field] for field in fields} for row in rows} == {
            placing.proposal_id: {field: getattr(placing, field) for field in fields}
            for placing in kept
        }
        assert sum(bool(placing.tie_breakers) for placing in kept) == 2


def test_preparing_the_result_keeps_the_places_it_rests_on(app, organiser):
    assert prepare(organiser, {"empty": "2"}).status_code == 302
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        assert edition.placed_revision == edition.evaluation_revision
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Placing)) == 2 * 27


def test_the_adjusted_mean_needs_a_rule(make_app, browse):
    organiser = browse(make_app("draft"), "sekretariat")
    refused = organiser.fill(f"{E}/settings", method="adjusted")
    assert refused.status_code == 422
    assert "Rata-rata yang disesuaikan memerlukan ketentuan" in refused.text
    rule = {"method": "adjusted", "method_rule": "Pasal 7 ayat (2)."}
    assert organiser.fill(f"{E}/settings", **rule).status_code == 302
    assert "Pasal 7 ayat (2)." in organiser.get(f"{E}/ranking/method").text


def test_the_method_is_final_once_scoring_is_open(app, organiser):
    rule = {"method": "adjusted", "method_rule": "Pasal 7."}
    assert organiser.fill(f"{E}/settings", **rule).status_code == 409
    with app.app_context(), transaction(writing=False):
        assert the_edition().method is Method.WEIGHTED
