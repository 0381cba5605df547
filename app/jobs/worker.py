"""Running queued jobs, one at a time.

A job reads in one transaction, computes in none, and its result is written in another. A job that
was running when the worker was killed runs again, unless it may be what kills the worker.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.database import db, transaction
from app.failures import told
from app.jobs.models import Job, JobState
from app.workflow import N_, DomainError

Report = Callable[[int], None]
"""Reports a job's progress, in percent; raises `Stopped` if it was asked to stop."""
Handler = Callable[[int, Report], dict[str, Any]]
"""Does the work for the edition with this id and returns the result."""
Now = Callable[[], datetime]

UNEXPECTED = N_("an unexpected error, recorded in the server's log")
FATAL = N_(
    "the background worker stopped three times while doing this. Send less at once, or ask the "
    "administrator to check the server's log"
)
MOST_STARTS = 3

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked the job to stop."""


def resume_jobs(*, now: datetime) -> None:
    """Queue the jobs again that were running when the last worker ended; there is one worker.

    One that was to stop has stopped; one that was started `MOST_STARTS` times has failed.
    """
    with transaction(writing=True):
        for job in db.session.scalars(select(Job).where(Job.state == JobState.RUNNING)):
            if job.wants_stop:
                job.state, job.ended_at = JobState.STOPPED, now
            elif job.starts >= MOST_STARTS:
                log.error("job %s was running each time the worker ended", job.id)
                job.state, job.ended_at, job.error = JobState.FAILED, now, FATAL
            else:
                job.state = JobState.QUEUED


def run_next(handlers: Mapping[str, Handler], *, now: Now) -> bool:
    """Run the oldest queued job; return whether there was one."""
    claimed = _claim(now())
    if claimed is None:
        return False
    job_id, kind, edition_id = claimed
    try:
        result = handlers[kind](edition_id, lambda percent: _report(job_id, percent))
    except Stopped:
        _end(job_id, JobState.STOPPED, now=now())
    except DomainError as refusal:
        _end(job_id, JobState.FAILED, now=now(), error=refusal.message)
    except Exception as error:  # noqa: BLE001 -- one job must not bring the worker down
        log.error("job %s failed\n%s", job_id, told(error))  # noqa: TRY400 -- a traceback without values
        _end(job_id, JobState.FAILED, now=now(), error=UNEXPECTED)
    else:
        _end(job_id, JobState.DONE, now=now(), result=result)
    return True


def _claim(now: datetime) -> tuple[int, str, int] | None:
    with transaction(writing=True):
        job = db.session.scalar(
            select(Job).where(Job.state == JobState.QUEUED).order_by(Job.id).limit(1)
        )
        if job is None:
            return None
        job.state, job.started_at, job.progress = JobState.RUNNING, now, 0
        job.starts += 1
        return job.id, job.kind, job.edition_id


def _report(job_id: int, percent: int) -> None:
    with transaction(writing=True):
        job = db.session.get_one(Job, job_id)
        if job.wants_stop or job.state is not JobState.RUNNING:
            raise Stopped
        job.progress = percent


def _end(
    job_id: int,
    state: JobState,
    *,
    now: datetime,
    result: dict[str, Any] | None = None,
    error: str = "",
) -> None:
    with transaction(writing=True):
        job = db.session.get_one(Job, job_id)
        if job.state is not JobState.RUNNING:
            return  # somebody took the worker for gone and ended the job
        job.state, job.ended_at, job.result, job.error = state, now, result, error[:300]
        job.progress = 100 if state is JobState.DONE else job.progress
