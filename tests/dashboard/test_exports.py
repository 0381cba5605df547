"""Exports: the same rows in every format, no formula that runs, nothing a conflict bars from."""

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app import clock
from app.cli import JOBS
from app.dashboard import export_files
from app.dashboard.exports import TABLES
from app.database import db, transaction
from app.editions.kinds import Role
from app.jobs import worker
from app.proposals.models import Proposal
from app.web.spreadsheets import Format, harmless, write_table
from tests.conftest import E
from tests.factories import bar


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
    assert "1 berkas sedang ditulis" in organiser.get(f"{E}/exports").text
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
