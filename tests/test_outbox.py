"""The outbox: what is due leaves once, what fails is tried again, nothing is lost."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from app import clock
from app.database import db, transaction
from app.mail.models import Letter
from app.mail.outbox import deliver_letters, queue_letter
from app.mail.transports import sender_to
from app.workflow import N_


class Reader:
    email, language = "pembaca@contoh.example", "id"


@pytest.fixture
def app(make_app):
    return make_app()


def write(app, **options) -> int:
    with app.app_context(), transaction(writing=True):
        letter = queue_letter(
            Reader,
            subject=N_("Received: %(title)s (%(code)s)"),
            body=N_("Saved."),
            values={"title": "Draft\r\nBcc: x@y.example", "code": "P-001"},
            now=clock.now(),
            **options,
        )
        db.session.flush()
        return letter.id


def letter(app, number: int) -> Letter:
    with app.app_context(), transaction(writing=False):
        found = db.session.get_one(Letter, number)
        db.session.expunge_all()
        return found


def delivered(app, send, *, after: timedelta = timedelta(0)) -> int:
    with app.app_context():
        return deliver_letters(
            send, sender="ajang@contoh.example", now=clock.now() + after
        ).delivered


def test_a_letter_leaves_once_in_the_readers_language_as_a_file(app, tmp_path):
    number = write(app)
    send = sender_to("folder", tmp_path)
    assert (delivered(app, send), delivered(app, send)) == (1, 0)
    message = message_from_bytes(next(tmp_path.glob("*.eml")).read_bytes(), policy=policy.default)
    assert message["Message-ID"] == letter(app, number).message_id
    assert message["Subject"] == "Diterima: Draft Bcc: x@y.example (P-001)"
    assert message["Bcc"] is None
    assert message.get_content().strip() == "Tersimpan."


def test_a_users_own_text_is_never_translated(app):
    assert "Draft" in letter(app, write(app)).subject


def test_a_letter_waits_for_its_time(app):
    write(app, due_at=clock.now() + timedelta(hours=1))
    sent: list = []
    assert delivered(app, sent.append) == 0
    assert delivered(app, sent.append, after=timedelta(hours=1)) == 1


def test_a_failed_delivery_is_kept_said_and_tried_again_later(app):
    number = write(app)

    def refuse(_message) -> None:
        raise ConnectionRefusedError("no mail server")

    assert delivered(app, refuse) == 0
    assert "no mail server" in letter(app, number).last_error
    sent: list = []
    assert delivered(app, sent.append) == 0
    assert delivered(app, sent.append, after=timedelta(minutes=1)) == 1
    assert letter(app, number).delivered_at is not None


def test_a_letter_of_an_action_that_fails_is_never_written(app):
    def fail_after_writing() -> None:
        with app.app_context(), transaction(writing=True):
            queue_letter(
                Reader, subject=N_("Saved."), body=N_("Saved."), values={}, now=clock.now()
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert delivered(app, lambda _message: None) == 0


def test_an_address_that_can_not_be_written_does_not_stop_the_others(app):
    with app.app_context(), transaction(writing=True):
        bad = Reader()
        bad.email = "a@[.c"
        queue_letter(bad, subject=N_("Saved."), body=N_("Saved."), values={}, now=clock.now())
    good, sent = write(app), []
    assert delivered(app, sent.append) == 1
    assert letter(app, good).delivered_at is not None
    assert [each["To"] for each in sent] == [Reader.email]
