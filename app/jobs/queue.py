"""Queueing, finding and stopping jobs."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.database import db
from app.jobs.models import Job, JobState
from app.workflow import N_, Overtaken

LONGEST_RUN = timedelta(minutes=15)
"""How long a job may run before its worker is taken for gone."""


def put_job(
    kind: str,
    edition_id: int,
    *,
    by_id: int,
    now: datetime,
    asked: Mapping[str, Any] | None = None,
) -> Job:
    """Queue a job; raise `Overtaken` while one of its kind waits or runs for the edition.

    `asked` holds what is asked for besides the kind, as plain values.
    """
    job = Job(kind=kind, edition_id=edition_id, queued_by_id=by_id, queued_at=now)
    job.asked = dict(asked) if asked else None
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError as error:
        raise Overtaken(N_("This is already in progress.")) from error
    return job


def latest_job(kind: str, edition_id: int) -> Job | None:
    """Return the newest job of this kind for the edition."""
    return db.session.scalar(
        select(Job)
        .where(Job.kind == kind, Job.edition_id == edition_id)
        .order_by(Job.id.desc())
        .limit(1)
    )


def latest_jobs(edition_id: int, kinds: Collection[str]) -> dict[str, Job]:
    """Return the newest job of each of these kinds for the edition, where there is one."""
    newest = (
        select(func.max(Job.id))
        .where(Job.edition_id == edition_id, Job.kind.in_(kinds))
        .group_by(Job.kind)
    )
    return {job.kind: job for job in db.session.scalars(select(Job).where(Job.id.in_(newest)))}


def stop_job(job: Job, *, now: datetime) -> None:
    """Ask a job to stop: a queued one never starts, a finished one loses its result.

    A running one ends at its next report, or here if its worker must be gone.
    """
    job.wants_stop = True
    if job.state in {JobState.QUEUED, JobState.DONE} or is_orphaned(job, now=now):
        job.state, job.ended_at = JobState.STOPPED, now


def is_orphaned(job: Job, *, now: datetime) -> bool:
    """Return whether a job has run for longer than any does, so that its worker must be gone."""
    begun = job.started_at if job.state is JobState.RUNNING else None
    return begun is not None and now - begun > LONGEST_RUN
