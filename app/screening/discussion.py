"""The evaluators' discussion of a proposal, closed to anyone with a conflict.

Evaluators with a desk sheet for the proposal can read and write only once they have submitted it,
so that nobody scores after reading others' words. Organisers without a conflict take part.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.permissions import evaluator
from app.evaluation.queries import own_sheet, sheets_by_proposal
from app.evaluation.recusals import conflicts_between
from app.mail import outbox
from app.proposals.models import Proposal
from app.screening.models import Remark
from app.workflow import N_, SUBMITTED_ONCE, NotAllowedNow

BEGUN = N_(
    "Hello %(name)s,\n\nA discussion of “%(title)s” has begun in %(edition)s, and your "
    "view is needed. You can join it once you have submitted your own desk sheet.\n\n%(link)s"
)


def can_discuss(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Return whether the user may read and join the discussion now."""
    is_known = user.is_a(Role.ORGANISER, Role.SCREENER) and proposal.status in SUBMITTED_ONCE
    if not is_known:
        return False
    sheet = own_sheet(user.acting, proposal, SheetKind.DESK)
    could_get_one = sheet is None and user.is_a(Role.SCREENER)
    is_blind = could_get_one or (sheet is not None and not (sheet.is_locked and sheet.counts))
    return not is_blind and not conflicts_between(evaluator(user), proposal, edition)


def remarks_on(proposal: Proposal) -> list[Remark]:
    """Return the remarks on the proposal, oldest first."""
    statement = (
        select(Remark)
        .where(Remark.proposal_id == proposal.id)
        .options(joinedload(Remark.person))
        .order_by(Remark.id)
    )
    return list(db.session.scalars(statement))


def remark_counts(proposals: list[Proposal]) -> dict[int, int]:
    """Return how many remarks there are on these proposals, by proposal id."""
    rows = db.session.execute(
        select(Remark.proposal_id, func.count())
        .where(Remark.proposal_id.in_([proposal.id for proposal in proposals]))
        .group_by(Remark.proposal_id)
    )
    return {row[0]: row[1] for row in rows}


def write_remark(proposal: Proposal, text: str, *, link: str, by: Person, now: datetime) -> None:
    """Add a remark; the first one calls in the proposal's evaluators. A repeated one is ignored."""
    edition = proposal.edition
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so screening is over."))
    before = remarks_on(proposal)
    if before and (before[-1].person_id, before[-1].text) == (by.id, text):
        return  # a double click
    if not before:
        _call(proposal, link=link, by=by, now=now)
    db.session.add(Remark(proposal_id=proposal.id, person_id=by.id, text=text, written_at=now))
    record(edition.id, "discussion.write", by=by, now=now, subject=proposal.code)


def _call(proposal: Proposal, *, link: str, by: Person, now: datetime) -> None:
    sheets = sheets_by_proposal([proposal], SheetKind.DESK).get(proposal.id, [])
    for sheet in sheets:
        if sheet.evaluator_id == by.id:
            continue
        values = {"name": sheet.evaluator.name, "title": proposal.title, "link": link}
        outbox.queue_letter(
            sheet.evaluator,
            subject=N_("Discussion of “%(title)s”"),
            body=BEGUN,
            values=values | {"edition": proposal.edition},
            edition_id=proposal.edition_id,
            now=now,
        )
