"""Exports: the same rows in every format, no formula that runs, nothing a conflict bars from."""

import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app import clock
from app.cli import JOBS
from app.dashboard import export_files
from app.dashboard.columns import COLUMN_LABELS
from app.dashboard.exports import TABLES, _decimal
from app.dashboard.imports.sources import SOURCES
from app.database import db, transaction
from app.editions.kinds import Role, SheetKind
from app.evaluation.models import Score, Sheet, Standing
from app.jobs import worker
from app.proposals.models import Proposal
from app.scoring.queries import ranking_of
from app.web.spreadsheets import Format, harmless, write_table
from app.workflow import Status
from tests.cast import ask, scored
from tests.conftest import E
from tests.factories import bar, the_edition, the_proposal


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def rows_of(organiser, table: str) -> list[dict[str, str]]:
    answer = organiser.get(f"{E}/exports/{table}.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


def test_every_column_is_told_in_words():
    exported = {code for table in TABLES.values() for code in table.columns}
    imported = {code for source in SOURCES.values() for code in source.required + source.optional}
    assert exported | imported == COLUMN_LABELS.keys()


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_the_same_rows_in_every_format(make_app, browse, table):
    organiser = browse(make_app("published"), "sekretariat")
    by_csv = rows_of(organiser, table)
    by_json = json.loads(organiser.get(f"{E}/exports/{table}.json").body)
    book = load_workbook(io.BytesIO(organiser.get(f"{E}/exports/{table}.xlsx").body))
    columns, *cells = book.active.iter_rows(values_only=True)
    assert len(by_csv) == len(by_json) == len(cells)
    assert list(by_csv[0]) == list(by_json[0]) == list(columns)
    for row, values in zip(by_json, cells, strict=True):
        assert [each or None for each in row.values()] == [each or None for each in values]


def test_the_tables_hold_what_the_edition_holds(organiser):
    proposals = rows_of(organiser, "proposals")
    assert [each["number"] for each in proposals] == [str(n) for n in range(1, 28)]
    assert proposals[0]["status"] == "submitted"
    assert proposals[0]["text: Kebaruan"]
    assert {each["role"] for each in rows_of(organiser, "people")} == {each.value for each in Role}
    assert (
        len(rows_of(organiser, "scores")) % len({r["number"] for r in rows_of(organiser, "scores")})
        == 0
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＠x"])
def test_no_text_runs_as_a_formula(text):
    assert harmless(text) == f"'{text}"
    assert harmless("biasa = baik") == "biasa = baik"
    body = write_table(Format.XLSX, ["title"], [[text]])
    cell = load_workbook(io.BytesIO(body)).active["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert (cell.value or "").strip() == text.strip().removesuffix("\r")


def test_hostile_titles_are_harmless_in_the_file(app, organiser):
    with app.app_context(), transaction(writing=True):
        db.session.execute(
            sa.update(Proposal).where(Proposal.number == 1).values(title='=HYPERLINK("x";"y")')
        )
    assert rows_of(organiser, "proposals")[0]["title"] == '\'=HYPERLINK("x";"y")'


def test_rule_3_what_a_conflict_bars_from_is_left_out(app, organiser):
    assert "1" in {each["number"] for each in rows_of(organiser, "scores")}
    bar(app, "sekretariat", 1)
    for table in ("scores", "tabulation", "findings"):
        assert "1" not in {each["number"] for each in rows_of(organiser, table)}


def test_what_is_no_table_or_no_format_is_missing(organiser):
    assert organiser.get(f"{E}/exports/nothing.csv").status_code == 404
    assert organiser.get(f"{E}/exports/proposals.exe").status_code == 404
    assert organiser.get(f"{E}/exports").status_code == 200


def test_every_column_is_documented():
    documented: dict[str, list[str]] = {}
    table = ""
    for line in Path("docs/export.md").read_text("utf-8").splitlines():
        cells = [each.strip() for each in line.split("|")[1:-1]]
        if len(cells) == 4 and cells[1] not in {"column", "---"}:
            table = cells[0] or table
            documented.setdefault(table, []).append(cells[1])
    documented["proposals"].remove("text: …")
    assert documented == {name: list(each.columns) for name, each in TABLES.items()}


def test_the_result_is_taken_out_once_it_is_confirmed_and_not_before(make_app, browse):
    for moment, count in (("plenary", 0), ("published", 27)):
        organiser = browse(make_app(moment), "sekretariat")
        assert len(rows_of(organiser, "ranking")) == count
        assert len(rows_of(organiser, "awards")) == (10 if count else 0)


def test_a_large_table_is_written_by_the_worker_for_who_asked(app, organiser, monkeypatch):
    small = organiser.get(f"{E}/exports/proposals.json").body
    monkeypatch.setattr(export_files, "LARGE", 5)
    place = f"{E}/exports/proposals.json"
    assert organiser.get(place).status_code == 409
    assert organiser.post(place).status_code == 302
    assert organiser.post(place).status_code == 409  # it waits already
    assert "1 berkas sedang dibuat" in organiser.get(f"{E}/exports").text
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    assert organiser.get(place).body == small


def test_rule_3_the_worker_leaves_out_what_a_conflict_bars_from(app, organiser, monkeypatch):
    bar(app, "sekretariat", 5)
    monkeypatch.setattr(export_files, "LARGE", 5)
    organiser.post(f"{E}/exports/tabulation.csv")
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    numbers = {row["number"] for row in rows_of(organiser, "tabulation")}
    assert "5" not in numbers
    assert "6" in numbers


def test_rule_3_a_file_written_before_a_conflict_is_handed_out_no_more(app, organiser, monkeypatch):
    monkeypatch.setattr(export_files, "LARGE", 5)
    place = f"{E}/exports/scores.csv"
    organiser.post(place)
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    assert organiser.get(place).status_code == 200
    bar(app, "sekretariat", 5)
    assert organiser.get(place).status_code == 409


def published_tie(app) -> list[int]:
    """Let two proposals share their result, which is broken against the order of their numbers."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        weaker, stronger = sorted(ranking_of(edition).lines, key=lambda line: line.number)[:2]
        for kind in SheetKind:
            first, second = (
                db.session.get_one(Standing, (line.proposal_id, kind))
                for line in (weaker, stronger)
            )
            second.mean, second.median, second.spread = first.mean, first.median, first.spread
        sheets = sa.select(Sheet.id).where(Sheet.proposal_id == weaker.proposal_id)
        db.session.execute(sa.update(Score).where(Score.sheet_id.in_(sheets)).values(value=1))
        edition.placed_revision = None  # a confirmed edition keeps its places otherwise
        return [stronger.number, weaker.number]


@pytest.mark.field("empty 7")
def test_the_ranking_has_ranks_in_its_order_and_ties_as_they_were_broken(make_app, browse):
    app = make_app("published")
    tied = published_tie(app)
    rows = rows_of(browse(app, "sekretariat"), "ranking")
    both = [row for row in rows if int(row["number"]) in tied]
    assert [int(row["number"]) for row in both] == tied
    assert both[0]["final_exact"] == both[1]["final_exact"]
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, len(rows) + 1)]


@pytest.mark.field("empty 7")
@pytest.mark.parametrize(
    ("table", "column"), [("ranking", "final"), ("ranking", "desk"), ("tabulation", "mean")]
)
def test_averages_are_decimal_numbers_beside_the_exact_fraction(make_app, browse, table, column):
    organiser = browse(make_app("published"), "sekretariat")
    rows = json.loads(organiser.get(f"{E}/exports/{table}.json").body)
    book = load_workbook(io.BytesIO(organiser.get(f"{E}/exports/{table}.xlsx").body))
    columns, *cells = book.active.iter_rows()
    place = [cell.value for cell in columns].index(column)
    for row, shown, line in zip(rows, rows_of(organiser, table), cells, strict=True):
        exact = Fraction(row[f"{column}_exact"])
        assert abs(Fraction(shown[column]) - exact) <= Fraction(1, 2 * 10**10)
        assert re.fullmatch(r"\d{1,3}(\.\d{1,10})?", shown[column])
        assert isinstance(row[column], float | int)
        assert line[place].data_type == "n"
        assert line[place].value == row[column]


@pytest.mark.field("empty 7")
@pytest.mark.parametrize(
    ("points", "digits"),
    [
        (Fraction(11, 5), "2.2"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(1, 10**9), "0.000000001"),
        (Fraction(2, 3), "0.6666666667"),
    ],
)
def test_a_decimal_number_is_written_out_in_digits(points, digits):
    body = write_table(Format.CSV, ["mean"], [[_decimal(points)]])
    assert body.decode("utf-8-sig").split() == ["mean", digits]


@pytest.mark.field("empty 7")
def test_weights_and_scores_are_numbers_that_can_be_summed_up(organiser):
    rows = json.loads(organiser.get(f"{E}/exports/scores.json").body)
    assert all(isinstance(row[name], float | int) for row in rows for name in ("weight", "score"))


def test_the_scores_of_presentations_are_a_table_once_their_sheets_are_whole(make_app, browse):
    for moment in ("scoring", "plenary"):
        app = make_app(moment)
        whole = ask(app, scored(SheetKind.PRESENTATION))
        rows = rows_of(browse(app, "sekretariat"), "presentation_scores")
        assert {int(row["number"]) for row in rows} == set(whole)
    number = rows[0]["number"]
    judges = {row["evaluator"] for row in rows if row["number"] == number}
    points = sum(
        Fraction(row["weight"]) * Fraction(row["score"]) / 100
        for row in rows
        if row["number"] == number
    )
    with app.app_context(), transaction(writing=False):
        lines = ranking_of(the_edition()).lines
        line = next(each for each in lines if each.number == int(number))
        assert points / len(judges) == line.presentation


@pytest.mark.field("empty 7")
def test_rule_5_who_is_recused_reads_no_score_of_a_presentation_before_the_result(make_app, browse):
    for moment, is_open in (("plenary", False), ("published", True)):
        app = make_app(moment)
        number = ask(app, scored(SheetKind.PRESENTATION))[0]
        bar(app, "sekretariat", number)
        organiser = browse(app, "sekretariat")
        numbers = {row["number"] for row in rows_of(organiser, "presentation_scores")}
        assert str(number) not in numbers
        assert bool(numbers) == is_open


@pytest.mark.field("security F6")
def test_rule_3_the_place_on_the_reserve_list_is_left_out_for_whom_a_conflict_bars(app, organiser):
    with app.app_context(), transaction(writing=True):
        for number, place in ((3, 1), (4, 2)):
            proposal = the_proposal(number)
            proposal.status, proposal.reserve_place = Status.RESERVE, place
    places = {row["number"]: row["reserve_place"] for row in rows_of(organiser, "proposals")}
    assert (places["3"], places["4"]) == ("1", "2")
    bar(app, "sekretariat", 3)
    for form in ("csv", "json"):
        body = organiser.get(f"{E}/exports/proposals.{form}").body.decode("utf-8-sig")
        rows = json.loads(body) if form == "json" else csv.DictReader(io.StringIO(body))
        places = {str(row["number"]): row["reserve_place"] for row in rows}
        assert not places["3"]
        assert str(places["4"]) == "2"
