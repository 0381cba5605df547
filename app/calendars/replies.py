"""Answers to invitations, read from the mails that calendars send (RFC 5546, 3.2.3). Pure.

A mail proves nothing: callers compare its sender and attendee with the person invited, and ask for
the secret of the invitation or the word of their own mail server.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import getaddresses
from urllib.parse import unquote

from icalendar.prop import vDatetime

from app.calendars.authentication import is_authenticated
from app.programme.models import Answer
from app.schedule.benches.calendar_reader.components import Component, Property, parsed
from app.workflow import N_, DomainError, Message

SIZE = 1_000_000  # bytes
PARTS = 30  # multiparts and enclosed mails, wherever they are named
LONGEST_UID = 300
LAST_SEQUENCE = 2**31 - 1
LONGEST_COMMENT = 500
_CHARSETS = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
_NESTING = re.compile(rb"multipart/|message/", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>\x00-\x1f\x7f]{1,64}@[^\s@<>\x00-\x1f\x7f]{1,190}")
_SUB_ADDRESS = re.compile(r"[^+]+\+([^+@]+)@.+")
_NAMES = frozenset({"METHOD", "UID", "SEQUENCE", "ATTENDEE", "ORGANIZER", "DTSTAMP", "COMMENT"})
_SENT_TO = ("To", "Delivered-To", "X-Original-To")


class Unreadable(DomainError):
    """A mail that is not an answer to an invitation (422)."""


@dataclass(frozen=True)
class Reply:
    """An answer: to which revision of which entry, by whom, written when.

    `attendee` is whom the answer names, `sender` the address in From; both in lower case, as are
    `tokens`, what stands after a + in the addresses that it was sent to. `comment` is in the
    attendee's words; `is_authenticated` says that our mail server knows the sender to be genuine.
    """

    uid: str
    sequence: int
    attendee: str
    answer: Answer
    stamp: datetime
    sender: str
    tokens: frozenset[str] = frozenset()
    comment: str = ""
    is_authenticated: bool = False


@dataclass(frozen=True)
class _Envelope:
    """What a mail says about all that is in it."""

    sender: str
    tokens: frozenset[str]
    is_authenticated: bool


def read_reply(message: bytes, server: str = "") -> Reply:
    """Return the one answer that a mail holds; raise Unreadable for any other mail.

    `server` is the name under which our mail server says whether a sender is genuine.
    """
    if len(message) > SIZE:
        raise Unreadable(N_("The e-mail is larger than 1 MB."))
    if not is_readable(message):
        raise Unreadable(N_("The e-mail has too many nested parts."))
    mail = message_from_bytes(message)
    sender = _sender(mail)
    sent_to = _addresses(mail, *_SENT_TO)
    envelope = _Envelope(sender, _tokens(sent_to), is_authenticated(mail, sender, server))
    replies = {_reply(content_of(part), envelope) for part in _parts(mail) if is_calendar(part)}
    if not replies:
        raise Unreadable(_without_calendar(mail))
    if len(replies) > 1:
        raise Unreadable(N_("The e-mail contains several answers."))
    return replies.pop()


def is_readable(message: bytes) -> bool:
    """Return whether a mail can be taken apart without harm."""
    return len(message) <= SIZE and len(_NESTING.findall(message)) <= PARTS


def uids_in(part: Mail) -> list[str]:
    """Return the UIDs of the entries in a part of a mail, whatever it says about them."""
    try:
        root = parsed(content_of(part).encode(), _NAMES) if is_calendar(part) else None
    except ValueError:
        return []
    calendars = root.of_kind("VCALENDAR") if root else []
    return [event.text("UID") for calendar in calendars for event in calendar.of_kind("VEVENT")]


def _sender(mail: Mail) -> str:
    found = _addresses(mail, "From")
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0]):
        raise Unreadable(N_("The e-mail does not say who sent it."))
    return found[0].lower()


def _addresses(mail: Mail, *names: str) -> list[str]:
    headers = [str(header) for name in names for header in mail.get_all(name, [])]
    return [address for _, address in getaddresses(headers)]


def _tokens(addresses: Iterable[str]) -> frozenset[str]:
    found = (_SUB_ADDRESS.fullmatch(address.strip().lower()) for address in addresses)
    return frozenset(match[1] for match in found if match)


def _without_calendar(mail: Mail) -> Message:
    """Return what kind of mail it is that holds no calendar."""
    if mail.get_content_type() == "multipart/report":
        return N_("An e-mail could not be delivered to its recipient.")
    if str(mail.get("Auto-Submitted", "no")).lower().startswith("auto-"):
        return N_("This is an automatic reply: the person may be out of office.")
    if any(part.get_content_type() == "application/ms-tnef" for part in _parts(mail)):
        return N_("The answer is in a format that only Outlook can read (winmail.dat).")
    return N_("The e-mail contains no calendar.")


def _parts(mail: Mail) -> Iterator[Mail]:
    """Yield the parts that are not multipart, without looking into mails enclosed in this one."""
    waiting = [mail]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [inner for inner in part.get_payload() if isinstance(inner, Mail)] + waiting
        elif not part.is_multipart():
            yield part


def is_calendar(part: Mail) -> bool:
    """Return whether a part of a mail is a calendar."""
    return part.get_content_type() in {"text/calendar", "application/ics"} or str(
        part.get_filename("")
    ).lower().endswith(".ics")


def content_of(part: Mail) -> str:
    """Return a part as text, in whatever encoding: some name another one than they use."""
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    for charset in (_charset(part), "utf-8"):
        with suppress(UnicodeDecodeError):
            return content.decode(charset)
    return content.decode("cp1252", "replace")


def _charset(part: Mail) -> str:
    try:
        charset = codecs.lookup(part.get_content_charset("utf-8")).name
    except (LookupError, ValueError):  # which codecs raises for a name with NUL
        return "utf-8"
    return charset if charset in _CHARSETS else "utf-8"


def _reply(content: str, envelope: _Envelope) -> Reply:
    try:
        event = _event(parsed(content.encode(), _NAMES).of_kind("VCALENDAR"))
        attendee = _attendee(event)
        return Reply(
            uid=_uid(event),
            sequence=_sequence(event),
            attendee=_address(attendee.value),
            answer=_answer(attendee),
            stamp=_stamp(event),
            sender=envelope.sender,
            tokens=envelope.tokens | _tokens(map(_mailbox, event.all("ORGANIZER"))),
            comment=shown(event.text("COMMENT"))[:LONGEST_COMMENT],
            is_authenticated=envelope.is_authenticated,
        )
    except (ValueError, OverflowError) as error:
        raise Unreadable(N_("The calendar in the e-mail is damaged.")) from error


def _event(calendars: list[Component]) -> Component:
    if len(calendars) == 1 and calendars[0].word("METHOD") == "COUNTER":
        raise Unreadable(N_("The answer suggests a different time."))
    if len(calendars) != 1 or calendars[0].word("METHOD") != "REPLY":
        raise Unreadable(N_("The calendar in the e-mail is not an answer to an invitation."))
    events = calendars[0].of_kind("VEVENT")
    if len(events) != 1:
        raise Unreadable(N_("The answer must be about exactly one event."))
    return events[0]


def _attendee(event: Component) -> Property:
    found = event.all("ATTENDEE")
    if len(found) != 1:
        raise Unreadable(N_("The answer must name exactly one person."))
    return found[0]


def shown(text: str) -> str:
    """Return somebody's text as one line, without characters that can't be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _mailbox(party: Property) -> str:
    return unquote(party.value.partition(":")[2])


def _address(value: str) -> str:
    scheme, _, address = value.partition(":")
    address = unquote(address, errors="strict").strip().lower()
    if scheme.lower() != "mailto" or not _ADDRESS.fullmatch(address):
        raise Unreadable(N_("The answer does not give anyone's e-mail address."))
    return address


def _answer(attendee: Property) -> Answer:
    given = attendee.parameters.get("PARTSTAT", "").upper()
    if given == "DELEGATED":
        raise Unreadable(N_("An invitation can't be passed on to someone else."))
    if given not in set(Answer) - {Answer.OPEN}:
        raise Unreadable(N_("The answer is not yes, no or maybe."))
    return Answer(given)


def _uid(event: Component) -> str:
    uid = event.text("UID")
    if not 0 < len(uid) <= LONGEST_UID:
        raise Unreadable(N_("The answer does not say which event it is about."))
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
