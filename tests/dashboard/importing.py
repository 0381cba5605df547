"""Sending tables of an edition and taking them in, for tests of what that does."""

import csv
import io

import sqlalchemy as sa

from app import clock
from app.cli import JOBS
from app.database import db, transaction
from app.jobs import worker
from app.web.spreadsheets import Format, write_table
from tests.conftest import E

PAGE = f"{E}/imports"
UNITS = ("code", "name", "kind", "parent_code")


def file_of(columns: tuple[str, ...], *rows: tuple[str, ...], kind: Format = Format.CSV) -> bytes:
    return write_table(kind, columns, rows)


def exported(organiser, table: str) -> list[dict[str, str]]:
    content = organiser.get(f"{E}/exports/{table}.csv").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def file_again(rows: list[dict[str, str]]) -> bytes:
    """A file of rows that were exported."""
    return file_of(tuple(rows[0]), *(tuple(row.values()) for row in rows))


def work(app) -> None:
    with app.app_context():
        while worker.run_next(JOBS, now=clock.now):
            pass


def send(app, organiser, table: str, content: bytes, name: str = "data.csv") -> str:
    """Send a file in and return the page once it has been read."""
    answer = organiser.post(PAGE, {"table": table}, files={"file": (name, content)})
    assert answer.status_code == 302, answer.text
    work(app)
    return organiser.get(PAGE).text


def take_in(app, organiser) -> str:
    assert organiser.fill(PAGE, "/application").status_code == 302
    work(app)
    return organiser.get(PAGE).text


def count(app, model: type) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))
