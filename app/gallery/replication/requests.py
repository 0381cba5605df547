"""Asking to replicate an innovation, passing that on once its sender is known, and answering.

No address is shown to anybody: letters of the app carry what is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, select, update

from app.accounts.actions import LinkTo
from app.accounts.emails import canonical_email
from app.accounts.models import Person
from app.accounts.secrets import digest, new_token
from app.audit.chain import record
from app.awards.queries import result_of
from app.database import db
from app.gallery.replication.models import Replication
from app.gallery.replication.queries import evaluates, passed_on_since, waits_already
from app.mail import outbox
from app.mail.models import Letter
from app.names import quoted
from app.proposals.models import Proposal
from app.proposals.showcase.actions import agreed_of
from app.workflow import COMPETING, N_, DomainError, NotAllowedNow, Overtaken

LINK_LIFETIME = timedelta(days=2)
MOST_A_DAY, DAY = 10, timedelta(days=1)  # requests that reach the authors of one innovation
KEPT = timedelta(days=365)  # from the answer, or from an unanswered request, to its emptying


@dataclass(frozen=True)
class Asker:
    """Who asks: a name, an institution, an address, the language of letters to them."""

    name: str
    institution: str
    email: str
    language: str


def takes_requests(proposal: Proposal) -> bool:
    """Return whether others can ask to replicate it: it is public, and its authors allow it."""
    return proposal.status in COMPETING and agreed_of(proposal).takes_requests


def ask_to_replicate(
    proposal: Proposal, asker: Asker, message: str, *, link_to: LinkTo, now: datetime
) -> Replication:
    """Keep a stranger's request, and mail them the link by which they pass it on."""
    asked, token = _kept(proposal, asker, message, now=now)
    _write(
        asked,
        N_("Pass on your request about “%(title)s”"),
        N_(
            "Hello,\n\nYou would like to replicate “%(title)s”. Open this link within two days and "
            "confirm there that your request is to be passed on to its innovators. There you will "
            "also find their answer, and you can delete your request:\n\n%(link)s\n\nIf you did "
            "not ask for this, ignore this e-mail: nothing is passed on."
        ),
        link=link_to(token),
        now=now,
    )
    return asked


def ask_as_known(
    proposal: Proposal,
    institution: str,
    message: str,
    *,
    link: str,
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> Replication:
    """Pass on the request of somebody who is signed in; `link` is where the authors answer."""
    asker = Asker(by.name, institution, by.email, by.language)
    asked, token = _kept(proposal, asker, message, now=now)
    asked.asked_by_id = by.id
    pass_on(asked, link=link, now=now)
    _write(
        asked,
        N_("Your request about “%(title)s” has been passed on"),
        N_(
            "Hello %(name)s,\n\nYour request to replicate “%(title)s” has been passed on to its "
            "innovators. Their answer will be e-mailed to you. Under this link you can read your "
            "request, and delete it:\n\n%(link)s"
        ),
        link=link_to(token),
        now=now,
    )
    return asked


def pass_on(asked: Replication, *, link: str, now: datetime) -> None:
    """Pass a request on to the authors, once; `link` is where they answer."""
    if asked.confirmed_at is not None:
        return
    _check_taken(asked.proposal)
    _check_apart(asked, now=now)
    if passed_on_since(asked.proposal, now - DAY) >= MOST_A_DAY:
        raise NotAllowedNow(N_("Many have asked about this innovation today. Try again tomorrow."))
    if waits_already(asked):
        raise NotAllowedNow(N_("You have already asked the innovators. They haven't answered yet."))
    asked.confirmed_at = now
    _record(asked, "replication.ask", by=None, now=now)
    for author in asked.proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("Others would like to replicate “%(title)s”"),
            body=N_(
                "Hello %(name)s,\n\nSomebody would like to replicate “%(title)s”. Read who that "
                "is, and answer, here; your address is not passed on:\n\n%(link)s"
            ),
            values={"name": author.name, "title": asked.proposal.title, "link": link},
            edition_id=asked.proposal.edition_id,
            now=now,
        )


def answer_request(asked: Replication, answer: str, *, by: Person, now: datetime) -> None:
    """Answer a request, and mail the answer to who asked."""
    if asked.answered_at is not None:
        raise Overtaken(N_("This request has been answered meanwhile."))
    if not asked.email:
        raise NotAllowedNow(N_("This request is too old to be answered: its address is deleted."))
    if not answer:
        raise DomainError(N_("Write an answer."))
    asked.answer, asked.answered_by_id, asked.answered_at = answer, by.id, now
    _record(asked, "replication.answer", by=by, now=now)
    _write(
        asked,
        N_("The answer to your request about “%(title)s”"),
        N_(
            "Hello %(name)s,\n\nThe innovators of “%(title)s” (%(agency)s) answer your request:"
            "\n\n%(answer)s\n\nThis e-mail comes from an address that nobody reads. Write to the "
            "innovators as they tell you above."
        ),
        agency=asked.proposal.agency.name,
        answer=answer,
        now=now,
    )


def delete_request(asked: Replication, *, by: Person | None, now: datetime) -> None:
    """Delete a request: by who asked, or by who takes it for an advertisement."""
    if asked.confirmed_at is not None:
        _record(asked, "replication.delete", by=by, now=now)
    _forget_letters([asked])
    db.session.delete(asked)
    db.session.flush()


def forget_requests(*, now: datetime) -> None:
    """Delete requests that were never passed on; empty those that are no longer needed."""
    _delete_all(Replication.confirmed_at.is_(None), Replication.asked_at <= now - LINK_LIFETIME)
    past = select(Replication).where(
        Replication.email != "",
        Replication.confirmed_at <= now - KEPT,
        (Replication.answered_at.is_(None)) | (Replication.answered_at <= now - KEPT),
    )
    found = db.session.scalars(past.order_by(Replication.id)).all()
    _forget_letters(found)
    for asked in found:
        asked.name = asked.email = asked.message = ""
        asked.asked_by_id = None


def forget_asker(person: Person) -> None:
    """Delete the requests that came from this person, or from their address."""
    _delete_all((Replication.asked_by_id == person.id) | (Replication.email == person.email))


def _delete_all(*conditions: ColumnElement[bool]) -> None:
    found = db.session.scalars(select(Replication).where(*conditions)).all()
    _forget_letters(found)
    for asked in found:
        db.session.delete(asked)
    db.session.flush()


def _forget_letters(requests: Iterable[Replication]) -> None:
    """Empty the letters to those who asked, and let none be sent that wait."""
    for asked in requests:
        own = Letter.message_id.startswith(asked.letters, autoescape=True)
        db.session.execute(delete(Letter).where(own, Letter.delivered_at.is_(None)))
        emptied = {"recipient": "–", "subject": "–", "body": "–"}
        db.session.execute(update(Letter).where(own).values(**emptied))


def _kept(
    proposal: Proposal, asker: Asker, message: str, *, now: datetime
) -> tuple[Replication, str]:
    _check_taken(proposal)
    token = new_token()
    asked = Replication(
        proposal=proposal,
        name=asker.name,
        institution=asker.institution,
        email=canonical_email(asker.email),
        language=asker.language,
        message=message,
        token_hash=digest(token),
        asked_at=now,
    )
    db.session.add(asked)
    db.session.flush()
    return asked, token


def _check_taken(proposal: Proposal) -> None:
    if not takes_requests(proposal):
        raise NotAllowedNow(N_("Its innovators take no requests at present."))


def _check_apart(asked: Replication, *, now: datetime) -> None:
    """Raise `NotAllowedNow` for somebody who evaluates in the edition, before its result."""
    edition = asked.proposal.edition
    result = result_of(edition)
    if (result is None or not result.is_public(now)) and evaluates(edition, asked.email):
        raise NotAllowedNow(
            N_("You evaluate in this competition. You can ask once its result is public.")
        )


def _write(asked: Replication, subject: str, body: str, *, now: datetime, **values: str) -> None:
    """Mail something to who asked; only they may read the link or the answer in it."""
    letter = outbox.queue_letter(
        asked,
        subject=subject,
        body=body,
        values={
            "name": quoted(asked.name, instead="–"),
            "title": asked.proposal.title,
            **values,
        },
        edition_id=asked.proposal.edition_id,
        is_private=True,
        now=now,
    )
    letter.message_id = f"{asked.letters}{uuid4()}@ajang>"


def _record(asked: Replication, action: str, *, by: Person | None, now: datetime) -> None:
    db.session.flush()
    edition_id, subject = asked.proposal.edition_id, asked.proposal.code
    record(edition_id, action, by=by, now=now, subject=subject, request=asked.id)
