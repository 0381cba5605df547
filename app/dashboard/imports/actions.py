"""Importing a table: the file is kept, a job previews it, another applies all of it or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.actions import LinkTo
from app.accounts.models import Person
from app.audit.chain import record
from app.dashboard import queries
from app.dashboard.imports.plan import (
    SHOWN,
    Deed,
    Fault,
    ImportChange,
    ImportPlan,
    ImportSender,
)
from app.dashboard.imports.sources import SOURCES
from app.dashboard.models import Import
from app.database import db, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.jobs import queue
from app.jobs.models import JobState
from app.jobs.worker import Report
from app.web.spreadsheets import SheetTable, read_table
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken

PLAN, APPLY = "import.plan", "import.apply"
READ, PLANNED = 20, 90
NOTHING = N_("There is nothing to import: check the preview first.")


def send_in(
    edition: Edition, table: str, content: bytes, filename: str, *, by: Person, now: datetime
) -> Import:
    """Keep a file and let the worker compute what it would do."""
    if not content:
        raise DomainError(N_("The file is empty."))
    drop_import(edition, now=now)
    taken = Import(
        edition_id=edition.id,
        table=table,
        filename="".join(filter(str.isprintable, filename))[-255:],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sent_by_id=by.id,
        sent_at=now,
    )
    db.session.add(taken)
    queue.put_job(PLAN, edition.id, by_id=by.id, now=now)
    return taken


def drop_import(edition: Edition, *, now: datetime) -> None:
    """Drop a file that was not imported, and stop the jobs that compute it."""
    if not can_drop(edition, now=now):
        raise NotAllowedNow(N_("The file is being imported right now."))
    for kind in (PLAN, APPLY):
        job = queue.latest_job(kind, edition.id)
        if job is not None and (job.is_waiting or job.state is JobState.DONE):
            queue.stop_job(job, now=now)
    taken = queries.open_import(edition.id)
    if taken is not None:
        db.session.delete(taken)
        db.session.flush()


def can_drop(edition: Edition, *, now: datetime) -> bool:
    """Return whether a file can be dropped: until the worker is at taking it in."""
    job = queue.latest_job(APPLY, edition.id)
    if job is None or job.state is not JobState.RUNNING:
        return True
    return queue.is_orphaned(job, now=now)


def request_apply(edition: Edition, digest: str, *, by: Person, now: datetime) -> None:
    """Let the worker import the file as previewed: `digest` is that of the plan that was shown."""
    planned = queue.latest_job(PLAN, edition.id)
    is_ready = planned is not None and planned.state is JobState.DONE
    if planned is None or not is_ready or (planned.result or {}).get("faults"):
        raise NotAllowedNow(NOTHING, remedy="imports.index")
    if (planned.result or {}).get("digest") != digest:
        raise Overtaken(N_("Someone else has sent another file in the meantime. Check it first."))
    queue.put_job(APPLY, edition.id, by_id=by.id, now=now)


def plan_import(edition_id: int, report: Report, *, now: datetime) -> dict[str, Any]:
    """Compute what the edition's file would do, as a result that the preview shows."""
    report(READ)
    file = _read(edition_id)
    with transaction(writing=False):
        result = described(_plan(edition_id, file, now=now))
    report(PLANNED)
    return result


def apply_import(
    edition_id: int, report: Report, *, now: datetime, link_to: LinkTo
) -> dict[str, Any]:
    """Import the file, all of it or nothing, if it still does what was previewed."""
    report(READ)
    if _is_applied(edition_id):
        return {}
    file = _read(edition_id)
    with transaction(writing=True):
        edition = locked_edition(db.session.get_one(Edition, edition_id).slug)
        taken, job = queries.open_import(edition_id), queue.latest_job(APPLY, edition_id)
        planned = queue.latest_job(PLAN, edition_id)
        if edition is None or taken is None or job is None or planned is None:
            raise NotAllowedNow(NOTHING, remedy="imports.index")
        found = _plan(edition_id, file, now=now)
        if found.faults or found.digest != (planned.result or {}).get("digest"):
            raise NotAllowedNow(
                N_("Something has changed since the preview. Send the file again."),
                remedy="imports.index",
            )
        by = db.session.get_one(Person, job.queued_by_id)
        SOURCES[taken.table].apply(found.changes, Deed(edition, by, now, link_to))
        taken.applied_at, taken.content = now, b""
        planned.state = JobState.USED
        facts: dict[str, Any] = {
            "sha256": taken.sha256,
            "new": [change.name for change in found.changes if change.is_new],
            "changed": [change.name for change in found.changes if not change.is_new],
        }
        record(edition.id, "import.apply", by=by, now=now, subject=taken.table, **facts)
        return {"changes": len(found.changes)}


def described(plan: ImportPlan) -> dict[str, Any]:
    """Return a plan as a job's result: what the preview shows, and the digest of all of it."""
    return {
        "digest": plan.digest,
        "same": plan.same,
        "ignored": plan.ignored,
        "new": sum(change.is_new for change in plan.changes),
        "faults": [_said(fault) for fault in plan.faults],
        "notes": [_said(note) for note in plan.notes],
        "changes": [_change(change) for change in plan.changes],
    }


@dataclass(frozen=True)
class _File:
    """A file as it was read, and of which import."""

    import_id: int
    table: SheetTable


def _read(edition_id: int) -> _File:
    """Read the edition's file while no transaction is open: that may take long."""
    with transaction(writing=False):
        taken = queries.open_import(edition_id)
        if taken is None:
            raise NotAllowedNow(NOTHING, remedy="imports.index")
        import_id, content, filename = taken.id, taken.content, taken.filename
        source = SOURCES[taken.table]
        known = [*source.columns_in(db.session.get_one(Edition, edition_id)), *source.only_read]
    return _File(import_id, read_table(content, filename, known=known, codes=source.codes))


def _plan(edition_id: int, file: _File, *, now: datetime) -> ImportPlan:
    edition = db.session.get_one(Edition, edition_id)
    taken = queries.open_import(edition_id)
    if taken is None or taken.id != file.import_id:
        raise NotAllowedNow(NOTHING, remedy="imports.index")
    return SOURCES[taken.table].plan(edition, file.table, ImportSender(taken.sent_by, now))


def _is_applied(edition_id: int) -> bool:
    """Return whether a worker that ended before it could say so has imported the file."""
    with transaction(writing=False):
        last, job = queries.last_import(edition_id), queue.latest_job(APPLY, edition_id)
        applied_at = last.applied_at if last else None
        return job is not None and applied_at is not None and applied_at >= job.queued_at


def _said(fault: Fault) -> dict[str, Any]:
    values = {key: str(value) for key, value in fault.values.items()}
    return {"row": fault.row, "column": fault.column, "message": fault.message, "values": values}


def _change(change: ImportChange) -> dict[str, Any]:
    fields = [[name, before[:SHOWN], after[:SHOWN]] for name, before, after in change.fields]
    return {"row": change.row, "name": change.name, "is_new": change.is_new, "fields": fields}
