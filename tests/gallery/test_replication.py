"""Others ask to replicate an innovation: once confirmed it is answered, and no address shown."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.queries import locked_edition
from app.gallery.replication import requests
from app.gallery.replication.models import Replication
from app.gallery.replication.requests import forget_requests
from app.mail.models import Letter
from app.proposals.showcase.actions import Agreed, agree
from tests import cast
from tests.clients import Browser
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal

PUBLIC = f"{E}/innovations/1"
ASK, ANSWERING = f"{PUBLIC}/replication", f"{E}/proposals/1/replication"
ASKER = "bagian.organisasi@palopo.example"
REQUEST = {
    "name": "Bagian Organisasi",
    "institution": "Pemerintah Kota Palopo",
    "email": ASKER,
    "message": "Kami ingin <b>meniru</b> alur layanannya.",
}


@pytest.fixture
def app(make_app):
    return make_app("published")


@pytest.fixture
def stranger(app, browse) -> Browser:
    return browse(app)


@pytest.fixture
def entrant(app, browse) -> Browser:
    return browse(app, cast.author_of(1))


def letters_to(app, email: str) -> list[tuple[str, str]]:
    with app.app_context(), transaction(writing=False):
        own = sa.select(Letter.subject, Letter.body).where(Letter.recipient == email)
        return [tuple(row) for row in db.session.execute(own.order_by(Letter.id))]


def email_of(app, who) -> str:
    with app.app_context(), transaction(writing=False):
        return the_person(who).email


def link_for(app, email: str = ASKER) -> str:
    """The path of the link in the newest letter to the one who asks."""
    _, body = letters_to(app, email)[-1]
    return re.search(r"/editions/\S+/replication/\S+", body)[0]


def passed_on(app, stranger: Browser, **fields: str) -> str:
    assert stranger.post(ASK, REQUEST | fields).status_code == 302
    link = link_for(app, fields.get("email", ASKER))
    assert stranger.post(link).status_code == 302
    return link


def test_a_request_reaches_the_innovators_and_its_answer_the_one_who_asked(app, stranger, entrant):
    link = passed_on(app, stranger)
    subject, body = letters_to(app, email_of(app, cast.author_of(1)))[-1]
    assert "mereplikasi" in subject
    assert "Palopo" not in body  # what somebody typed isn't mailed to others
    assert "Jawab permintaan replikasi “Kesraku” (1)" in entrant.get("/my-work")
    shown = entrant.get(ANSWERING).html.main.get_text(" ", strip=True)
    assert "Kami ingin <b>meniru</b> alur layanannya." in shown
    answer = {"answer": "Silakan, hubungi kantor kami."}
    assert entrant.post(f"{ANSWERING}/1/answer", {"answer": " "}).status_code == 422
    assert entrant.post(f"{ANSWERING}/1/answer", answer).status_code == 302
    twice = entrant.post(f"{ANSWERING}/1/answer", {"answer": "Jawaban kedua."})
    assert twice.status_code == 409
    assert "sudah lebih dahulu dijawab" in twice
    assert "Silakan, hubungi kantor kami." in letters_to(app, ASKER)[-1][1]
    assert "Silakan, hubungi kantor kami." in stranger.get(link)
    assert "Jawab permintaan replikasi “Kesraku” (1)" not in entrant.get("/my-work")


def test_nothing_is_passed_on_before_the_link_is_used_nor_by_opening_it(app, stranger, entrant):
    stranger.post(ASK, REQUEST)
    before = letters_to(app, email_of(app, cast.author_of(1)))
    assert stranger.get(link_for(app)).status_code == 200
    assert "Palopo" not in entrant.get(ANSWERING)
    assert letters_to(app, email_of(app, cast.author_of(1))) == before
    stranger.post(link_for(app))
    assert "Palopo" in entrant.get(ANSWERING)
    stranger.post(link_for(app))
    assert len(letters_to(app, email_of(app, cast.author_of(1)))) == len(before) + 1


def test_no_address_is_shown_to_anybody(app, stranger, entrant, browse):
    link = passed_on(app, stranger)
    entrant.post(f"{ANSWERING}/1/answer", {"answer": "Silakan."})
    innovator = email_of(app, cast.author_of(1))
    stranger.get(PUBLIC)  # shows once to the sender where the letter went
    organiser = browse(app, "sekretariat")
    pages = [stranger.get(path) for path in (ASK, link, PUBLIC)]
    pages += [entrant.get(ANSWERING), organiser.get(ANSWERING), organiser.get(f"{E}/follow-up")]
    for shown in pages:
        assert shown.status_code == 200
        assert ASKER not in shown
    assert not any(innovator in body for _, body in letters_to(app, ASKER))
    assert not any(ASKER in body for _, body in letters_to(app, innovator))
    with app.app_context(), transaction(writing=False):
        entries = db.session.scalars(sa.select(AuditEntry.content)).all()
    assert not any("Palopo" in entry or ASKER in entry for entry in entries)


def test_who_is_signed_in_is_known_and_asks_at_once(app, entrant, browse):
    judge = browse(app, cast.chair)
    asked = judge.post(ASK, {"institution": "Bappeda", "message": "Bagaimana memulainya?"})
    assert asked.status_code == 302
    assert "Bagaimana memulainya?" in entrant.get(ANSWERING)
    assert "telah diteruskan" in letters_to(app, email_of(app, cast.chair))[-1][0]
    again = judge.post(ASK, {"institution": "Bappeda", "message": "Halo?"})
    assert again.status_code == 409
    assert "Halo?" in again.html.main.textarea.text
    assert "Halo?" not in entrant.get(ANSWERING)


def test_the_same_request_waits_once(app, stranger, entrant):
    passed_on(app, stranger)
    stranger.post(ASK, REQUEST | {"message": "Yang kedua."})
    assert stranger.post(link_for(app)).status_code == 409
    assert "Yang kedua." not in entrant.get(ANSWERING)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "www.iklan.example"},
        {"name": "x" * 201},
        {"email": "x"},
        {"institution": ""},
        {"message": ""},
        {"message": "x " * 2000},
    ],
)
def test_a_request_with_a_fault_keeps_what_was_typed(app, stranger, wrong):
    answer = stranger.post(ASK, REQUEST | wrong)
    assert answer.status_code == 422
    field = "institution" if "institution" not in wrong else "name"
    assert answer.html.main.find("input", {"name": field})["value"] == REQUEST[field]
    assert letters_to(app, ASKER) == []


def test_authors_can_stop_requests_at_any_time(app, stranger, entrant):
    stranger.post(ASK, REQUEST)
    assert "replication" in stranger.get(f"{E}/innovations/1")
    with app.app_context(), transaction(writing=True):
        by = the_person(cast.author_of(1))
        locked_edition(the_edition().slug)
        agree(the_proposal(1), Agreed(True, False, False, False, False), by=by, now=clock.now())
    assert "replication" not in stranger.get(f"{E}/innovations/1")
    late = stranger.post(ASK, REQUEST)
    assert late.status_code == 409
    assert late.html.main.textarea.text.strip() == REQUEST["message"]
    assert "tidak menerima permintaan" in stranger.get(ASK)
    assert stranger.post(link_for(app)).status_code == 409


def test_a_request_can_be_deleted_by_its_sender_or_as_an_advertisement(
    app, stranger, entrant, browse
):
    link = passed_on(app, stranger)
    assert stranger.post(f"{link}/removal").status_code == 302
    assert stranger.get(link).status_code == 404
    assert "Palopo" not in entrant.get(ANSWERING)
    assert letters_to(app, ASKER) == []
    passed_on(app, stranger)
    organiser = browse(app, "sekretariat")
    assert organiser.post(f"{ANSWERING}/1/answer", {"answer": "Ya"}).status_code == 403
    other = browse(app, cast.author_of(2))
    assert other.post(f"{ANSWERING}/1/removal").status_code == 404
    with app.app_context(), transaction(writing=False):
        key = db.session.scalar(sa.select(Replication.id))
    assert organiser.post(f"{ANSWERING}/{key}/removal").status_code == 302
    assert "Palopo" not in entrant.get(ANSWERING)


def test_requests_of_another_innovation_are_out_of_reach(app, stranger, browse):
    passed_on(app, stranger)
    other = browse(app, cast.author_of(2))
    path = f"{E}/proposals/2/replication/1"
    assert other.post(f"{path}/answer", {"answer": "Ya"}).status_code == 404
    assert other.post(f"{path}/removal").status_code == 404


def test_letters_are_bounded_for_an_address(app, stranger):
    statuses = [stranger.post(ASK, REQUEST).status_code for _ in range(4)]
    assert statuses == [302] * 3 + [429]
    assert len(letters_to(app, ASKER)) == 3


def test_the_first_letter_holds_nothing_that_its_causer_wrote(app, stranger):
    stranger.post(ASK, REQUEST | {"name": "Anda menang, klaim di bit.ly/x", "institution": "Klaim"})
    subject, body = letters_to(app, ASKER)[0]
    assert "klaim" not in (subject + body).lower()


def test_authors_are_asked_so_often_a_day_and_no_more(app, stranger, monkeypatch):
    monkeypatch.setattr(requests, "MOST_A_DAY", 2)
    for number in range(2):
        passed_on(app, stranger, email=f"p{number}@palopo.example")
    stranger.post(ASK, REQUEST)
    assert stranger.post(link_for(app)).status_code == 409
    clock.shift(timedelta(days=1, minutes=5))
    stranger.post(ASK, REQUEST | {"email": "besok@palopo.example"})
    assert stranger.post(link_for(app, "besok@palopo.example")).status_code == 302


@pytest.mark.parametrize("who", ["juri-1", "verifikator-1"])
def test_who_evaluates_asks_once_the_result_is_public(make_app, browse, who):
    app = make_app("scoring")
    known = {"institution": "Bappeda", "message": "Halo"}
    assert browse(app, who).post(ASK, known).status_code == 409
    stranger = browse(app)
    stranger.post(ASK, REQUEST | {"email": email_of(app, who)})
    assert stranger.post(link_for(app, email_of(app, who))).status_code == 409
    assert "Halo" not in browse(app, cast.author_of(1)).get(ANSWERING)


def test_what_is_typed_for_one_who_asks_stands_in_no_other_form(app, stranger, entrant):
    for number in range(3):
        passed_on(app, stranger, email=f"p{number}@palopo.example")
    long = "Rahasia " * 400
    refused = entrant.post(f"{ANSWERING}/1/answer", {"answer": long})
    assert refused.status_code == 422
    boxes = refused.html.main.select("textarea")
    assert [box["id"] for box in boxes] == ["answer-1", "answer-3", "answer-2"]
    assert ["Rahasia" in box.text for box in boxes] == [True, False, False]


def test_a_refusal_shows_the_request_that_it_is_about_wherever_it_is(app, entrant):
    with app.app_context(), transaction(writing=True):
        proposal_id = the_proposal(1).id
        db.session.add_all(
            Replication(
                proposal_id=proposal_id,
                name="N",
                institution=f"Kota {number}",
                email=f"n{number}@x.example",
                language="id",
                message="Halo",
                token_hash=f"{number}",
                asked_at=clock.now(),
                confirmed_at=clock.now(),
            )
            for number in range(32)
        )
    refused = entrant.post(f"{ANSWERING}/1/answer", {"answer": "x" * 3001})
    assert refused.html.main.select("textarea")[0]["id"] == "answer-1"
    assert refused.html.main.select("article details")[0].has_attr("open")


def test_a_stale_form_of_a_stranger_keeps_what_was_typed(app, stranger):
    stale = stranger.client.post(ASK, REQUEST | {"csrf_token": "x"}, expect_errors=True)
    assert stale.status_code in {400, 409}
    assert "Masuk untuk" not in stale.html.main.text


def test_what_is_no_longer_needed_is_forgotten(app, stranger, entrant):
    link = passed_on(app, stranger)
    stranger.post(ASK, REQUEST | {"email": "lain@palopo.example"})
    never = link_for(app, "lain@palopo.example")
    clock.shift(timedelta(days=3))
    assert stranger.get(never).status_code == 404
    with app.app_context(), transaction(writing=True):
        forget_requests(now=clock.now())
        assert db.session.scalar(sa.select(sa.func.count(Replication.id))) == 1
    entrant.post(f"{ANSWERING}/1/answer", {"answer": "Silakan."})
    clock.shift(timedelta(days=370))
    with app.app_context(), transaction(writing=True):
        forget_requests(now=clock.now())
        kept = db.session.scalar(sa.select(Replication))
        assert (kept.name, kept.email, kept.message) == ("", "", "")
        assert kept.institution == "Pemerintah Kota Palopo"
    assert stranger.get(link).status_code == 200
    with app.app_context(), transaction(writing=False):
        letters = db.session.scalars(sa.select(Letter.body)).all()
    assert not any("Silakan." in body for body in letters)
    assert letters_to(app, ASKER) == []


def test_a_deleted_person_leaves_no_request(app, browse):
    browse(app, "juri-1").post(ASK, {"institution": "Bappeda", "message": "Halo"})
    with app.app_context(), transaction(writing=True):
        asked = db.session.scalars(sa.select(Replication)).one()
        asked.email = "alamat-lama@x.example"  # as it was before another was taken
    email = email_of(app, "juri-1")
    answer = browse(app, "admin").post("/erasure", {"email": email, "again": email})
    assert answer.status_code == 302
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count(Replication.id))) == 0
