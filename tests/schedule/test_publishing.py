"""Versions of the schedule: who is told what, comparing, restoring, undoing."""

import re

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.database import db, transaction
from app.demo import DOMAIN
from app.editions.parts import Room
from app.editions.queries import locked_edition
from app.programme.models import Appearance, Change, Version
from app.proposals.models import Proposal
from tests.calendars.letters import letters_of, recipients
from tests.clients import form_of, send
from tests.conftest import SLUG, E
from tests.databases import BASE
from tests.schedule.bookings import book, free, place_of, publish, undo


@pytest.fixture
def app(make_app):
    """Twenty presentations are published and told."""
    app = make_app("picking")
    letters_of(app)
    return app


def revision_of(app, number: int) -> int:
    with app.app_context(), transaction(writing=False):
        mine = Appearance.proposal_id == Proposal.id
        return db.session.scalar(
            sa.select(Appearance.revision).join(Proposal, mine).where(Proposal.number == number)
        )


def test_rule_7_picking_is_a_draft_that_nobody_sees_before_it_is_published(app, browse):
    innovator, organiser, stranger = (
        browse(app, *name) for name in (["inovator-27"], ["sekretariat"], [])
    )
    book(innovator, free(innovator)[0], 27)
    assert "Lapor Pipa Bocor" not in stranger.get(f"{E}/schedule").text
    assert letters_of(app) == []
    assert publish(organiser).status_code == 302
    assert "Lapor Pipa Bocor" in stranger.get(f"{E}/schedule").text


def test_rule_7_only_those_affected_are_told_once_with_the_old_and_the_new_time(app, browse):
    organiser = browse(app, "sekretariat")
    book(organiser, free(organiser)[0], 5)
    before = revision_of(app, 5)
    publish(organiser)
    letters = letters_of(app)
    judges = {f"juri-{number}" for number in range(1, 7)}
    assert recipients(letters) <= {"inovator-05", *judges}
    assert "inovator-05" in recipients(letters)
    to_author = next(each for each in letters if each.recipient.startswith("inovator"))
    assert len(re.findall(r"Oktober 2019", to_author.body)) == 2
    assert [each["SEQUENCE"] for each in Calendar.from_ical(to_author.calendar).walk("VEVENT")] == [
        before + 1
    ]
    assert letters_of(app) == []


def test_rule_7_who_loses_their_slot_gets_a_cancellation_and_so_do_their_judges(app, browse):
    organiser = browse(app, "sekretariat")
    organiser.post(f"{E}/proposals/5/slot/removal")
    publish(organiser)
    letters = letters_of(app)
    assert {Calendar.from_ical(each.calendar)["METHOD"] for each in letters} == {"CANCEL"}
    assert "inovator-05" in recipients(letters)
    assert len(letters) == len(recipients(letters))


def test_publishing_nothing_or_what_another_has_published_meanwhile_is_409(app, browse):
    organiser = browse(app, "sekretariat")
    assert organiser.post(f"{E}/schedule/versions", {"expected": "2"}).status_code == 409
    book(organiser, free(organiser)[0], 27)
    stale = organiser.post(f"{E}/schedule/versions", {"expected": "1", "note": "Catatan saya"})
    assert stale.status_code == 409
    assert "Catatan saya" in stale.text
    assert publish(organiser).status_code == 302


def test_a_version_is_compared_and_restored(app, browse):
    organiser = browse(app, "sekretariat")
    first = place_of(app, 5)
    book(organiser, free(organiser)[0], 5)
    publish(organiser)
    page = organiser.get(f"{E}/schedule/versions/2").text
    assert page.count('<td><span class="code">P-') == 1
    assert "P-005" in page
    everything = organiser.get(f"{E}/schedule/versions/2?against=99").text
    assert everything.count('<td><span class="code">P-') == 20
    assert organiser.post(f"{E}/schedule/versions/1/restoration").status_code == 302
    assert place_of(app, 5) == first
    publish(organiser)
    assert revision_of(app, 5) == 2


def test_a_withdrawn_finalists_presentation_is_to_be_cancelled(app, browse):
    leaver, organiser = browse(app, "inovator-05"), browse(app, "sekretariat")
    leaver.post(f"{E}/proposals/5/withdrawal", {"reason": "Pindah tugas"})
    publish(organiser)
    with app.app_context(), transaction(writing=False):
        newest = db.session.scalars(sa.select(Change).order_by(Change.id.desc())).first()
        assert newest.kind.value == "cancelled"


def test_steps_of_arranging_are_undone_one_by_one(app, browse):
    organiser = browse(app, "sekretariat")
    slot, before = free(organiser)[0], (place_of(app, 5), place_of(app, 6))
    organiser.post(f"{E}/arrangement", {"proposal": "5", "slot": slot})
    organiser.post(f"{E}/arrangement", {"proposal": "6", "slot": slot})  # both change places
    assert (place_of(app, 5), place_of(app, 6)) == (before[1], int(slot))
    organiser.post(f"{E}/arrangement", {"proposal": "6", "slot": "0"})
    assert place_of(app, 6) is None
    for _ in range(3):
        assert undo(organiser).status_code == 302
    assert (place_of(app, 5), place_of(app, 6)) == before


def test_a_step_that_somebody_has_overtaken_can_not_be_undone(app, browse):
    organiser, innovator = browse(app, "sekretariat"), browse(app, "inovator-27")
    old = place_of(app, 5)
    organiser.post(f"{E}/arrangement", {"proposal": "5", "slot": free(organiser)[0]})
    book(innovator, old, 27)
    assert undo(organiser).status_code == 409  # the old slot is taken
    assert place_of(app, 27) == int(old)
    organiser.post(f"{E}/arrangement", {"proposal": "5", "slot": "0"})
    book(browse(app, "inovator-05"), free(organiser)[0], 5)
    assert undo(organiser).status_code == 409  # it has moved since
    assert place_of(app, 5) is not None


def test_a_step_from_slots_that_are_made_no_more_can_not_be_undone(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).slot_minutes = 25
    organiser.post(f"{E}/slots", {"confirmed": "yes"})
    assert place_of(app, 3) is None
    assert undo(organiser).status_code == 409
    assert place_of(app, 3) is None
    assert organiser.get(f"{E}/arrangement").status_code == 200


def test_after_the_result_is_confirmed_nothing_is_arranged_nor_published(make_app, browse):
    app = make_app("published")
    organiser = browse(app, "sekretariat")
    for path, fields in (
        ("/arrangement", {"proposal": "5", "slot": "0"}),
        ("/arrangement/undo", {}),
        ("/schedule/versions", {"expected": "2"}),
        ("/schedule/versions/1/restoration", {}),
    ):
        assert organiser.post(f"{E}{path}", fields).status_code == 409


def test_versions_are_numbered_and_immutable_whatever_follows(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        first = db.session.scalars(sa.select(Version)).one().content
    book(organiser, free(organiser)[0], 5)
    publish(organiser)
    with app.app_context(), transaction(writing=False):
        versions = db.session.scalars(sa.select(Version).order_by(Version.number)).all()
        assert [each.number for each in versions] == [1, 2]
        assert versions[0].content == first


def test_an_answer_by_the_link_of_the_letter_counts_and_a_decline_becomes_a_warning(app, browse):
    organiser = browse(app, "sekretariat")
    book(organiser, free(organiser)[0], 27)
    publish(organiser)
    letter = next(each for each in letters_of(app) if each.recipient == f"juri-2@{DOMAIN}")
    link = re.search(rf"{BASE}(/invitations/\S+)", letter.body)[1]
    stranger = browse(app)
    assert stranger.get(link).status_code == 200
    assert "Juri berhalangan" not in organiser.get(f"{E}/schedule/warnings").text
    assert stranger.post(link, {"answer": "DECLINED"}).status_code == 302
    assert "Juri berhalangan" in organiser.get(f"{E}/schedule/warnings").text
    assert stranger.post(link, {"answer": "x"}).status_code == 400
    assert stranger.get(f"{link}x").status_code == 404
    assert stranger.get("/invitations/1-2").status_code == 404


def test_an_answer_from_a_page_opened_before_a_move_is_refused_with_the_new_time(app, browse):
    organiser, guest = browse(app, "sekretariat"), browse(app)
    first, second = free(organiser)[:2]
    book(organiser, first, 27)
    publish(organiser)
    letter = next(each for each in letters_of(app) if each.recipient == f"juri-2@{DOMAIN}")
    link = re.search(rf"{BASE}(/invitations/\S+)", letter.body)[1]
    opened = guest.form(link, link)
    book(organiser, second, 27)
    publish(organiser)
    letters_of(app)
    answer = opened.submit("answer", value="ACCEPTED", expect_errors=True)
    assert answer.status_code == 409
    assert "Jawaban itu untuk waktu yang lama" in answer.text
    fresh = form_of(answer, link)
    assert fresh.submit("answer", value="ACCEPTED").status_code == 302


def test_undo_after_the_slots_were_made_anew_has_nothing_to_go_back_to(app, browse):
    organiser = browse(app, "sekretariat")
    organiser.post(f"{E}/arrangement", {"proposal": "5", "slot": free(organiser)[0]})
    step = organiser.form(f"{E}/arrangement", "/arrangement/undo")
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).slot_minutes = 45
    assert organiser.post(f"{E}/slots", {"confirmed": "yes"}).status_code == 302
    assert send(step).status_code == 409
    assert undo(organiser).status_code == 409
    for path in ("/arrangement", "/schedule/versions", "/schedule/warnings"):
        assert organiser.get(f"{E}{path}").status_code == 200


def test_another_room_beside_it_moves_nobody(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        edition.rooms.append(Room(position=2, name="Ruang 2"))
    assert organiser.post(f"{E}/schedule/versions", {"expected": "2"}).status_code == 409
    assert "sama dengan yang telah diterbitkan" in organiser.get(f"{E}/schedule/versions").text


def test_only_finalists_are_moved(app, browse):
    organiser, leaver = browse(app, "sekretariat"), browse(app, "inovator-05")
    leaver.post(f"{E}/proposals/5/withdrawal", {"reason": "Pindah tugas"})
    before = place_of(app, 1)
    answer = organiser.post(f"{E}/arrangement", {"proposal": "5", "slot": str(before)})
    assert answer.status_code == 409
    assert place_of(app, 1) == before


def test_a_judge_who_declined_is_not_asked_again_while_nothing_moves(app, browse):
    organiser = browse(app, "sekretariat")
    letters = letters_of(app)
    book(organiser, free(organiser)[0], 27)
    publish(organiser)
    letter = next(each for each in letters_of(app) if each.recipient == f"juri-2@{DOMAIN}")
    link = re.search(rf"{BASE}(/invitations/\S+)", letter.body)[1]
    browse(app).post(link, {"answer": "DECLINED"})
    assert publish(organiser).status_code == 302
    assert recipients(letters_of(app)) == {"juri-2"}
    assert organiser.post(f"{E}/schedule/versions", {"expected": "4"}).status_code == 409
    assert letters == []
