"""Withdrawing a published result: two people decide, and what was withdrawn stays public."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app.accounts.models import Person
from app.audit.chain import record
from app.awards.actions import reopen_result
from app.awards.letters import tell_entrants
from app.awards.models import Readership, Result
from app.awards.publication import queries
from app.awards.publication.models import Decree, PastResult, Withdrawal
from app.awards.queries import awards_of, file_of, result_of
from app.database import db
from app.editions.models import Edition
from app.evaluation.recusing import recuse_conflicted
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken, check_reason


def ask_to_withdraw(edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Ask for a public result to be withdrawn; somebody else has to agree."""
    result = result_of(edition)
    if result is None or not result.is_public(now):
        raise NotAllowedNow(
            N_("Only a published result can be withdrawn; before, its confirmation is revoked.")
        )
    check_reason(reason)
    if queries.withdrawal_of(edition) is not None:
        raise Overtaken(N_("Somebody has asked to withdraw this result."))
    db.session.add(
        Withdrawal(edition_id=edition.id, reason=reason, asked_by_id=by.id, asked_at=now)
    )
    db.session.flush()
    record(edition.id, "result.ask_withdraw", by=by, now=now, reason=reason)


def keep_result(edition: Edition, *, by: Person, now: datetime) -> None:
    """Decline what somebody asked for, or take it back: the result stands."""
    asked = queries.withdrawal_of(edition)
    if asked is None:
        raise Overtaken(N_("Nobody asks to withdraw this result any more."))
    db.session.delete(asked)
    db.session.flush()
    record(edition.id, "result.keep", by=by, now=now)


def withdraw_result(edition: Edition, *, link: str, by: Person, now: datetime) -> PastResult:
    """Withdraw the result as a second person: it is kept as it was, and can be prepared anew.

    Everyone who was told of the result is told why it no longer holds.
    """
    asked, result = queries.withdrawal_of(edition), result_of(edition)
    if asked is None or result is None or result.publish_at is None:
        raise Overtaken(N_("Nobody asks to withdraw this result any more."))
    if asked.asked_by_id == by.id:
        raise DomainError(N_("Somebody else has to agree to what you asked for."))
    past = _past(edition, result, asked, by=by, now=now)
    db.session.add(past)
    reason = asked.reason
    for table in (Withdrawal, Decree):
        db.session.execute(delete(table).where(table.edition_id == edition.id))
    db.session.expire_all()
    reopen_result(result, edition)
    record(edition.id, "result.withdraw", by=by, now=now, reason=reason, round=past.round)
    recuse_conflicted(edition, by=by, now=now)  # what changed meanwhile was let be
    tell_entrants(
        edition,
        subject=N_("The result of %(edition)s has been withdrawn"),
        body=N_(
            "Hello %(name)s,\n\nThe result of %(edition)s no longer holds. The reason:\n\n"
            "%(reason)s\n\nYou will be told when there is a new one. This concerns:\n\n%(entries)s"
        ),
        values={"reason": reason},
        link_to=lambda _proposal: link,
        due_at=now,
        now=now,
    )
    return past


def _past(
    edition: Edition, result: Result, asked: Withdrawal, *, by: Person, now: datetime
) -> PastResult:
    decree = queries.decree_of(edition)
    public, full = (file_of(edition, scope) for scope in (Readership.PUBLIC, Readership.FULL))
    return PastResult(
        edition_id=edition.id,
        round=queries.round_of(edition),
        published_at=result.publish_at,
        withdrawn_at=now,
        reason=asked.reason,
        asked_by_id=asked.asked_by_id,
        agreed_by_id=by.id,
        decree=decree.number if decree and decree.is_final(now) else "",
        awards=[
            _line(award.category.name, award.rank, award.proposal) for award in awards_of(edition)
        ],
        public_file=public.content if public else "",
        public_sha256=public.digest if public else "",
        full_sha256=full.digest if full else "",
    )


def _line(category: str, place: int | None, proposal: Proposal) -> dict[str, Any]:
    return {
        "category": category,
        "place": place,
        "number": proposal.number,
        "title": proposal.title,
        "agency": proposal.agency.name,
    }
