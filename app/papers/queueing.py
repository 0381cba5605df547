"""Papers made by the worker: it drafts them, keeps them and sets their PDFs, kind by kind.

Each kind and language is a job of its own, so that one can be asked for while another is made.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.audit.chain import head_of
from app.database import db, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.jobs.models import Job
from app.jobs.queue import latest_job, latest_jobs, put_job, stop_job
from app.jobs.worker import Handler, Report
from app.papers.drafting import obstacles_in
from app.papers.kinds import PaperKind
from app.papers.making import Request, draft_papers, keep_papers
from app.papers.queries import made_since
from app.papers.setting import set_papers
from app.web.language import LANGUAGES
from app.workflow import N_, NotAllowedNow, Overtaken

SET_PAPERS = "papers"
"""The job that makes PDFs that are missing."""
BEGUN, DRAFTED = 1, 10  # percent of a job
ATTEMPTS = 3  # at drafting without the lock

Ask = Callable[[PaperKind, str], Request]
Now = Callable[[], datetime]


def queue_papers(
    edition: Edition, kind: PaperKind, language: str, *, by: Person, now: datetime
) -> None:
    """Let the worker make the papers of a kind; raise `NotAllowedNow` if none can be made.

    What is being made already isn't queued twice; raise `Overtaken` if it is being stopped.
    """
    if obstacle := obstacles_in(edition)[kind]:
        raise NotAllowedNow(obstacle)
    _put(job_kind(kind, language), edition, by=by, now=now)


def queue_pdfs(edition: Edition, *, by: Person, now: datetime) -> None:
    """Let the worker make the PDFs that are still missing, unless it is about to."""
    _put(SET_PAPERS, edition, by=by, now=now)


def jobs_in(edition: Edition) -> dict[str, Job]:
    """Return the newest job of each kind and language, and of missing PDFs, by its kind."""
    return latest_jobs(edition.id, (SET_PAPERS, *(name for name, _, _ in _kinds())))


def stop_jobs(edition: Edition, *, now: datetime) -> None:
    """Stop all that is being made; what is made stays."""
    for job in jobs_in(edition).values():
        if job.is_waiting:
            stop_job(job, now=now)


def job_kind(kind: PaperKind, language: str) -> str:
    """Return the kind of the job that makes papers of this kind in this language."""
    return f"paper.{kind.value}.{language}"


def job_kinds(kind: PaperKind) -> dict[str, str]:
    """Return the kinds of the jobs that make papers of this kind, by language."""
    return {language: job_kind(kind, language) for language in LANGUAGES}


def handlers(ask: Ask, *, now: Now) -> dict[str, Handler]:
    """Return the worker's handlers by kind of job; `ask` says how papers are asked for there."""
    own: dict[str, Handler] = {
        name: _handler(name, kind, language, ask, now) for name, kind, language in _kinds()
    }
    return own | {SET_PAPERS: lambda edition_id, report: set_papers(edition_id, report, now=now)}


def _handler(name: str, kind: PaperKind, language: str, ask: Ask, now: Now) -> Handler:
    def handle(edition_id: int, report: Report) -> dict[str, Any]:
        report(BEGUN)
        with transaction(writing=False):
            job = latest_job(name, edition_id)
            if job is None:
                raise LookupError(name)
            queued_at, by_id = job.queued_at, job.queued_by_id
        drafts = _draft_and_keep(edition_id, ask(kind, language), by_id, report, now=now)
        with transaction(writing=False):  # kept by this job, even if the worker ended since
            count = made_since(edition_id, kind, language, queued_at)
        done = set_papers(edition_id, report, begun=DRAFTED, now=now)
        return {"drafts": drafts, "papers": count, **done}

    return handle


def _draft_and_keep(
    edition_id: int, asked: Request, by_id: int, report: Report, *, now: Now
) -> int:
    """Keep papers as they are drafted, in the name of who asked; return how many there are.

    They are drafted while others write, and anew if anything was recorded before they are kept; at
    last while nobody else can write.
    """
    for attempt in range(1, ATTEMPTS + 1):
        with transaction(writing=False):
            edition = db.session.get_one(Edition, edition_id)
            slug, begun = edition.slug, now()
            drafted = draft_papers(edition, asked)
        report(DRAFTED)
        with transaction(writing=True):
            locked = locked_edition(slug)
            if locked is None:
                raise LookupError(slug)
            if head_of(edition_id) != drafted.basis:
                if attempt < ATTEMPTS:
                    continue
                drafted, begun = draft_papers(locked, asked), now()
            keep_papers(locked, drafted, by=db.session.get_one(Person, by_id), now=begun)
        break
    return len(drafted.papers)


def _put(name: str, edition: Edition, *, by: Person, now: datetime) -> None:
    job = latest_job(name, edition.id)
    if job is None or not job.is_waiting:
        put_job(name, edition.id, by_id=by.id, now=now)
    elif job.wants_stop:
        raise Overtaken(N_("It is being stopped. Try again in a moment."))


def _kinds() -> Iterator[tuple[str, PaperKind, str]]:
    for kind in PaperKind:
        for language in LANGUAGES:
            yield job_kind(kind, language), kind, language
