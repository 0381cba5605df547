"""Answers to invitations, read from the mails that calendars send (RFC 5546, 3.2.3). Pure.

A mail proves nothing: callers compare its sender and attendee with the person invited.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import getaddresses
from urllib.parse import unquote

from icalendar.prop import vDatetime

from app.programme.models import Answer
from app.schedule.benches.calendar_reader.components import Component, Property, parsed
from app.workflow import N_, DomainError

SIZE = 1_000_000  # bytes
PARTS = 30  # multiparts and enclosed mails, wherever they are named
LONGEST_UID = 300
LAST_SEQUENCE = 2**31 - 1
_CHARSETS = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
_NESTING = re.compile(rb"multipart/|message/", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>\x00-\x1f\x7f]{1,64}@[^\s@<>\x00-\x1f\x7f]{1,190}")
_NAMES = frozenset({"METHOD", "UID", "SEQUENCE", "ATTENDEE", "DTSTAMP"})


class Unreadable(DomainError):
    """A mail that is not an answer to an invitation (422)."""


@dataclass(frozen=True)
class Reply:
    """An answer: to which revision of which entry, by whom, written when.

    `attendee` is whom the answer names, `sender` the address in From; both in lower case.
    """

    uid: str
    sequence: int
    attendee: str
    answer: Answer
    stamp: datetime
    sender: str


def read_reply(message: bytes) -> Reply:
    """Return the one answer that a mail holds; raise Unreadable for any other mail."""
    if len(message) > SIZE:
        raise Unreadable(N_("The mail is larger than 1 MB."))
    if len(_NESTING.findall(message)) > PARTS:
        raise Unreadable(N_("The mail holds too many parts inside each other."))
    mail = message_from_bytes(message)
    sender = _sender(mail)
    replies = {_reply(_content(part), sender) for part in _parts(mail) if _is_calendar(part)}
    if not replies:
        raise Unreadable(N_("The mail holds no calendar."))
    if len(replies) > 1:
        raise Unreadable(N_("The mail holds several answers."))
    return replies.pop()


def _sender(mail: Mail) -> str:
    found = [
        address for _, address in getaddresses([str(header) for header in mail.get_all("From", [])])
    ]
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0]):
        raise Unreadable(N_("The mail does not say who sent it."))
    return found[0].lower()


def _parts(mail: Mail) -> Iterator[Mail]:
    """Yield the parts that are not multipart, without looking into mails enclosed in this one."""
    waiting = [mail]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [inner for inner in part.get_payload() if isinstance(inner, Mail)] + waiting
        elif not part.is_multipart():
            yield part


def _is_calendar(part: Mail) -> bool:
    return part.get_content_type() in {"text/calendar", "application/ics"} or str(
        part.get_filename("")
    ).lower().endswith(".ics")


def _content(part: Mail) -> str:
    """Return a calendar as text, whatever its encoding."""
    content = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    try:
        is_known = codecs.lookup(charset).name in _CHARSETS
        return bytes(content or b"").decode(charset if is_known else "utf-8")
    except (LookupError, ValueError) as error:  # codecs refuses a name with NUL by ValueError
        raise Unreadable(N_("The calendar in the mail is damaged.")) from error


def _reply(content: str, sender: str) -> Reply:
    try:
        event = _event(parsed(content.encode(), _NAMES).of_kind("VCALENDAR"))
        attendee = _attendee(event)
        return Reply(
            uid=_uid(event),
            sequence=_sequence(event),
            attendee=_address(attendee.value),
            answer=_answer(attendee),
            stamp=_stamp(event),
            sender=sender,
        )
    except (ValueError, OverflowError) as error:
        raise Unreadable(N_("The calendar in the mail is damaged.")) from error


def _event(calendars: list[Component]) -> Component:
    if len(calendars) != 1 or calendars[0].word("METHOD") != "REPLY":
        raise Unreadable(N_("The calendar in the mail is no answer to an invitation."))
    events = calendars[0].of_kind("VEVENT")
    if len(events) != 1:
        raise Unreadable(N_("The answer must be about exactly one entry."))
    return events[0]


def _attendee(event: Component) -> Property:
    found = event.all("ATTENDEE")
    if len(found) != 1:
        raise Unreadable(N_("The answer must name exactly one person."))
    return found[0]


def _address(value: str) -> str:
    scheme, _, address = value.partition(":")
    address = unquote(address, errors="strict").strip().lower()
    if scheme.lower() != "mailto" or not _ADDRESS.fullmatch(address):
        raise Unreadable(N_("The answer names nobody by an e-mail address."))
    return address


def _answer(attendee: Property) -> Answer:
    given = attendee.parameters.get("PARTSTAT", "").upper()
    if given == "DELEGATED":
        raise Unreadable(N_("An invitation can't be passed on to somebody else."))
    if given not in set(Answer) - {Answer.OPEN}:
        raise Unreadable(N_("The answer says neither yes, no nor perhaps."))
    return Answer(given)


def _uid(event: Component) -> str:
    uid = event.text("UID")
    if not 0 < len(uid) <= LONGEST_UID:
        raise Unreadable(N_("The answer does not say which entry it is about."))
    return uid


def _sequence(event: Component) -> int:
    sequence = int(event.word("SEQUENCE") or 0)
    if not 0 <= sequence <= LAST_SEQUENCE:
        raise ValueError(sequence)
    return sequence


def _stamp(event: Component) -> datetime:
    stamp: datetime = vDatetime.from_ical(event.word("DTSTAMP"))  # type: ignore[no-untyped-call]  # icalendar's
    if stamp.tzinfo is None:
        raise ValueError(stamp)
    return stamp.astimezone(UTC)
