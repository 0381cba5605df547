"""The organiser's pages of invitations: who answered what, and the mails that need a look."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.calendars import unread
from app.database import db, transaction
from app.programme.models import Invitation
from app.workflow import N_
from tests.calendars.letters import letters_of, piped, reply
from tests.cast import address, author_of, judge, other_judge
from tests.conftest import E
from tests.factories import the_person, the_proposal


@pytest.fixture
def app(make_app):
    app = make_app("picking")
    letters_of(app)
    return app


def name_of(app, who) -> str:
    with app.app_context(), transaction(writing=False):
        return the_person(who).name


def rows(page) -> list[str]:
    return re.findall(r'<tr>\s*<td class="main">(.*?)</td>', page.text)


@pytest.mark.field("empty 9")
def test_the_organiser_sees_who_accepted_declined_and_has_not_answered(app, number, organiser):
    reply(app, number, judge)
    reply(app, number, other_judge, "ACCEPTED")
    page = organiser.get(f"{E}/schedule/answers?answer=DECLINED")
    assert rows(page) == [name_of(app, judge)]
    assert rows(organiser.get(f"{E}/schedule/answers?answer=ACCEPTED")) == [
        name_of(app, other_judge)
    ]
    with app.app_context(), transaction(writing=False):
        every = db.session.scalar(sa.select(sa.func.count()).select_from(Invitation))
    assert f"{every} undangan" in organiser.get(f"{E}/schedule/answers").text
    assert f"{E}/schedule/answers" in organiser.get(f"{E}/schedule/warnings").text


@pytest.mark.field("empty 9")
def test_invitations_are_found_by_name_and_title_and_a_foreign_answer_narrows_nothing(
    app, number, organiser
):
    name = name_of(app, author_of(number))
    assert set(rows(organiser.get(f"{E}/schedule/answers?search={name.upper()}"))) == {name}
    with app.app_context(), transaction(writing=False):
        title = the_proposal(number).title
    found = organiser.get(f"{E}/schedule/answers?search={title}&answer=MAYBE")
    assert name in rows(found)
    assert title in found.text
    assert rows(organiser.get(f"{E}/schedule/answers?search=%25")) == []


def test_as_many_queries_for_a_page_of_invitations_as_for_one(app, number, organiser, counted):
    reply(app, number, judge)
    address_of_one = f"{E}/schedule/answers?answer=DECLINED"
    organiser.get(address_of_one)
    with counted(app) as one:
        organiser.get(address_of_one)
    with counted(app) as many:
        organiser.get(f"{E}/schedule/answers")
    assert len(many.statements) == len(one.statements)


def test_a_withdrawn_finalist_is_not_among_the_invitations(app, number, organiser, browse):
    author = browse(app, author_of(number))
    with app.app_context(), transaction(writing=False):
        title = the_proposal(number).title
    assert title in organiser.get(f"{E}/schedule/answers?search={title}").text
    author.fill(f"{E}/proposals/{number}/withdrawal", reason="Pindah tugas ke kota lain")
    assert rows(organiser.get(f"{E}/schedule/answers?search={title}")) == []
    assert title not in browse(app, judge).get(f"{E}/calendar").text


BY_HAND = """\
From: {sender}
Subject: =?utf-8?q?Maaf_=E2=80=93_<b>tidak?= bisa
Content-Type: text/plain; charset=utf-8

Maaf, <i>saya</i> tidak bisa hadir.\0
"""


@pytest.mark.field("calendars F9")
def test_a_no_in_words_waits_for_the_organiser_until_it_is_done(app, organiser):
    piped(app, BY_HAND.format(sender=address(app, judge)).encode())
    assert "1 jawaban" in organiser.get(f"{E}/schedule/answers").text
    page = organiser.get(f"{E}/schedule/answers/mail")
    assert "Maaf, &lt;i&gt;saya&lt;/i&gt; tidak bisa hadir." in page.text
    assert "Maaf – &lt;b&gt;tidak bisa" in page.text
    assert address(app, judge) in page.text
    assert organiser.fill(f"{E}/schedule/answers/mail", "/done").status_code == 302
    assert address(app, judge) not in organiser.get(f"{E}/schedule/answers/mail").text


def test_who_floods_the_mailbox_does_not_fill_the_disk(app, monkeypatch):
    monkeypatch.setattr(unread, "MOST", 2)
    message = BY_HAND.format(sender=address(app, judge)).encode()
    assert [piped(app, message)[0] for _ in range(3)] == [1, 1, 1]
    with app.app_context(), transaction(writing=False):
        assert unread.waiting_count(1) == 2


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: =?utf-8?q?=00?= <a@b.example>\r\nSubject: =?x?b?!?=\r\n\r\n",
        b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\n",
        b"From: a@b.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
        b"From: a@b.example\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 40,
    ],
)
def test_any_mail_can_be_kept(app, message):
    with app.app_context(), transaction(writing=True):
        first = db.session.scalars(sa.select(Invitation).limit(1)).one()
        first.person.email = "a@b.example"
        db.session.flush()
        kept = unread.keep_unread(message, N_("The e-mail contains no calendar."), now=clock.now())
        assert (kept is not None) == (b"a@b.example" in message)


@pytest.mark.field("calendars F9")
def test_the_reason_of_a_decline_stands_beside_the_warning_for_the_organiser_alone(
    app, number, organiser, browse
):
    comment = "COMMENT:Ada sidang <b>DPRD</b>\\, jam yang sama\n"
    assert reply(app, number, judge, more=comment)[0] == 0
    warnings = f"{E}/schedule/warnings?kind=judge_away"
    shown = "Ada sidang &lt;b&gt;DPRD&lt;/b&gt;, jam yang sama"
    assert shown in organiser.get(warnings).text
    assert shown in organiser.get(f"{E}/schedule/answers?answer=DECLINED").text
    assert "sidang" not in browse(app, "pengamat").get(warnings).text
    browse(app, judge).post(f"{E}/calendar/answers")
    assert reply(app, number, judge, stamp="20191001T030000Z")[0] == 0
    assert shown not in organiser.get(warnings).text
