"""Objecting to a published result: filed by an entrant, assigned, answered from the record."""

from datetime import datetime, timedelta

from app.accounts.models import Person
from app.audit.chain import record
from app.audit.queries import entry_numbered
from app.awards.models import Result
from app.awards.publication import queries
from app.awards.publication.models import Objection, ObjectionMatter, Ruling
from app.awards.queries import entitled, result_of
from app.database import db, flush_or
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import holders
from app.editions.timeline import whole_day
from app.evaluation.recusals import conflicts_of_person
from app.mail import outbox
from app.proposals.models import Proposal
from app.workflow import N_, SUBMITTED_ONCE, DomainError, NotAllowedNow, Overtaken, Status

MAY_OBJECT = SUBMITTED_ONCE - {Status.WITHDRAWN}
TWICE = N_("There is an objection in this matter already. Each matter can be objected to once.")
LAST_MINUTE = timedelta(minutes=1)  # a day ends at 23:59, as people write it


def objecting_until(edition: Edition, result: Result | None) -> datetime | None:
    """Return when objecting ends: late on the last of the declared days; None if nobody can."""
    if result is None or result.publish_at is None or not edition.objection_days:
        return None
    published_on = result.publish_at.astimezone(edition.zone).date()
    _, end = whole_day(published_on + timedelta(days=edition.objection_days), edition)
    return end - LAST_MINUTE


def can_object(proposal: Proposal, edition: Edition, *, now: datetime) -> bool:
    """Return whether the proposal's authors can object to the result now."""
    result = result_of(edition)
    until = objecting_until(edition, result)
    is_open = result is not None and result.is_public(now) and until is not None and now < until
    return is_open and proposal.status in MAY_OBJECT


def file_objection(
    proposal: Proposal, matter: ObjectionMatter, text: str, *, link: str, by: Person, now: datetime
) -> Objection:
    """File an entrant's objection, and tell the organisers."""
    edition = proposal.edition
    if not can_object(proposal, edition, now=now):
        raise NotAllowedNow(N_("Nobody can object to this result now."))
    if not text:
        raise DomainError(N_("Write what you object to, and why."))
    objection = Objection(
        edition_id=edition.id,
        proposal_id=proposal.id,
        matter=matter,
        round=queries.round_of(edition),
        text=text,
        filed_by_id=by.id,
        filed_at=now,
    )
    db.session.add(objection)
    flush_or(Overtaken(TWICE))
    record(edition.id, "objection.file", by=by, now=now, subject=proposal.code, matter=matter.value)
    for holder in holders(edition, Role.ORGANISER):
        outbox.queue_letter(
            holder.person,
            subject=N_("An objection to the result of %(edition)s"),
            body=N_(
                "Hello %(name)s,\n\nThe authors of %(code)s object to the result of %(edition)s: "
                "%(matter)s. Assign it to somebody without a conflict of interest:\n\n%(link)s"
            ),
            values={
                "name": holder.person.name,
                "code": proposal.code,
                "edition": edition,
                "matter": matter.label,
                "link": link,
            },
            edition_id=edition.id,
            now=now,
        )
    return objection


def who_can_answer(objection: Objection, edition: Edition) -> list[Person]:
    """Return who may be assigned the objection: the chair and organisers without a conflict."""
    return [
        person
        for person in entitled(edition)
        if not conflicts_of_person(person, objection.proposal)
    ]


def assign_objection(
    objection: Objection, person: Person, *, link: str, by: Person, now: datetime
) -> None:
    """Let this person answer the objection, and tell them."""
    edition = objection.proposal.edition
    _check_open(objection)
    if person not in who_can_answer(objection, edition):
        raise DomainError(
            N_("Only the chair or an organiser without a conflict of interest can answer it.")
        )
    objection.assigned_to_id = person.id
    _record(objection, "objection.assign", by=by, now=now, to=person.id)
    outbox.queue_letter(
        person,
        subject=N_("An objection for you to answer: %(code)s"),
        body=N_(
            "Hello %(name)s,\n\nAn objection of the authors of %(code)s to the result of "
            "%(edition)s has been assigned to you. Read the record and answer it here:\n\n%(link)s"
        ),
        values={
            "name": person.name,
            "code": objection.proposal.code,
            "edition": edition,
            "link": link,
        },
        edition_id=edition.id,
        now=now,
    )


def answer_objection(
    objection: Objection,
    answer: Ruling,
    *,
    reason: str,
    entry: int | None,
    link: str,
    by: Person,
    now: datetime,
) -> None:
    """Answer it with a reason from the record, as the one whom it was assigned; tell the authors.

    `entry` is the number of the audit entry on which the reason rests, if it names one.
    """
    edition = objection.proposal.edition
    _check_open(objection)
    if objection.assigned_to_id != by.id or by not in who_can_answer(objection, edition):
        raise NotAllowedNow(N_("Somebody else has been assigned this objection."))
    if not reason:
        raise DomainError(N_("Give a reason: the proposers will read it."))
    if entry is not None and entry_numbered(edition.id, entry) is None:
        raise DomainError(N_("The audit trail has no entry %(number)s."), number=entry)
    objection.answer, objection.reason, objection.entry = answer, reason, entry
    objection.answered_by_id, objection.answered_at = by.id, now
    _record(objection, "objection.answer", by=by, now=now, reason=reason, answer=answer.value)
    for author in objection.proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("The answer to your objection: %(edition)s"),
            body=N_(
                "Hello %(name)s,\n\nYour objection (%(matter)s) has been decided: %(answer)s.\n\n"
                "%(reason)s\n\n%(link)s"
            ),
            values={
                "name": author.name,
                "edition": edition,
                "matter": objection.matter.label,
                "answer": answer.label,
                "reason": reason,
                "link": link,
            },
            edition_id=edition.id,
            now=now,
        )


def _check_open(objection: Objection) -> None:
    if objection.answer is not None:
        raise Overtaken(N_("This objection has been answered already."))


def _record(
    objection: Objection,
    action: str,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    **facts: object,
) -> None:
    db.session.flush()
    record(
        objection.edition_id,
        action,
        by=by,
        now=now,
        subject=objection.proposal.code,
        reason=reason,
        matter=objection.matter.value,
        **facts,
    )
