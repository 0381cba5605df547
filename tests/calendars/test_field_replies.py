"""Answers by mail as people's programs and secretaries send them: taken, or kept for a look."""

import os
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.calendars.authentication import is_authenticated
from app.calendars.models import UnreadReply
from app.calendars.replies import read_reply
from app.database import db, transaction
from app.mail.models import Letter
from app.programme.models import Answer, Invitation
from tests.calendars.letters import letters_of, piped, reply, reply_address
from tests.cast import author_of, judge
from tests.factories import the_edition, the_person

FIELD = Path(__file__).parent / "field"
SERVER = "mx.luwu-utara.example"
GENUINE = f"Authentication-Results: {SERVER}; dmarc=pass\r\n".encode()
INVITED = "juri-2@luwu-utara.example"
FOR = 10  # the id in the UID of the files
TAKEN = {
    "01-exchange-base64-no-organizer": "ACCEPTED",
    "02-google-inline-and-attached": "TENTATIVE",
    "03-apple-qp-attached": "DECLINED",
    "04-thunderbird": "ACCEPTED",
    "05-signed": "DECLINED",
    "06-corporate-footer-and-logo": "ACCEPTED",
    "09-outlook-delegate-sender-header": "ACCEPTED",
    "15-no-sequence": "ACCEPTED",
    "16a-declined-stamp-0500": "DECLINED",
    "16b-accepted-stamp-0400-delivered-later": "ACCEPTED",
    "19-latin1-declared-as-utf8": "ACCEPTED",
    "20-windows-1252": "ACCEPTED",
    "27-comment-with-reason": "DECLINED",
    "29-base64-without-line-breaks-and-lf-only": "ACCEPTED",
    "30-bom-inside-part": "ACCEPTED",
}
KEPT = {
    "07-forwarded-by-secretary": ("The e-mail contains no calendar.", "PARTSTAT=ACCEPTED"),
    "08-sent-by-secretary": ("The answer was not sent by the person it names.", "SENT-BY"),
    "10-alias-address": ("This invitation does not exist.", "juri.dua@gmail.example"),
    "12-delegated": ("An invitation can't be passed on to someone else.", "wakil@"),
    "13-counter": ("The answer suggests a different time.", "DTSTART:20191006T024500Z"),
    "14-sequence-too-high": ("This invitation does not exist.", "SEQUENCE:7"),
    "17-forged-from": (
        "There is no proof that the answer comes from the person it names.",
        "DECLINED",
    ),
    "24-tnef-winmail": (
        "The answer is in a format that only Outlook can read (winmail.dat).",
        "Saya hadir.",
    ),
    "25-reply-by-hand-no-calendar": ("The e-mail contains no calendar.", "tidak bisa hadir"),
    "26-out-of-office": (
        "This is an automatic reply: the person may be out of office.",
        "Saya cuti.",
    ),
}


@pytest.fixture
def app(make_app):
    app = make_app("picking", mail_authserv=SERVER)
    with app.app_context(), transaction(writing=True):
        the_edition().calendar_key = ""  # the files are of the time before there were keys
    letters_of(app)
    return app


def field(name: str) -> bytes:
    return (FIELD / f"reply-{name}.eml").read_bytes()


def received(name: str) -> bytes:
    """A file of the field as our mail server hands it on."""
    content = field(name)
    return content if b"Authentication-Results" in content else GENUINE + content


def invited(app) -> Invitation:
    with app.app_context(), transaction(writing=False):
        key = {"proposal_id": FOR, "person_id": the_person(INVITED).id}
        found = db.session.get_one(Invitation, key)
        db.session.expunge(found)
        return found


def kept(app) -> list[UnreadReply]:
    with app.app_context(), transaction(writing=False):
        found = list(db.session.scalars(sa.select(UnreadReply).order_by(UnreadReply.id)))
        db.session.expunge_all()
        return found


def test_every_file_here_is_expected_to_be_something():
    assert {file.stem.removeprefix("reply-") for file in FIELD.glob("*.eml")} == TAKEN.keys() | KEPT


@pytest.mark.field("calendars F9")
@pytest.mark.parametrize("name", TAKEN)
def test_an_answer_from_the_field_is_read(name):
    read = read_reply(received(name), SERVER)
    assert (read.answer, read.sequence, read.attendee) == (TAKEN[name], 0, INVITED)
    assert read.uid == f"presentation-{FOR}@luwu-utara-2019.ajang"
    assert read.is_authenticated


@pytest.mark.field("calendars F9")
def test_an_answer_from_the_field_is_taken(app):
    code, output = piped(app, received("27-comment-with-reason"))
    assert (code, "DECLINED" in output) == (0, True)
    assert invited(app).answer is Answer.DECLINED
    assert invited(app).comment == "Ada sidang DPRD jam yang sama"
    assert kept(app) == []


@pytest.mark.field("calendars F9")
def test_a_mail_that_is_no_answer_is_refused_and_kept_for_a_look(app):
    for name, (reason, _) in KEPT.items():
        code, output = piped(app, received(name))
        assert (code, reason in output) == (1, True)
    assert invited(app).answer is Answer.OPEN
    for name, unread in zip(KEPT, kept(app), strict=True):
        reason, excerpt = KEPT[name]
        assert unread.reason == reason
        assert excerpt in unread.excerpt
        assert unread.sender in received(name).decode()


@pytest.mark.field("calendars F9", "security F34")
def test_who_only_knows_public_facts_changes_nothing_and_the_person_keeps_the_answer(app, number):
    public = {"organizer": "ajang@localhost"}
    assert reply(app, number, judge, **public)[0] == 1
    guessed = {"organizer": "ajang+0123456789abcdef0123456789abcdef@localhost"}
    assert reply(app, number, judge, **guessed)[0] == 1
    assert len(kept(app)) == 2
    assert reply(app, number, judge)[0] == 0


@pytest.mark.field("security F34")
def test_without_a_setting_no_answer_by_mail_is_believed(make_app):
    app = make_app("picking")
    with app.app_context(), transaction(writing=True):
        the_edition().calendar_key = ""
    letters_of(app)
    code, output = piped(app, GENUINE + field("04-thunderbird"))
    assert (code, "AJANG_MAIL_AUTHSERV" in output) == (1, True)
    assert invited(app).answer is Answer.OPEN


@pytest.mark.field("security F34")
def test_whose_answer_came_by_mail_is_told_with_a_way_to_correct_it(app):
    piped(app, received("03-apple-qp-attached"))
    with app.app_context(), transaction(writing=False):
        last = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc()).limit(1)).one()
        assert last.recipient == INVITED
        assert "/invitations/" in last.body


@pytest.mark.field("calendars F9")
def test_a_secret_of_the_letter_proves_an_answer(make_app):
    app = make_app("picking", mail_reply_tokens=True, mail_from="Ajang <ajang@panitia.example>")
    sent = {letter.recipient: letter.calendar for letter in letters_of(app)}
    unfolded = sent[INVITED].replace("\r\n ", "")
    [organizer] = [line for line in unfolded.splitlines() if line.startswith("ORGANIZER")]
    address = organizer.partition("mailto:")[2]
    assert address.startswith("ajang+")
    assert address.endswith("@panitia.example")
    other = next(calendar for who, calendar in sent.items() if who != INVITED)
    assert address not in other.replace("\r\n ", "")


@pytest.mark.field("calendars F9")
@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To"])
def test_a_secret_in_an_address_of_the_mail_proves_an_answer_even_in_capitals(app, number, header):
    secret = reply_address(app, number)
    public = {"organizer": "ajang@localhost"}
    code, _ = reply(app, number, judge, headers=f"{header}: <{secret.upper()}>\n", **public)
    assert code == 0


@pytest.mark.field("calendars F9")
def test_the_secret_of_one_invitation_proves_no_other(app, number):
    stolen = {"organizer": reply_address(app, number, author_of(number))}
    assert reply(app, number, judge, **stolen)[0] == 1


@pytest.mark.field("calendars F9")
def test_an_answer_written_earlier_does_not_replace_a_later_one(app):
    assert piped(app, received("16a-declined-stamp-0500"))[0] == 0
    code, output = piped(app, received("16b-accepted-stamp-0400-delivered-later"))
    assert (code, "A later answer" in output) == (1, True)
    assert invited(app).answer is Answer.DECLINED


@pytest.mark.field("calendars F9")
def test_an_answer_by_mail_that_was_under_way_does_not_replace_the_one_given_on_the_page(
    app, browse, number
):
    browse(app, judge).post("/editions/luwu-utara-2019/calendar/answers")
    assert reply(app, number, judge, stamp="20191001T005900Z")[0] == 1
    assert reply(app, number, judge, stamp="20191001T020000Z")[0] == 0


@pytest.mark.field("faults 19")
@pytest.mark.one_database  # it takes SQLite's file away, which no server does without
def test_the_mail_server_is_asked_to_try_again_while_there_is_no_database(app):
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        folder = app.config["AJANG"].data
    folder.rename(folder.with_name("away"))
    try:
        code, _ = piped(app, received("04-thunderbird"))
    finally:
        folder.with_name("away").rename(folder)
    assert code == os.EX_TEMPFAIL


DSN = """\
From: MAILER-DAEMON@mx.example
To: ajang@localhost
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<{to}>: unknown user
--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; {to}
Action: failed
--b
Content-Type: text/rfc822-headers

Message-ID: {id}
--b--
"""


@pytest.mark.field("calendars F9")
def test_a_letter_that_came_back_is_kept_in_the_edition_of_the_letter(app):
    with app.app_context(), transaction(writing=False):
        letter = db.session.scalars(sa.select(Letter).where(Letter.calendar != "").limit(1)).one()
        message = DSN.format(to="salah@example.com", id=letter.message_id)
    assert piped(app, message.encode())[0] == 1
    [unread] = kept(app)
    assert unread.reason == "An e-mail could not be delivered to its recipient."
    assert "salah@example.com" in unread.excerpt


def test_a_mail_about_no_edition_is_not_kept(app):
    assert piped(app, b"From: asing@example.com\r\nSubject: Promo\r\n\r\nBeli!")[0] == 1
    assert kept(app) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["mx.own; dmarc=pass"], True),
        (["MX.OWN 1; spf=none; DMARC = Pass (p=none)"], True),
        (["mx.own; spf=pass smtp.mailfrom=a@dinas.example"], True),
        (["mx.own; spf=pass smtp.mailfrom=bounce.dinas.example"], True),
        (["mx.own; spf=pass smtp.mailfrom=a@example"], False),
        (["mx.own; spf=pass smtp.mailfrom=a@jahat-dinas.example"], False),
        (["mx.own; dkim=pass header.d=dinas.example"], False),
        (["mx.own; dmarc=fail; spf=fail"], False),
        (["mx.other; dmarc=pass"], False),
        (["mx.own.evil; dmarc=pass"], False),
        (["mx.own; dmarc=fail", "mx.own; dmarc=pass"], False),
        (["mx.other; dmarc=fail", "mx.own; dmarc=pass"], True),
        (['mx.own; spf=fail smtp.mailfrom="x; dmarc=pass; y"@evil'], False),
        (["mx.own; spf=fail (a; dmarc=pass) smtp.mailfrom=b@evil"], False),
        (["mx.own; spf=fail ((a; dmarc=pass; ) smtp.mailfrom=b@evil"], False),
        (["mx.own"], False),
        ([""], False),
        ([], False),
    ],
)
def test_only_the_topmost_word_of_our_own_mail_server_counts(headers, expected):
    lines = "".join(f"Authentication-Results: {header}\r\n" for header in headers)
    mail = message_from_bytes(lines.encode() + b"\r\n")
    assert is_authenticated(mail, "ibu@dinas.example", "mx.own") is expected
    assert is_authenticated(mail, "ibu@dinas.example", "") is False
