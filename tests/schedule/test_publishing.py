"""Versions of the schedule: who is told what, comparing, restoring, undoing."""

import re

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.database import db, transaction
from app.editions.parts import Room
from app.editions.queries import locked_edition
from app.programme.models import Appearance, Change, Version
from app.proposals.models import Proposal
from app.schedule.draft.loading import timetable_of
from tests.calendars.letters import letters_of
from tests.cast import Part, address, ask, author_of, judge, judges, placed
from tests.clients import form_of, send
from tests.conftest import SLUG, E
from tests.databases import BASE
from tests.factories import the_edition, the_person, the_proposal
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


def link_to_answer(app, who: Part) -> str:
    """The link in somebody's new letter."""
    [letter] = [each for each in letters_of(app) if each.recipient == address(app, who)]
    return re.search(rf"{BASE}(/invitations/\S+)", letter.body)[1]


def test_rule_7_picking_is_a_draft_that_nobody_sees_before_it_is_published(
    app, browse, organiser, number, innovator
):
    stranger = browse(app)
    with app.app_context():
        title = the_proposal(number).title
    book(innovator, free(innovator)[0], number)
    assert title not in stranger.get(f"{E}/schedule").text
    assert letters_of(app) == []
    assert publish(organiser).status_code == 302
    assert title in stranger.get(f"{E}/schedule").text


def test_rule_7_only_those_affected_are_told_once_with_the_old_and_the_new_time(
    app, organiser, other
):
    author = address(app, author_of(other))
    book(organiser, free(organiser)[0], other)
    before = revision_of(app, other)
    publish(organiser)
    letters = letters_of(app)
    assert {letter.recipient for letter in letters} <= {author, *ask(app, judges)}
    [to_author] = [letter for letter in letters if letter.recipient == author]
    assert len(re.findall(r"Oktober 2019", to_author.body)) == 2
    [event] = Calendar.from_ical(to_author.calendar).walk("VEVENT")
    assert event["SEQUENCE"] == before + 1
    assert letters_of(app) == []


def test_rule_7_who_loses_their_slot_gets_a_cancellation_and_so_do_their_judges(
    app, organiser, other
):
    organiser.post(f"{E}/proposals/{other}/slot/removal")
    publish(organiser)
    letters = letters_of(app)
    assert {Calendar.from_ical(each.calendar)["METHOD"] for each in letters} == {"CANCEL"}
    told = {letter.recipient for letter in letters}
    assert address(app, author_of(other)) in told
    assert len(letters) == len(told)


def test_publishing_nothing_or_what_another_has_published_meanwhile_is_409(organiser, number):
    assert organiser.post(f"{E}/schedule/versions", {"expected": "2"}).status_code == 409
    book(organiser, free(organiser)[0], number)
    stale = organiser.post(f"{E}/schedule/versions", {"expected": "1", "note": "Catatan saya"})
    assert stale.status_code == 409
    assert "Catatan saya" in stale.text
    assert publish(organiser).status_code == 302


def test_a_version_is_compared_and_restored(app, organiser, other):
    first = place_of(app, other)
    book(organiser, free(organiser)[0], other)
    publish(organiser)
    page = organiser.get(f"{E}/schedule/versions/2").text
    assert page.count('<td class="main"><span class="code">P-') == 1
    assert f"P-{other:03d}" in page
    everything = organiser.get(f"{E}/schedule/versions/2?against=99").text
    assert everything.count('<td class="main"><span class="code">P-') == len(ask(app, placed))
    assert organiser.post(f"{E}/schedule/versions/1/restoration").status_code == 302
    assert place_of(app, other) == first
    publish(organiser)
    assert revision_of(app, other) == 2


def test_a_withdrawn_finalists_presentation_is_to_be_cancelled(app, organiser, other, holder):
    holder.post(f"{E}/proposals/{other}/withdrawal", {"reason": "Pindah tugas"})
    publish(organiser)
    with app.app_context(), transaction(writing=False):
        newest = db.session.scalars(sa.select(Change).order_by(Change.id.desc())).first()
        assert newest.kind.value == "cancelled"


def test_steps_of_arranging_are_undone_one_by_one(app, organiser, other, neighbour):
    slot, before = free(organiser)[0], (place_of(app, other), place_of(app, neighbour))
    organiser.post(f"{E}/arrangement", {"proposal": other, "slot": slot})
    organiser.post(f"{E}/arrangement", {"proposal": neighbour, "slot": slot, "seen": other})
    assert (place_of(app, other), place_of(app, neighbour)) == (before[1], int(slot))
    organiser.post(f"{E}/arrangement", {"proposal": neighbour, "slot": "0"})
    assert place_of(app, neighbour) is None
    for _ in range(3):
        assert undo(organiser).status_code == 302
    assert (place_of(app, other), place_of(app, neighbour)) == before


def test_a_step_that_somebody_has_overtaken_can_not_be_undone(
    app, organiser, number, innovator, other, holder
):
    old = place_of(app, other)
    organiser.post(f"{E}/arrangement", {"proposal": other, "slot": free(organiser)[0]})
    book(innovator, old, number)
    assert undo(organiser).status_code == 409  # the old slot is taken
    assert place_of(app, number) == int(old)
    organiser.post(f"{E}/arrangement", {"proposal": other, "slot": "0"})
    book(holder, free(organiser)[0], other)
    assert undo(organiser).status_code == 409  # it has moved since
    assert place_of(app, other) is not None


def test_a_step_from_slots_that_are_made_no_more_can_not_be_undone(app, organiser):
    before = ask(app, placed)
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).slot_minutes = 25
    organiser.post(f"{E}/slots", {"confirmed": "yes"})
    kept = ask(app, placed)
    assert len(kept) < len(before)
    assert undo(organiser).status_code == 409
    assert ask(app, placed) == kept
    assert organiser.get(f"{E}/arrangement").status_code == 200


def test_after_the_result_is_confirmed_nothing_is_arranged_nor_published(make_app, browse):
    app = make_app("published")
    organiser = browse(app, "sekretariat")
    for path, fields in (
        ("/arrangement", {"proposal": ask(app, placed)[0], "slot": "0"}),
        ("/arrangement/undo", {}),
        ("/schedule/versions", {"expected": "2"}),
        ("/schedule/versions/1/restoration", {}),
    ):
        assert organiser.post(f"{E}{path}", fields).status_code == 409


def test_versions_are_numbered_and_immutable_whatever_follows(app, organiser, other):
    with app.app_context(), transaction(writing=False):
        first = db.session.scalars(sa.select(Version)).one().content
    book(organiser, free(organiser)[0], other)
    publish(organiser)
    with app.app_context(), transaction(writing=False):
        versions = db.session.scalars(sa.select(Version).order_by(Version.number)).all()
        assert [each.number for each in versions] == [1, 2]
        assert versions[0].content == first


def test_an_answer_by_the_link_of_the_letter_counts_and_a_decline_becomes_a_warning(
    app, browse, organiser, number
):
    book(organiser, free(organiser)[0], number)
    publish(organiser)
    link, stranger = link_to_answer(app, judge), browse(app)
    assert stranger.get(link).status_code == 200
    assert "Juri berhalangan" not in organiser.get(f"{E}/schedule/warnings").text
    assert stranger.post(link, {"answer": "DECLINED"}).status_code == 302
    assert "Juri berhalangan" in organiser.get(f"{E}/schedule/warnings").text
    assert stranger.post(link, {"answer": "x"}).status_code == 400
    assert stranger.get(f"{link}x").status_code == 404
    assert stranger.get("/invitations/1-2").status_code == 404


def test_an_answer_from_a_page_opened_before_a_move_is_refused_with_the_new_time(
    app, browse, organiser, number
):
    first, second = free(organiser)[:2]
    book(organiser, first, number)
    publish(organiser)
    link = link_to_answer(app, judge)
    opened = browse(app).form(link, link)
    book(organiser, second, number)
    publish(organiser)
    letters_of(app)
    answer = opened.submit("answer", value="ACCEPTED", expect_errors=True)
    assert answer.status_code == 409
    assert "Jawaban itu untuk jadwal sebelumnya" in answer.text
    fresh = form_of(answer, link)
    assert fresh.submit("answer", value="ACCEPTED").status_code == 302


def test_undo_after_the_slots_were_made_anew_has_nothing_to_go_back_to(app, organiser, other):
    organiser.post(f"{E}/arrangement", {"proposal": other, "slot": free(organiser)[0]})
    step = organiser.form(f"{E}/arrangement", "/arrangement/undo")
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).slot_minutes = 45
    assert organiser.post(f"{E}/slots", {"confirmed": "yes"}).status_code == 302
    assert send(step).status_code == 409
    assert undo(organiser).status_code == 409
    for path in ("/arrangement", "/schedule/versions", "/schedule/warnings"):
        assert organiser.get(f"{E}{path}").status_code == 200


def test_another_room_beside_it_moves_nobody(app, organiser):
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        edition.rooms.append(Room(position=2, name="Ruang 2"))
    assert organiser.post(f"{E}/schedule/versions", {"expected": "2"}).status_code == 409
    assert "sama dengan yang telah diterbitkan" in organiser.get(f"{E}/schedule/versions").text


def test_only_finalists_are_moved(app, organiser, other, holder, neighbour):
    holder.post(f"{E}/proposals/{other}/withdrawal", {"reason": "Pindah tugas"})
    before = place_of(app, neighbour)
    answer = organiser.post(
        f"{E}/arrangement", {"proposal": other, "slot": before, "seen": neighbour}
    )
    assert answer.status_code == 409
    assert place_of(app, neighbour) == before


def test_a_judge_who_declined_is_not_asked_again_while_nothing_moves(
    app, browse, organiser, number
):
    letters = letters_of(app)
    book(organiser, free(organiser)[0], number)
    publish(organiser)
    browse(app).post(link_to_answer(app, judge), {"answer": "DECLINED"})
    assert publish(organiser).status_code == 302
    assert {letter.recipient for letter in letters_of(app)} == {address(app, judge)}
    assert organiser.post(f"{E}/schedule/versions", {"expected": "4"}).status_code == 409
    assert letters == []


def test_a_decline_holds_for_the_slot_that_was_declined_wherever_the_draft_moves(
    app, browse, organiser, number
):
    there, other = (int(slot) for slot in free(organiser)[:2])
    book(organiser, there, number)
    publish(organiser)
    browse(app).post(link_to_answer(app, judge), {"answer": "DECLINED"})
    book(organiser, other, number)
    with app.app_context(), transaction(writing=False):
        proposal, person = the_proposal(number).id, the_person(judge).id
        table = timetable_of(the_edition())
        assert table.declined == {(person, proposal, there)}
        talk = table.talk_of[proposal]
        missing = [table.bench(talk, table.sitting_of[slot]).missing for slot in (there, other)]
        assert [person in bench for bench in missing] == [True, False]
