"""Confirming, by the worker, a result that rests on many sheets.

Its files, its seal and its letters take long then. The request checks everything and queues a job;
the worker checks again, and confirms in the name of who asked, all of it or nothing.
"""

from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.awards import queries
from app.awards.actions import (
    Confirmation,
    Links,
    check_confirmation,
    confirm_result,
    confirmers,
)
from app.awards.models import Disclosure, Result
from app.database import db, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.jobs.models import Job, JobState
from app.jobs.queue import latest_job, put_job
from app.jobs.worker import Report
from app.scoring.results import MOST_AT_ONCE, sheets_in
from app.workflow import N_, NotAllowedNow

KIND = "confirm"
BEGUN = 5  # percent


def is_left_to_worker(edition: Edition) -> bool:
    """Return whether confirming the result takes too long for a request."""
    return sheets_in(edition) > MOST_AT_ONCE


def queue_confirmation(
    result: Result, edition: Edition, asked: Confirmation, *, by: Person, now: datetime
) -> None:
    """Let the worker confirm the result; raise `DomainError` if it can't be confirmed so."""
    check_confirmation(result, edition, asked, by=by, now=now)
    put_job(KIND, edition.id, by_id=by.id, now=now, asked=_as_plain(asked))


def confirming_job(edition: Edition, result: Result | None) -> Job | None:
    """Return the job that confirms what is prepared: while it waits or runs, and if it failed."""
    if result is None or result.confirmed_at is not None:
        return None
    job = latest_job(KIND, edition.id)
    if job is None or job.is_waiting:
        return job
    is_about_it = job.state is JobState.FAILED and job.queued_at >= result.prepared_at
    return job if is_about_it else None


def confirm_queued(
    edition_id: int, report: Report, *, links: Links, now: datetime
) -> dict[str, Any]:
    """Confirm, as the worker, what was queued last, unless that is done."""
    report(BEGUN)
    with transaction(writing=False):
        slug = db.session.get_one(Edition, edition_id).slug
    with transaction(writing=True):
        edition, job = locked_edition(slug), latest_job(KIND, edition_id)
        result = queries.result_of(edition) if edition else None
        if edition is None or job is None or result is None:
            raise NotAllowedNow(N_("There is no result to be confirmed."))
        by = db.session.get_one(Person, job.queued_by_id)
        if result.confirmed_at and result.confirmed_at >= job.queued_at:
            return {}  # the worker ended after it, before it could say so
        if by not in confirmers(edition):
            raise NotAllowedNow(N_("Whoever asked for it may not confirm this result now."))
        confirm_result(
            result, edition, _from_plain(job.asked or {}, now), links=links, by=by, now=now
        )
    return {}


def _as_plain(asked: Confirmation) -> dict[str, str]:
    return {
        "seen": asked.seen,
        "disclosure": asked.disclosure.value,
        "publish_at": asked.publish_at.isoformat(),
    }


def _from_plain(asked: dict[str, str], now: datetime) -> Confirmation:
    """Return what was asked for; a moment that has passed while it waited is now."""
    publish_at = datetime.fromisoformat(asked["publish_at"])
    return Confirmation(asked["seen"], Disclosure(asked["disclosure"]), max(publish_at, now))
