"""Invitations: who gets which, what answers do, and the answers of calendar programs."""

import re
from datetime import timedelta
from email import message_from_string

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app import clock
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.mail.outbox import deliver_letters
from app.programme.models import Answer, Invitation
from tests.calendars.letters import letters_of, reply
from tests.cast import Part, address, ask, author_of, judge, other_judge, placed, unplaced, unscored
from tests.conftest import E
from tests.factories import the_person, the_proposal
from tests.schedule.bookings import book, free, publish


@pytest.fixture
def app(make_app):
    app = make_app("picking")
    letters_of(app)
    return app


def answer_of(app, number: int, who: str | Part) -> Answer:
    with app.app_context(), transaction(writing=False):
        invited = {"person_id": the_person(who).id, "proposal_id": the_proposal(number).id}
        return db.session.scalar(sa.select(Invitation.answer).filter_by(**invited))


def test_a_letter_carries_the_invitation_under_its_method(app, organiser):
    number = ask(app, unplaced)[0]
    author = address(app, author_of(number))
    book(organiser, free(organiser)[0], number)
    publish(organiser)
    letters_of(app)
    sent = []
    with app.app_context():
        while any(deliver_letters(sent.append, sender="ajang@localhost", now=clock.now())):
            pass
    invited = [each for each in sent if each["To"] == author][-1]
    parts = {part.get_content_type(): part for part in message_from_string(str(invited)).walk()}
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    [event] = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    with app.app_context(), transaction(writing=False):
        assert str(event["SUMMARY"]) == the_proposal(number).title
    assert "text/plain" in parts


def test_a_calendar_programs_answer_is_kept_and_a_judges_decline_is_a_warning(
    app, number, organiser
):
    code, output = reply(app, number, judge)
    assert (code, "DECLINED" in output) == (0, True)
    assert answer_of(app, number, judge) is Answer.DECLINED
    assert "Juri berhalangan" in organiser.get(f"{E}/schedule/warnings").text
    assert reply(app, number, judge, "ACCEPTED")[0] == 0
    assert "Juri berhalangan" not in organiser.get(f"{E}/schedule/warnings").text


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "presentation-999@luwu-utara-2019.ajang"},
        {"uid": "presentation-1@another.ajang"},
        {"uid": "somebody-elses@example.com"},
        {"attendee": other_judge},
        {"sender": other_judge},
        {"attendee": "nobody@example.com", "sender": "nobody@example.com"},
        {"answer": "DELEGATED"},
    ],
)
def test_an_answer_that_is_not_of_whom_it_names_changes_nothing(app, number, changes):
    assert reply(app, number, judge, **changes)[0] == 1
    assert answer_of(app, number, judge) is Answer.OPEN


def test_an_answer_to_a_time_that_holds_no_more_is_refused_and_a_move_asks_anew(
    app, number, organiser
):
    author = author_of(number)
    reply(app, number, author, "ACCEPTED")
    book(organiser, free(organiser)[0], number)
    publish(organiser)
    letters_of(app)
    assert answer_of(app, number, author) is Answer.OPEN
    assert reply(app, number, author, "ACCEPTED")[0] == 1
    assert reply(app, number, author, "ACCEPTED", sequence=1)[0] == 0


def test_a_judge_who_is_recused_after_publishing_gets_a_cancellation_and_nobody_else_a_word(
    app, browse, number, organiser
):
    recused = browse(app, judge)
    declaration = {"kind": "family", "reason": "Saudara kandung pengusul"}
    page = recused.get(f"{E}/proposals/{number}/conflict").text
    kind = re.search(r'name="kind"[^>]*value="(\w+)"|<option value="(\w+)"', page)
    declaration["kind"] = next(each for each in kind.groups() if each)
    assert recused.post(f"{E}/proposals/{number}/conflict", declaration).status_code == 302
    assert "juri berubah" in organiser.get(f"{E}/schedule/versions").text
    assert publish(organiser).status_code == 302
    [letter] = letters_of(app)
    assert letter.recipient == address(app, judge)
    assert Calendar.from_ical(letter.calendar)["METHOD"] == "CANCEL"


def test_everything_open_is_accepted_at_once_on_ones_own_page(app, browse, number):
    browser, open_ones = browse(app, judge), len(ask(app, placed))
    assert browser.get(f"{E}/calendar").text.count('">belum dijawab<') == open_ones
    assert browser.post(f"{E}/calendar/answers").status_code == 302
    assert '">belum dijawab<' not in browser.get(f"{E}/calendar").text
    assert answer_of(app, number, judge) is Answer.ACCEPTED
    assert answer_of(app, number, other_judge) is Answer.OPEN


def test_nothing_is_answered_once_the_presentation_is_over(make_app, browse):
    app = make_app("scoring")
    browser = browse(app, judge)
    letters_of(app)
    number = ask(app, unscored(SheetKind.PRESENTATION))[-1]
    clock.shift(clock.now() - clock.real_now() + timedelta(days=3))
    code, output = reply(app, number, judge)
    assert code != 0
    assert "sudah selesai" in output or "is over" in output
    assert answer_of(app, number, judge) is Answer.OPEN
    page = browser.get(f"{E}/calendar").text
    assert '">sudah selesai, tidak dijawab<' in page
    assert '">belum dijawab<' not in page


def test_nobody_is_invited_to_what_is_over(make_app):
    assert letters_of(make_app("plenary")) == []
