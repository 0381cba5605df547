"""What files and the worker do to an import: unreadable, dropped, changed or lost meanwhile."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.dashboard.imports import actions
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.web.spreadsheets import read_table
from app.workflow import DomainError
from tests.clients import fields_of
from tests.dashboard.importing import (
    PAGE,
    UNITS,
    exported,
    file_again,
    file_of,
    send,
    take_in,
    work,
)


def test_what_changed_since_the_preview_is_not_overwritten(app, organiser):
    rows = exported(organiser, "people")
    rows[-1]["title"] = "Pengamat utama"
    send(app, organiser, "people", file_again(rows))
    with app.app_context(), transaction(writing=True):
        observer = sa.select(Membership).where(Membership.role == Role.OBSERVER)
        db.session.scalars(observer).one().title = "Pengamat utama"
    text = take_in(app, organiser)
    assert "Ada data yang berubah sejak pratinjau" in text


def test_a_file_is_dropped_and_another_sent(app, organiser):
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-x", "Dinas X", "dinas", "")))
    assert organiser.post(f"{PAGE}/removal").status_code == 302
    assert "data.csv" not in organiser.get(PAGE).text
    assert organiser.post(f"{PAGE}/application").status_code == 409


UNREADABLE = [
    (b"", "kosong.csv", 422),
    (b"a,b", "tabel.pdf", 422),
    (b"PK\x03\x04zzz", "rusak.xlsx", 302),
    (b'"offen', "rusak.csv", 302),
]


@pytest.mark.parametrize(("content", "name", "status"), UNREADABLE)
def test_an_unreadable_file_is_refused_in_words(app, organiser, content, name, status):
    answer = organiser.post(PAGE, {"table": "agencies"}, files={"file": (name, content)})
    assert answer.status_code == status
    if status == 302:
        work(app)
        assert "Tidak ada data yang diubah" in organiser.get(PAGE).text


def test_a_table_is_read_with_semicolons_and_without_guarding_apostrophes():
    table = read_table('code;name\nx;\'=1+1\n\n;\ny;Nama "A"\n'.encode("cp1252"), "x.csv")
    assert table.columns == ["code", "name"]
    assert table.rows == [
        (2, {"code": "x", "name": "=1+1"}),
        (5, {"code": "y", "name": 'Nama "A"'}),
    ]


def test_a_file_with_too_many_rows_is_refused():
    with pytest.raises(DomainError):
        read_table(b"code\n" + b"x\n" * 10_001, "x.csv")


def test_only_the_file_that_was_looked_at_is_taken_in(app, organiser):
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-x", "Dinas X", "dinas", "")))
    seen = fields_of(organiser.form(PAGE, "/application"))
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-y", "Dinas Y", "dinas", "")))
    assert organiser.post(f"{PAGE}/application", seen).status_code == 409


@pytest.mark.field("security F18")
def test_a_file_of_two_million_columns_is_refused_and_the_worker_goes_on(app, organiser):
    assert "lebih dari 200 kolom" in send(app, organiser, "agencies", b"x," * 2_000_000)
    row = ("dinas-x", "Dinas X", "dinas", "")
    assert "1 baru" in send(app, organiser, "agencies", file_of(UNITS, row))


@pytest.mark.field("security F18")
def test_a_file_is_read_while_no_transaction_is_open(app, organiser, monkeypatch):
    found = []

    def look(*arguments: object, **options: object) -> object:
        found.append(db.session().in_transaction())
        return read_table(*arguments, **options)

    monkeypatch.setattr(actions, "read_table", look)
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-x", "Dinas X", "dinas", "")))
    take_in(app, organiser)
    assert found == [False, False]


@pytest.mark.field("faults 14", "security F18")
def test_a_file_that_is_being_read_can_be_dropped(app, organiser):
    file = file_of(UNITS, ("dinas-x", "Dinas X", "dinas", ""))
    organiser.post(PAGE, {"table": "agencies"}, files={"file": ("data.csv", file)})
    set_job(app, state=JobState.RUNNING, started_at=clock.now())
    assert organiser.fill(PAGE, "/removal").status_code == 302
    assert "data.csv" not in organiser.get(PAGE).text
    with app.app_context():
        worker.resume_jobs(now=clock.now())
    assert job_state(app) is JobState.STOPPED


@pytest.mark.field("faults 14")
def test_a_file_that_a_lost_worker_was_taking_in_can_be_dropped_in_the_end(app, organiser):
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-x", "Dinas X", "dinas", "")))
    organiser.fill(PAGE, "/application")
    set_job(app, state=JobState.RUNNING, started_at=clock.now())
    assert organiser.post(f"{PAGE}/removal").status_code == 409
    set_job(app, started_at=clock.now() - timedelta(hours=1))
    assert organiser.post(f"{PAGE}/removal").status_code == 302
    assert job_state(app) is JobState.STOPPED
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-y", "Dinas Y", "dinas", "")))
    assert organiser.fill(PAGE, "/application").status_code == 302


@pytest.mark.field("faults 14")
def test_an_import_whose_worker_ended_before_it_said_so_counts_as_done(app, organiser):
    send(app, organiser, "agencies", file_of(UNITS, ("dinas-x", "Dinas X", "dinas", "")))
    take_in(app, organiser)
    set_job(app, state=JobState.RUNNING)
    with app.app_context():
        worker.resume_jobs(now=clock.now())
    work(app)
    assert job_state(app) is JobState.DONE


def latest() -> Job:
    return db.session.scalars(sa.select(Job).order_by(Job.id.desc()).limit(1)).one()


def set_job(app, **values: object) -> None:
    with app.app_context(), transaction(writing=True):
        job = latest()
        for name, value in values.items():
            setattr(job, name, value)


def job_state(app) -> JobState:
    with app.app_context(), transaction(writing=False):
        return latest().state
