"""Setting papers as PDF, many in a process; the worker does it, and keeps each with its SHA-256."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.database import db, transaction
from app.jobs.worker import Report
from app.papers import queries
from app.papers.framing import digest_of
from app.papers.kinds import Copy
from app.papers.models import Paper, PaperFile
from app.web.codes import qr_code
from app.web.typesetting import Order, Unsettable, typeset_all

AT_ONCE = 50  # papers in a process


def order_of(template: str, content: Mapping[str, Any]) -> Order:
    """Return how a paper is set: what was frozen, its code, and the day that it is dated."""
    digest = digest_of(dict(content))
    code = digest[:16]
    own = {"code": code, "qr": qr_code(f"{content['link']}?code={code}")}
    return Order(template, {**content, **own}, _midnight(content["dated_on"]))


def set_papers(
    edition_id: int, report: Report, *, now: Callable[[], datetime], begun: int = 0
) -> dict[str, Any]:
    """Make the PDFs of the edition's papers that have none; return how many were made and not.

    `begun` is how far the job is already, in percent.
    """
    done = refused = 0
    with transaction(writing=False):
        waiting = queries.unset_count(edition_id)
    while True:
        with transaction(writing=False):
            papers = queries.unset_papers(edition_id, AT_ONCE)
            orders = {paper.id: order_of(paper.template, paper.content) for paper in papers}
        if not orders:
            return {"made": done, "refused": refused}
        documents = typeset_all(list(orders.values()))
        with transaction(writing=True):
            for paper_id, document in zip(orders, documents, strict=True):
                _keep(paper_id, document, now=now())
        refused += sum(isinstance(document, Unsettable) for document in documents)
        done += sum(not isinstance(document, Unsettable) for document in documents)
        report(min(99, begun + (100 - begun) * (done + refused) // max(waiting, 1)))


def _keep(paper_id: int, document: bytes | Unsettable, *, now: datetime) -> None:
    paper = db.session.get(Paper, paper_id)
    if paper is None or paper.file(Copy.ORIGINAL) is not None:
        return
    if isinstance(document, Unsettable):
        paper.refusal = document.message % document.values
        return
    paper.files.append(
        PaperFile(
            copy=Copy.ORIGINAL,
            content=document,
            size=len(document),
            sha256=hashlib.sha256(document).hexdigest(),
            added_at=now,
        )
    )


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
