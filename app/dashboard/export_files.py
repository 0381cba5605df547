"""Large tables as files: written by the worker, kept until the next one, given to whoever asked."""

import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.accounts.models import Person
from app.dashboard.exports import TABLES
from app.database import db, transaction
from app.durable import write_durably
from app.editions.models import Edition
from app.evaluation.recusals import barred_for, evaluator_in
from app.jobs import queue
from app.jobs.models import Job, JobState
from app.jobs.worker import Handler, Report
from app.proposals.models import Proposal
from app.scoring.queries import is_looked_at_again, judges_of, ranking_of
from app.web.spreadsheets import Format, write_table

LARGE = 500
"""With more proposals than this, the worker writes the tables, not the request."""
READ = 10


def is_large(edition: Edition) -> bool:
    """Return whether the edition's tables take longer to write than a request may."""
    statement = select(func.count()).where(Proposal.edition_id == edition.id)
    return (db.session.scalar(statement) or 0) > LARGE


def kind_of(table: str, form: Format) -> str:
    """Return the kind of the job that writes this table in this format."""
    return f"export.{table}.{form.value}"


def job_of(person: Person, edition: Edition, table: str, form: Format) -> Job | None:
    """Return the newest job that writes the table for this person."""
    job = queue.latest_job(kind_of(table, form), edition.id)
    return job if job is not None and job.queued_by_id == person.id else None


def file_of(job: Job | None, folder: Path, *, without: Collection[int]) -> Path | None:
    """Return the file that a job has written, if it exists and leaves out what it must now.

    `without` holds the ids of the proposals whose judgement the reader may not read.
    """
    if job is None or job.state is not JobState.DONE or job.result is None:
        return None
    path = folder / job.result["file"]
    is_right = set(job.result["without"]) == set(without)
    return path if is_right and path.is_file() else None


def handlers(folder: Callable[[], Path]) -> dict[str, Handler]:
    """Return the worker's handler for each table in each format, by the kind of job."""
    return {
        kind_of(table, form): _handler(table, form, folder) for table in TABLES for form in Format
    }


def _handler(table: str, form: Format, folder: Callable[[], Path]) -> Handler:
    def handle(edition_id: int, report: Report) -> dict[str, Any]:
        report(READ)
        with transaction(writing=False):
            job = queue.latest_job(kind_of(table, form), edition_id)
            edition = db.session.get_one(Edition, edition_id)
            person = db.session.get_one(Person, job.queued_by_id if job else 0)
            without = hidden_from(person, edition)
            body = body_of(table, form, edition, without=without)
        name = f"{kind_of(table, form)}-{edition_id}-{secrets.token_hex(8)}"
        write_durably(folder() / name, body)
        for written in folder().glob(f"{kind_of(table, form)}-{edition_id}-*"):
            if written.name != name:
                written.unlink()
        return {"file": name, "without": sorted(without)}

    return handle


def hidden_from(person: Person, edition: Edition) -> set[int]:
    """Return the ids of the proposals whose judgement the person may not read at this moment.

    Those that a conflict bars them from; for a judge all in the ranking until a second look ends.
    """
    barred = barred_for(evaluator_in(edition, person), edition)
    if is_looked_at_again(edition) and person.id in judges_of(edition):
        barred |= ranking_of(edition).by_proposal.keys()
    return barred


def body_of(table: str, form: Format, edition: Edition, *, without: Collection[int]) -> bytes:
    """Return the table as a file, without the judgement of the proposals `without` (ids).

    Its times are in the edition's zone.
    """
    chosen = TABLES[table]
    rows = chosen.collect(edition, without)
    here = ([_in_zone(value, edition.zone) for value in row] for row in rows)
    return write_table(form, chosen.columns_in(edition), here)


def _in_zone(value: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 -- any column's value
    return value.astimezone(zone) if isinstance(value, datetime) else value
