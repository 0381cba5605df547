"""Invitations: who gets which, what answers do, and the answers of calendar programs."""

import re
from email import message_from_string

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app import clock
from app.database import db, transaction
from app.demo import DOMAIN
from app.mail.outbox import deliver_letters
from app.programme.models import Answer, Invitation
from app.proposals.models import Proposal
from tests.calendars.letters import letters_of, recipients, reply
from tests.conftest import E
from tests.schedule.bookings import book, free, publish


@pytest.fixture
def app(make_app):
    app = make_app("picking")
    letters_of(app)
    return app


def answer_of(app, number: int, person: str) -> Answer:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(
            sa.select(Invitation.answer)
            .join(Invitation.person)
            .join(Invitation.proposal)
            .where(Proposal.number == number, sa.text("person.email = :email")),
            {"email": f"{person}@{DOMAIN}"},
        )


def test_a_letter_carries_the_invitation_under_its_method(app, browse):
    organiser = browse(app, "sekretariat")
    book(organiser, free(organiser)[0], 27)
    publish(organiser)
    letters_of(app)
    sent = []
    with app.app_context():
        while deliver_letters(sent.append, sender="ajang@localhost", now=clock.now()):
            pass
    invited = [each for each in sent if each["To"].startswith("inovator-27@")][-1]
    parts = {part.get_content_type(): part for part in message_from_string(str(invited)).walk()}
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    [event] = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Lapor Pipa Bocor"
    assert "text/plain" in parts


def test_a_calendar_programs_answer_is_kept_and_a_judges_decline_is_a_warning(app, browse):
    organiser = browse(app, "sekretariat")
    code, output = reply(app, 1, "juri-2")
    assert (code, "DECLINED" in output) == (0, True)
    assert answer_of(app, 1, "juri-2") is Answer.DECLINED
    assert "Juri berhalangan" in organiser.get(f"{E}/schedule/warnings").text
    assert reply(app, 1, "juri-2", "ACCEPTED")[0] == 0
    assert "Juri berhalangan" not in organiser.get(f"{E}/schedule/warnings").text


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "presentation-999@luwu-utara-2019.ajang"},
        {"uid": "presentation-1@another.ajang"},
        {"uid": "somebody-elses@example.com"},
        {"attendee": f"juri-1@{DOMAIN}"},
        {"sender": f"juri-1@{DOMAIN}"},
        {"attendee": "nobody@example.com", "sender": "nobody@example.com"},
        {"answer": "DELEGATED"},
    ],
)
def test_an_answer_that_is_not_of_whom_it_names_changes_nothing(app, changes):
    assert reply(app, 1, "juri-2", **changes)[0] == 1
    assert answer_of(app, 1, "juri-2") is Answer.OPEN


def test_an_answer_to_a_time_that_holds_no_more_is_refused_and_a_move_asks_anew(app, browse):
    organiser = browse(app, "sekretariat")
    reply(app, 1, "inovator-01", "ACCEPTED")
    book(organiser, free(organiser)[0], 1)
    publish(organiser)
    letters_of(app)
    assert answer_of(app, 1, "inovator-01") is Answer.OPEN
    assert reply(app, 1, "inovator-01", "ACCEPTED")[0] == 1
    assert reply(app, 1, "inovator-01", "ACCEPTED", sequence=1)[0] == 0


def test_a_judge_who_is_recused_after_publishing_gets_a_cancellation_and_nobody_else_a_word(
    app, browse
):
    judge, organiser = browse(app, "juri-2"), browse(app, "sekretariat")
    declaration = {"kind": "family", "reason": "Saudara kandung pengusul"}
    page = judge.get(f"{E}/proposals/1/conflict").text
    kind = re.search(r'name="kind"[^>]*value="(\w+)"|<option value="(\w+)"', page)
    declaration["kind"] = next(each for each in kind.groups() if each)
    assert judge.post(f"{E}/proposals/1/conflict", declaration).status_code == 302
    assert "juri berganti" in organiser.get(f"{E}/schedule/versions").text
    assert publish(organiser).status_code == 302
    letters = letters_of(app)
    assert recipients(letters) == {"juri-2"}
    assert Calendar.from_ical(letters[0].calendar)["METHOD"] == "CANCEL"


def test_everything_open_is_accepted_at_once_on_ones_own_page(app, browse):
    judge = browse(app, "juri-1")
    assert judge.get(f"{E}/calendar").text.count('">belum dijawab<') == 20
    assert judge.post(f"{E}/calendar/answers").status_code == 302
    assert '">belum dijawab<' not in judge.get(f"{E}/calendar").text
    assert answer_of(app, 1, "juri-1") is Answer.ACCEPTED
    assert answer_of(app, 1, "juri-2") is Answer.OPEN


def test_nothing_is_answered_once_the_presentation_is_over(make_app, browse):
    app = make_app("plenary")
    letters_of(app)
    code, output = reply(app, 1, "juri-2")
    assert code != 0
    assert "sudah selesai" in output or "is over" in output
    assert answer_of(app, 1, "juri-2") is Answer.OPEN
