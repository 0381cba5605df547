"""The outbox: `queue_letter` in the transaction of what it reports, `deliver_letters` later."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple, Protocol
from uuid import uuid4

from sqlalchemy import or_, select, update

from app.database import db, transaction
from app.mail.letters import letter_text
from app.mail.models import LAST_ATTEMPT, Letter
from app.mail.transports import Send

BATCH = 50
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
FIRST_RETRY = timedelta(seconds=30)
NOWHERE = "@erased.invalid"
"""Where the addresses of people end whose data were deleted (RFC 2606 reserves its end)."""


class Round(NamedTuple):
    """How many letters were handed over in one round of the outbox, and how many failed."""

    delivered: int
    failed: int


class Recipient(Protocol):
    """A person who gets a letter."""

    email: str
    language: str


def queue_letter(
    recipient: Recipient,
    *,
    subject: str,
    body: str,
    values: Mapping[str, object],
    now: datetime,
    edition_id: int | None = None,
    due_at: datetime | None = None,
    is_private: bool = False,
    calendar: str = "",
) -> Letter:
    """Put a letter into the outbox: it is sent after the commit and not before `due_at`.

    None is kept for people whose data were deleted.

    `calendar` is an invitation or its cancellation for the reader's calendar program (RFC 6047).
    """
    title = " ".join(letter_text(recipient.language, subject, values).split())
    letter = Letter(
        edition_id=edition_id,
        recipient=recipient.email,
        subject=title[:300],
        body=letter_text(recipient.language, body, values),
        message_id=f"<{uuid4()}@ajang>",
        is_private=is_private,
        calendar=calendar,
        written_at=now,
        due_at=due_at,
    )
    if not recipient.email.endswith(NOWHERE):
        db.session.add(letter)
    return letter


def queue_letter_again(letter: Letter) -> None:
    """Let a letter that has failed be tried again at once, as often as a new one."""
    if not letter.delivered_at:
        letter.attempts, letter.retry_at, letter.last_error = 0, None, ""


def deliver_letters(send: Send, *, sender: str, now: datetime) -> Round:
    """Deliver some of the letters that are due, outside any transaction: 50 at most.

    After a crash between sending and marking, a letter is sent again under the same Message-ID.
    """
    with transaction(writing=False):
        waiting = [(letter.id, _facts(letter)) for letter in _due(now)]
    delivered = 0
    for letter_id, facts in waiting:
        error = _attempt(send, facts, sender)
        with transaction(writing=True):
            _mark(letter_id, error, now=now)
        delivered += not error
    return Round(delivered, len(waiting) - delivered)


def _due(now: datetime) -> list[Letter]:
    statement = (
        select(Letter)
        .where(
            Letter.delivered_at.is_(None),
            or_(Letter.due_at.is_(None), Letter.due_at <= now),
            Letter.attempts < LAST_ATTEMPT,
            or_(Letter.retry_at.is_(None), Letter.retry_at <= now),
        )
        .order_by(Letter.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(statement))


def _facts(letter: Letter) -> dict[str, str]:
    return {
        "To": letter.recipient,
        "Subject": letter.subject,
        "Date": format_datetime(letter.written_at),
        "Message-ID": letter.message_id,
        "body": letter.body,
        "calendar": letter.calendar,
    }


def _attempt(send: Send, facts: dict[str, str], sender: str) -> str:
    """Send one letter; return what went wrong, so that one bad letter never stops the others."""
    try:
        send(_message(facts, sender))
    except Exception as error:  # noqa: BLE001 -- an address that can't be written, a lost server
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _message(facts: dict[str, str], sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    for name in ("To", "Subject", "Date", "Message-ID"):
        message[name] = facts[name]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(facts["body"])
    if facts["calendar"]:
        _attach_calendar(message, facts["calendar"])
    return message


def _attach_calendar(message: EmailMessage, calendar: str) -> None:
    """Attach the calendar message, under the method that it names itself."""
    method = METHOD.search(calendar)
    message.add_alternative(calendar, subtype="calendar")
    part = list(message.iter_parts())[-1]
    part.set_param("method", method[1] if method else "PUBLISH")


def _mark(letter_id: int, error: str, *, now: datetime) -> None:
    letter = db.session.get_one(Letter, letter_id)
    if not error:
        db.session.execute(
            update(Letter).where(Letter.id == letter_id).values(delivered_at=now, last_error="")
        )
        return
    letter.attempts += 1
    letter.last_error = error
    letter.retry_at = now + FIRST_RETRY * 2 ** min(letter.attempts - 1, 7)
