"""The head of the audit chain, mailed to the judges: up to there nobody can rewrite it unseen."""

from datetime import datetime

from sqlalchemy import exists, select

from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import holders
from app.evaluation.models import Sheet
from app.mail import letters, outbox
from app.proposals.models import Proposal
from app.workflow import COMPETING, N_, Message


def send_head_after_last_lock(edition: Edition, head: str, *, now: datetime) -> None:
    """Mail the head if no sheet of a competing proposal is open any more, once scoring is open."""
    if edition.is_frozen and not _has_open_sheet(edition):
        send_head(
            edition,
            head,
            subject=N_("All score sheets of %(edition)s are in"),
            body=N_(
                "Hello %(name)s,\n\nThe last score sheet of %(edition)s was submitted on "
                "%(moment)s.\n\nKeep this e-mail: up to this point, the audit trail has the "
                "fingerprint\n%(head)s"
            ),
            now=now,
        )


def send_head(
    edition: Edition, head: str, *, subject: Message, body: Message, now: datetime
) -> None:
    """Mail the head (a hash) to all judges, in these words."""
    for judge in holders(edition, Role.JUDGE):
        person = judge.person
        outbox.queue_letter(
            person,
            subject=subject,
            body=body,
            values={
                "name": person.name,
                "edition": edition,
                "moment": letters.moment(now, edition.zone, person.language),
                "head": head,
            },
            edition_id=edition.id,
            now=now,
        )


def _has_open_sheet(edition: Edition) -> bool:
    statement = select(
        exists(
            select(Sheet.id)
            .join(Proposal, Proposal.id == Sheet.proposal_id)
            .where(
                Proposal.edition_id == edition.id,
                Proposal.status.in_(COMPETING),
                Sheet.counts,
                Sheet.locked_at.is_(None),
            )
        )
    )
    return bool(db.session.scalar(statement))
