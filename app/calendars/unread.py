"""Mails to the address that invites which are no answer we can take: kept for a look.

Somebody's secretary answered, or it is a no in words, an automatic reply, a letter that came back:
nobody would learn of them but the mail server.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from itertools import islice

from sqlalchemy import ColumnElement, Select, func, select

from app.accounts.models import Person
from app.audit.chain import record
from app.calendars.entries import proposal_in, uid_of
from app.calendars.models import UnreadReply
from app.calendars.replies import content_of, is_calendar, is_readable, shown, uids_in
from app.database import db
from app.editions.models import Edition
from app.mail.models import Letter
from app.programme.models import Invitation
from app.proposals.models import Proposal
from app.workflow import Message

EXCERPT = 2_000  # characters
MOST = 500  # waiting in one edition: what comes then is refused, as all are, but not kept
PARTS = 50
_OWN_LETTER = re.compile(rb"<[0-9a-f-]{36}@ajang>")
_TEXTS = frozenset({"text/plain", "text/calendar", "message/delivery-status"})


def keep_unread(message: bytes, reason: Message, *, now: datetime) -> UnreadReply | None:
    """Keep a mail that was refused, in the edition that it is about; return None if it is in none.

    That is the one of the entry that it names, else of the letter of ours that it answers or
    returns, else of the newest invitation of its sender.
    """
    is_whole = is_readable(message)
    mail = message_from_bytes(message) if is_whole else BytesHeaderParser().parsebytes(message)
    sender = parseaddr(_header(mail, "From"))[1].lower()
    edition_id = _edition_of(mail, message, sender) if is_whole else _edition_of_sender(sender)
    if edition_id is None or waiting_count(edition_id) >= MOST:
        return None
    kept = UnreadReply(
        edition_id=edition_id,
        received_at=now,
        sender=sender[:254],
        subject=_header(mail, "Subject")[:300],
        reason=reason,
        excerpt=_excerpt(mail) if is_whole else "",
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def waiting(edition: Edition) -> Select[UnreadReply]:
    """Select the mails of an edition that wait for a look, the newest first."""
    return select(UnreadReply).where(*_waits(edition.id)).order_by(UnreadReply.id.desc())


def unread_with(reply_id: int, edition: Edition) -> UnreadReply | None:
    """Return the edition's mail with this id."""
    return db.session.scalar(
        select(UnreadReply).where(UnreadReply.id == reply_id, UnreadReply.edition_id == edition.id)
    )


def waiting_count(edition_id: int) -> int:
    """Count the mails of an edition that wait for a look."""
    return db.session.scalar(select(func.count()).where(*_waits(edition_id))) or 0


def note_done(kept: UnreadReply, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that somebody has seen to a mail; it leaves the list."""
    if kept.done_at is None:
        kept.done_at = now
        record(edition.id, "reply.done", by=by, now=now, subject=f"mail {kept.id}")


def _waits(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return UnreadReply.edition_id == edition_id, UnreadReply.done_at.is_(None)


def _edition_of(mail: Mail, message: bytes, sender: str) -> int | None:
    return _edition_named(mail) or _edition_of_letter(message) or _edition_of_sender(sender)


def _edition_named(mail: Mail) -> int | None:
    """Return the edition (id) of an entry of ours that a calendar in the mail is about."""
    for uid in islice((uid for part in _parts(mail) for uid in uids_in(part)), PARTS):
        proposal = db.session.get(Proposal, proposal_in(uid))
        if proposal and uid_of(proposal, proposal.edition) == uid:
            return proposal.edition_id
    return None


def _edition_of_letter(message: bytes) -> int | None:
    ids = {found.decode() for found in islice(_found(message), PARTS)}
    statement = select(Letter.edition_id).where(
        Letter.message_id.in_(ids), Letter.edition_id.is_not(None)
    )
    return db.session.scalar(statement.order_by(Letter.id.desc()).limit(1))


def _found(message: bytes) -> Iterator[bytes]:
    return (match[0] for match in _OWN_LETTER.finditer(message))


def _edition_of_sender(sender: str) -> int | None:
    return db.session.scalar(
        select(Proposal.edition_id)
        .join(Invitation, Invitation.proposal_id == Proposal.id)
        .join(Invitation.person)
        .where(Person.email == sender)
        .order_by(Proposal.edition_id.desc())
        .limit(1)
    )


def _excerpt(mail: Mail) -> str:
    """Return the beginning of what the mail says, its calendar included."""
    texts = (
        content_of(part)
        for part in _parts(mail)
        if is_calendar(part) or part.get_content_type() in _TEXTS
    )
    lines = "\n\n".join(texts)[: EXCERPT * 4].splitlines()
    return "\n".join(map(shown, lines)).strip()[:EXCERPT]


def _parts(mail: Mail) -> list[Mail]:
    """Return the parts that hold something, also those of a mail that is passed on in this one."""
    return [part for part in islice(mail.walk(), PARTS) if not part.is_multipart()]


def _header(mail: Mail, name: str) -> str:
    value = mail.get(name, "")
    try:
        return shown(str(make_header(decode_header(value))))
    except (LookupError, ValueError, MessageError):
        return shown(str(value))
