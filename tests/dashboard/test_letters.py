"""Letters on the organiser's page, the test letter, and the worker that sends them."""

import time

import pytest

from app import clock
from app.config import INTO_FOLDER
from app.database import db, transaction
from app.mail.models import LAST_ATTEMPT, Letter
from app.mail.outbox import BATCH, deliver_letters, queue_letter
from app.workflow import N_
from tests.cast import address
from tests.conftest import E


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def work(app) -> None:
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exception is None, result.exc_info


def fail_at(app, times: int) -> None:
    """Let all that wait fail as often as said."""

    def refuse(_message) -> None:
        raise ConnectionRefusedError("no mail server")

    now = clock.now()
    with app.app_context():
        for _ in range(times):
            deliver_letters(refuse, sender="a@a.example", now=now)
            with transaction(writing=True):
                db.session.query(Letter).update({Letter.retry_at: None})


def test_the_worker_ends_when_nothing_waits_and_rests_before_that_nowhere(app, monkeypatch):
    with app.app_context(), transaction(writing=True):
        for _ in range(2 * BATCH + 1):
            queue_letter(
                Reader,
                subject=N_("Saved."),
                body=N_("Saved."),
                values={},
                now=clock.now(),
            )
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("rested while letters waited"))
    work(app)
    with app.app_context(), transaction(writing=False):
        assert db.session.query(Letter).filter(Letter.delivered_at.is_(None)).count() == 0


class Reader:
    email, language = "pembaca@contoh.example", "id"


def test_a_test_letter_goes_to_who_asks_and_its_page_says_how_far_it_is(app, organiser):
    page = organiser.fill(f"{E}/mail", "/mail").follow()
    assert address(app, "sekretariat") in page.text
    assert "dalam pengiriman" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    work(app)
    assert "hanya berkas" in organiser.get(page.request.path).text
    assert 'hx-trigger="every 2s"' not in organiser.get(page.request.path).text


def test_the_site_administrator_tests_mail_before_there_is_an_edition(app, browse):
    admin = browse(app, "admin")
    page = admin.fill("/organisations", "/mail").follow()
    assert page.status_code == 200
    assert "Uji server surel" in page.text
    assert browse(app, "sekretariat").get(page.request.path).status_code == 403


def test_an_organiser_sees_that_no_mail_server_is_set(app, organiser):
    assert app.config["AJANG"].mail_url == INTO_FOLDER
    assert "tidak sampai kepada siapa pun" in organiser.get(f"{E}/mail").text


@pytest.mark.field("faults 4")
def test_what_went_wrong_is_said_in_words_and_a_letter_given_up_can_be_sent_again(app, organiser):
    place = organiser.fill(f"{E}/mail", "/mail").follow().request.path
    fail_at(app, 1)
    failed = organiser.get(place).text
    assert "gagal, akan dicoba lagi" in failed
    assert "Tidak ada server yang menjawab di alamat server surel." in failed
    fail_at(app, LAST_ATTEMPT - 1)
    assert "gagal, tidak dicoba lagi" in organiser.get(place).text
    assert organiser.fill(place, "/delivery").status_code == 302
    work(app)
    assert "hanya berkas" in organiser.get(place).text


def subjects(page) -> list[str]:
    return [link.text for link in page.html.select("#list td.main a")]


def test_letters_are_found_by_subject_address_and_failure(app, organiser):
    with app.app_context(), transaction(writing=True):
        for subject in (N_("Saved."), N_("Search")):
            queue_letter(Reader, subject=subject, body=subject, values={}, now=clock.now())
        db.session.query(Letter).update({Letter.edition_id: 1})
    assert subjects(organiser.get(f"{E}/mail?search=CARI")) == ["Cari"]
    assert len(subjects(organiser.get(f"{E}/mail?search=pembaca@"))) == 2
    assert "Tidak ada surel yang cocok." in organiser.get(f"{E}/mail?search=%25").text
    assert subjects(organiser.get(f"{E}/mail?failed=1")) == []
    fail_at(app, 1)
    assert "Cari" in subjects(organiser.get(f"{E}/mail?failed=1"))
