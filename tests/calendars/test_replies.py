"""Answers to invitations in the mails that calendars send."""

import base64
import quopri
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.replies import Reply, Unreadable, read_reply
from app.programme.models import Answer

UID = "presentation-1@kipp.ajang"
EXPECTED = Reply(
    uid=UID,
    sequence=3,
    attendee="juri@ajang.example",
    answer=Answer.ACCEPTED,
    stamp=datetime(2019, 10, 1, 2, 3, 4, tzinfo=UTC),
    sender="juri@ajang.example",
)
ZONE = """BEGIN:VTIMEZONE
TZID:Singapore Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE
"""


def event(attendee: str = "PARTSTAT=ACCEPTED:mailto:juri@ajang.example", more: str = "") -> str:
    return (
        "BEGIN:VEVENT\n"
        f"UID:{UID}\n"
        "SEQUENCE:3\n"
        "DTSTAMP:20191001T020304Z\n"
        "DTSTART;TZID=Singapore Standard Time:20191005T083000\n"
        "SUMMARY:Diterima: Kesraku – “Sehat; untuk semua”\n"
        f"ATTENDEE;{attendee}\n{more}"
        "END:VEVENT\n"
    )


def calendar(*events: str, method: str = "METHOD:REPLY\n", zone: str = ZONE) -> str:
    body = f"BEGIN:VCALENDAR\nPRODID:-//X//ID\nVERSION:2.0\n{method}{zone}"
    return (body + "".join(events or (event(),)) + "END:VCALENDAR\n").replace("\n", "\r\n")


def mail(
    content: str | bytes = "",
    kind: str = "text/calendar; charset=utf-8; method=REPLY",
    encoding: str = "8bit",
    sender: str = '"Juri, Satu" <Juri@Ajang.Example>',
) -> bytes:
    body = content or calendar()
    body = body.encode() if isinstance(body, str) else body
    head = f"From: {sender}\r\nTo: sekretariat@ajang.example\r\nSubject: Diterima\r\n"
    part = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return (head + "MIME-Version: 1.0\r\n" + part).encode() + body


def packed(content: str, encoding: str) -> bytes:
    pack = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}
    return pack.get(encoding, bytes)(content.encode())


def multipart(*parts: str, kind: str = "alternative") -> str:
    inner = "".join(f"--grenze\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="grenze"\r\n\r\n{inner}--grenze--\r\n'


def part(kind: str, content: str, *headers: str) -> str:
    return "\r\n".join([f"Content-Type: {kind}", *headers, "", content])


def as_google_sends_it() -> bytes:
    answer = packed(calendar(zone=""), "base64").decode()
    text = part('text/plain; charset="UTF-8"; format=flowed', "Juri Satu menerima undangan ini.")
    inline = part("text/calendar; charset=UTF-8; method=REPLY", calendar(zone=""))
    within = multipart(text, inline).replace("grenze", "dalam")
    attached = part(
        'application/ics; name="invite.ics"',
        answer,
        'Content-Disposition: attachment; filename="invite.ics"',
        "Content-Transfer-Encoding: base64",
    )
    return ("From: juri@ajang.example\r\n" + multipart(within, attached, kind="mixed")).encode()


def as_outlook_sends_it() -> bytes:
    answer = calendar(
        event(
            "PARTSTAT=ACCEPTED;CN=Juri Satu:MAILTO:Juri@ajang.example",
            "COMMENT;LANGUAGE=id-ID:\\n\nDESCRIPTION;LANGUAGE=id-ID:\\n\nX-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;RELATED=START:-PT15M\nEND:VALARM\n",
        )
    )
    part_of = part(
        'text/calendar; charset="utf-8"; method=REPLY',
        packed(answer, "base64").decode(),
        "Content-Transfer-Encoding: base64",
    )
    text = part('text/plain; charset="us-ascii"', "")
    return (
        "From: =?utf-8?Q?Juri_Satu?= <Juri@ajang.example>\r\n" + multipart(text, part_of)
    ).encode()


def as_apple_sends_it() -> bytes:
    answer = calendar(
        event(
            'CN="Juri; Satu";CUTYPE=INDIVIDUAL;EMAIL="juri@ajang.example"'
            ";PARTSTAT=ACCEPTED:mailto:juri@ajang.example"
        )
    )
    attached = part(
        "application/octet-stream; name*=utf-8''undangan.ics",
        packed(answer, "quoted-printable").decode(),
        "Content-Disposition: attachment; filename*=utf-8''undangan.ICS",
        "Content-Transfer-Encoding: quoted-printable",
    )
    text = part("text/plain; charset=us-ascii", "Juri Satu has accepted.")
    return (
        "From: Juri Satu <juri@ajang.example>\r\n" + multipart(text, attached, kind="mixed")
    ).encode()


@pytest.mark.parametrize("message", [as_google_sends_it, as_outlook_sends_it, as_apple_sends_it])
def test_an_answer_is_read_as_each_kind_of_calendar_sends_it(message):
    assert read_reply(message()) == EXPECTED


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_an_answer_is_read_in_each_encoding(encoding):
    assert read_reply(mail(packed(calendar(), encoding), encoding=encoding)) == EXPECTED


@pytest.mark.parametrize(
    "kind",
    [
        "text/calendar",
        "TEXT/Calendar; Method=reply",
        "text/calendar; charset=us-ascii",
        "text/calendar; charset=iso-8859-1",
        "text/calendar; charset=windows-1252",
        "text/calendar; charset=x-unbekannt",
        "application/ics",
        "application/octet-stream; name=jawaban.ics",
    ],
)
def test_an_answer_is_read_whatever_its_part_is_called(kind):
    plain_answer = calendar(event().replace("Diterima: Kesraku – “Sehat; untuk semua”", "Kesraku"))
    assert read_reply(mail(plain_answer, kind)) == EXPECTED


@pytest.mark.parametrize("answer", sorted(set(Answer) - {Answer.OPEN}))
def test_yes_no_and_perhaps_are_told_apart(answer):
    given_answer = event(f"PARTSTAT={answer.value}:mailto:juri@ajang.example")
    read = read_reply(mail(calendar(given_answer)))
    assert read.answer is answer
    assert read.answer.label


def test_the_sender_is_told_beside_the_attendee():
    read = read_reply(mail(sender="Orang Lain <lain@Elsewhere.example>"))
    assert (read.sender, read.attendee) == ("lain@elsewhere.example", "juri@ajang.example")


def test_a_folded_and_percent_encoded_address_is_read():
    folded = event('PARTSTAT=ACCEPTED;CN="a:b\n ;c":mailto:juri%2B1@ajang.\n\texample')
    assert read_reply(mail(calendar(folded))).attendee == "juri+1@ajang.example"


def test_without_a_sequence_it_is_about_the_first_revision():
    read = read_reply(mail(calendar(event().replace("SEQUENCE:3\n", ""))))
    assert read.sequence == 0


PERSON = "mailto:juri@ajang.example"
REFUSED = {
    "no calendar": (mail("Halo", "text/plain"), "contains no calendar"),
    "nothing": (b"", "who sent it"),
    "no sender": (mail(sender=""), "who sent it"),
    "two senders": (mail(sender="a@x.example, b@x.example"), "who sent it"),
    "two From lines": (b"From: b@x.example\r\n" + mail(), "who sent it"),
    "no address": (mail(sender="Juri Satu"), "who sent it"),
    "a request": (mail(calendar(method="METHOD:REQUEST\n")), "is not an answer to an invitation"),
    "no method": (mail(calendar(method="")), "is not an answer to an invitation"),
    "two calendars": (mail(calendar() + calendar()), "is not an answer to an invitation"),
    "two events": (mail(calendar(event(), event())), "exactly one event"),
    "no event": (mail(calendar(zone=ZONE).replace("VEVENT", "VTODO")), "exactly one event"),
    "two attendees": (
        mail(calendar(event(more=f"ATTENDEE;PARTSTAT=DECLINED:{PERSON}\n"))),
        "exactly one person",
    ),
    "no attendee": (mail(calendar(event().replace("ATTENDEE", "X-ATT"))), "exactly one person"),
    "no mailto": (mail(calendar(event("PARTSTAT=ACCEPTED:urn:uuid:1@x"))), "e-mail address"),
    "a line in the address": (
        mail(calendar(event("PARTSTAT=ACCEPTED:mailto:a%0Ab@x.example"))),
        "e-mail address",
    ),
    "delegated": (mail(calendar(event(f"PARTSTAT=DELEGATED:{PERSON}"))), "passed on"),
    "not yet": (
        mail(calendar(event(f"PARTSTAT=NEEDS-ACTION:{PERSON}"))),
        "is not yes, no or maybe",
    ),
    "no answer": (mail(calendar(event(f"CN=Juri:{PERSON}"))), "is not yes, no or maybe"),
    "no uid": (mail(calendar(event().replace(f"UID:{UID}\n", ""))), "which event"),
    "a long uid": (mail(calendar(event().replace(UID, "x" * 400))), "which event"),
    "no stamp": (mail(calendar(event().replace("DTSTAMP", "X-STAMP"))), "damaged"),
    "a local stamp": (mail(calendar(event().replace("0304Z", "0304"))), "damaged"),
    "a negative sequence": (
        mail(calendar(event().replace("SEQUENCE:3", "SEQUENCE:-3"))),
        "damaged",
    ),
    "a huge sequence": (
        mail(calendar(event().replace("SEQUENCE:3", f"SEQUENCE:{'9' * 5000}"))),
        "damaged",
    ),
    "cut off": (mail(calendar()[:300]), "damaged"),
    "broken base64": (mail("!!! kein base64 !!!", encoding="base64"), "damaged"),
    "nested components": (mail("BEGIN:VCALENDAR\r\n" * 5000), "damaged"),
    "a crooked end": (mail("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n"), "damaged"),
    "too large": (mail(calendar(event(more="X-A:" + "x" * 1_000_000 + "\n"))), "larger than 1 MB"),
}


@pytest.mark.parametrize(("message", "reason"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_with_the_reason(message, reason):
    with pytest.raises(Unreadable, match=reason):
        read_reply(message)


def test_two_different_answers_in_one_mail_are_refused():
    yes, no = calendar(), calendar(event(f"PARTSTAT=DECLINED:{PERSON}"))
    message = "From: juri@ajang.example\r\n" + multipart(
        part("text/calendar", yes), part("application/ics", no)
    )
    with pytest.raises(Unreadable, match="several answers"):
        read_reply(message.encode())


def test_an_answer_inside_an_enclosed_mail_is_not_this_mails_answer():
    enclosed = part("message/rfc822", mail().decode())
    message = "From: lain@x.example\r\n" + multipart(enclosed, kind="mixed")
    with pytest.raises(Unreadable, match="contains no calendar"):
        read_reply(message.encode())


@pytest.mark.parametrize("wrapping", ["multipart/mixed; boundary=b{}", "message/rfc822"])
def test_a_deeply_nested_mail_is_refused_at_once(wrapping):
    layers = "".join(
        f"Content-Type: {wrapping.format(n)}\r\n\r\n" + (f"--b{n}\r\n" if "b" in wrapping else "")
        for n in range(9_000)
    )
    began = time.monotonic()
    with pytest.raises(Unreadable, match="too many nested parts"):
        read_reply(b"From: a@x.example\r\n" + layers.encode())
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_hostile_time_zone_is_not_even_looked_at(rule):
    zone = ZONE.replace("END:STANDARD", f"RRULE:{rule}\nEND:STANDARD").replace("Singapore", "Foo")
    began = time.monotonic()
    assert read_reply(mail(calendar(zone=zone))) == EXPECTED
    assert time.monotonic() - began < 2


def is_answer_or_unreadable(message: bytes) -> bool:
    try:
        return isinstance(read_reply(message), Reply)
    except Unreadable:
        return True


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_mail_is_an_answer_or_unreadable_and_nothing_else(data):
    message = bytearray(
        data.draw(st.sampled_from([as_google_sends_it(), mail(), as_apple_sends_it()]))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    assert is_answer_or_unreadable(bytes(message))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=60))
def test_any_headers_and_lines_are_an_answer_or_unreadable(sender, kind, charset, line):
    content = calendar(event(more=f"{line}\n"))
    message = mail(
        content.encode("utf-8", "replace"), f"text/calendar; {kind}; charset={charset}", sender="a"
    ).replace(b"From: a", f"From: {sender} <a@x.example>".encode("utf-8", "replace"))
    assert is_answer_or_unreadable(message)
