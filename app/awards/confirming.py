"""Confirming a result: at once, or by the worker where it rests on many sheets.

Its files, its seal and its letters take long then. The request checks everything and only asks; the
worker checks again, and confirms in the name of who asked, all of it or nothing.
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


def confirm_or_ask(
    result: Result,
    edition: Edition,
    asked: Confirmation,
    *,
    links: Links,
    by: Person,
    now: datetime,
) -> bool:
    """Confirm the result, or have the worker confirm it; return whether it is confirmed."""
    check_confirmation(result, edition, asked, by=by, now=now)
    if sheets_in(edition) <= MOST_AT_ONCE:
        confirm_result(result, edition, asked, links=links, by=by, now=now)
        return True
    put_job(KIND, edition.id, by_id=by.id, now=now, asked=_as_plain(asked))
    return False


def confirmation_in(edition: Edition, result: Result | None) -> Job | None:
    """Return the worker's last attempt at confirming what is prepared, if it waits or failed."""
    job = latest_job(KIND, edition.id) if result and result.confirmed_at is None else None
    if job is None or result is None or job.state is JobState.DONE:
        return None
    return job if job.is_waiting or job.queued_at >= result.prepared_at else None


def confirm_asked(
    edition_id: int, report: Report, *, links: Links, now: datetime
) -> dict[str, Any]:
    """Confirm, as the worker, what was asked for last, unless that is done."""
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
