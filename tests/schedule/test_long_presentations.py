"""Presentations that need two slots in a row: placed, picked, moved, published, taken back."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.programme.models import Appearance
from app.schedule.draft import lengths, queries
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Booking, Slot
from app.schedule.picking.models import Hold
from app.workflow import Status
from tests.cast import ask, placed
from tests.conftest import E
from tests.factories import the_edition, the_proposal
from tests.schedule.bookings import book, free, place_of, publish, undo
from tests.schedule.test_planning import apply, compute


@pytest.fixture
def app(make_app):
    return make_app("picking")


def set_slots(organiser, number: int, slots: int):
    return organiser.post(f"{E}/arrangement/length", {"proposal": number, "slots": slots})


def pairs(app, organiser) -> list[tuple[int, int]]:
    """Free slots of which one follows the other, as ids."""
    open_ones = [int(slot) for slot in free(organiser)]
    with app.app_context(), transaction(writing=False):
        after = lengths.following_slots(the_edition(), open_ones)
    return [(slot, after[slot]) for slot in open_ones if after.get(slot) in open_ones]


def slots_of(app, number: int) -> list[int]:
    """The slots that the proposal has, the first one first."""
    with app.app_context(), transaction(writing=False):
        held = (
            sa.select(Booking.slot_id)
            .where(Booking.proposal_id == the_proposal(number).id, Booking.given_up_at.is_(None))
            .order_by(Booking.continues)
        )
        return list(db.session.scalars(held))


def test_it_takes_two_slots_in_a_row_and_nobody_else_gets_either(
    app, organiser, innovator, number, other
):
    first, second = pairs(app, organiser)[0]
    assert set_slots(organiser, number, 2).status_code == 302
    assert book(organiser, first, number).status_code == 302
    assert slots_of(app, number) == [first, second]
    assert book(organiser, second, other).status_code == 409
    assert slots_of(app, number) == [first, second]
    page = organiser.get(f"{E}/arrangement?day={day_of(app, first)}").text
    assert page.count("lanjutan") == 1
    assert str(second) not in free(organiser)


def day_of(app, slot: int) -> str:
    with app.app_context(), transaction(writing=False):
        start = db.session.get_one(Slot, slot).starts_at
        return start.astimezone(the_edition().zone).date().isoformat()


def test_where_the_next_slot_is_taken_or_missing_it_is_refused(app, organiser, number):
    chain = pairs(app, organiser)
    first, second = chain[0]
    lone = next(int(slot) for slot in free(organiser) if int(slot) not in dict(chain))
    assert set_slots(organiser, number, 2).status_code == 302
    refused = book(organiser, lone, number)
    assert refused.status_code == 409
    assert "dua slot berurutan" in refused.text
    assert slots_of(app, number) == []
    numbers = [each for each in ask(app, placed) if each != number]
    assert book(organiser, second, numbers[0]).status_code == 302
    assert book(organiser, first, number).status_code == 409
    assert slots_of(app, number) == []


def test_one_with_a_slot_gets_the_next_one_too_or_stays_as_it_is(app, organiser, number):
    first, second = pairs(app, organiser)[0]
    assert book(organiser, first, number).status_code == 302
    assert set_slots(organiser, number, 2).status_code == 302
    assert slots_of(app, number) == [first, second]
    assert set_slots(organiser, number, 2).status_code == 302
    assert set_slots(organiser, number, 1).status_code == 302
    assert slots_of(app, number) == [first]
    others = [each for each in ask(app, placed) if each != number]
    assert book(organiser, second, others[0]).status_code == 302
    refused = set_slots(organiser, number, 2)
    assert refused.status_code == 409
    assert "salah satunya sudah terisi" in refused.text
    assert slots_of(app, number) == [first]


def test_a_move_and_its_undoing_take_both_slots_along(app, organiser, number):
    chain = pairs(app, organiser)
    (first, second), (third, fourth) = chain[0], chain[-1]
    assert {first, second}.isdisjoint({third, fourth})
    set_slots(organiser, number, 2)
    book(organiser, first, number)
    book(organiser, third, number)
    assert slots_of(app, number) == [third, fourth]
    assert undo(organiser).status_code == 302
    assert slots_of(app, number) == [first, second]
    removal = organiser.post(f"{E}/proposals/{number}/slot/removal")
    assert removal.status_code == 302
    assert slots_of(app, number) == []


def test_innovators_are_offered_slots_that_another_follows_freely(
    app, organiser, innovator, number
):
    set_slots(organiser, number, 2)
    chain = dict(pairs(app, organiser))
    lone = next(int(slot) for slot in free(organiser) if int(slot) not in chain)
    refused = book(innovator, lone, number)
    assert refused.status_code == 409
    assert "diperlukan dua slot" in refused.text
    first = next(iter(chain))
    assert book(innovator, first, number).status_code == 302
    assert slots_of(app, number) == [first, chain[first]]
    page = innovator.get(f"{E}/slots?day={day_of(app, first)}").text
    assert page.count("lanjutan") == 1


def test_it_is_not_exchanged_with_the_slot_before_its_own(
    app, organiser, innovator, holder, number, other
):
    """It would take its second slot where the other one is to go."""
    chain = dict(pairs(app, organiser))
    first = next(slot for slot in chain if chain.get(chain[slot]))
    book(organiser, first, other)
    set_slots(organiser, number, 2)
    book(organiser, chain[first], number)
    for browser, wanted, mine in ((holder, chain[first], other), (innovator, first, number)):
        asked = browser.post(f"{E}/slots/{wanted}/swaps", {"proposal": mine})
        assert asked.status_code == 409
        assert "tidak dapat bertukar" in asked.text
    assert slots_of(app, other) == [first]
    assert slots_of(app, number) == [chain[first], chain[chain[first]]]


def test_it_is_published_from_the_first_slots_start_to_the_seconds_end(app, organiser, number):
    first, second = pairs(app, organiser)[0]
    set_slots(organiser, number, 2)
    book(organiser, first, number)
    assert publish(organiser).status_code == 302
    with app.app_context(), transaction(writing=False):
        appearance = db.session.get_one(Appearance, the_proposal(number).id)
        slots = [db.session.get_one(Slot, slot) for slot in (first, second)]
        assert (appearance.starts_at, appearance.ends_at) == (slots[0].starts_at, slots[1].ends_at)
        assert len(queries.bookings_of([the_proposal(number)])) == 1
        assert queries.moved_count(the_edition()) == 0


def test_a_length_alone_is_a_change_to_publish_and_seen_by_the_innovator(
    app, organiser, innovator, number
):
    first, _ = pairs(app, organiser)[0]
    book(organiser, first, number)
    assert publish(organiser).status_code == 302
    assert set_slots(organiser, number, 2).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert queries.moved_count(the_edition()) == 1
        end = queries.ends_of([the_proposal(number)])[the_proposal(number).id]
        clock_time = end.astimezone(the_edition().zone).strftime("%H.%M")
    page = innovator.get(f"{E}/slots").text
    own = page[page.index('class="own-slot"') :]
    own = own[: own.index("</p>")]
    assert "Dipilih:" in own
    assert clock_time in own
    assert publish(organiser).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert queries.moved_count(the_edition()) == 0


def test_it_is_computed_like_any_other(app, organiser, number, other):
    for each in (number, other):
        organiser.post(f"{E}/proposals/{each}/slot/removal")
    set_slots(organiser, number, 2)
    assert "erbukti" in compute(app, organiser, "schedule")
    assert apply(organiser) == 302
    first, second = slots_of(app, number)
    with app.app_context(), transaction(writing=False):
        table = timetable_of(the_edition())
        assert table.following[first].id == second
        assert len(table.placed) == len(table.talks)


def test_when_one_of_the_slots_goes_it_has_none(app, organiser, number):
    first, second = pairs(app, organiser)[0]
    set_slots(organiser, number, 2)
    book(organiser, first, number)
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        end = db.session.get_one(Slot, second).starts_at.astimezone(edition.zone)
        day = next(day for day in edition.days if day.date == end.date())
        day.ends_at = end.time()
    assert organiser.post(f"{E}/slots", {"confirmed": "yes"}).status_code == 302
    assert place_of(app, number) is None


def test_shorter_slots_take_it_out_of_both(app, organiser, number):
    first, _ = pairs(app, organiser)[0]
    set_slots(organiser, number, 2)
    book(organiser, first, number)
    with app.app_context(), transaction(writing=True):
        the_edition().slot_minutes = 15
    assert organiser.post(f"{E}/slots", {"confirmed": "yes"}).status_code == 302
    assert slots_of(app, number) == []


def test_a_delay_that_would_part_its_slots_is_refused(app, organiser, number):
    first, second = pairs(app, organiser)[0]
    set_slots(organiser, number, 2)
    book(organiser, first, number)
    publish(organiser)
    with app.app_context(), transaction(writing=False):
        begins = db.session.get_one(Slot, second).starts_at.astimezone(the_edition().zone)
    fields = {"date": f"{begins:%Y-%m-%d}", "start": f"{begins:%H:%M}", "minutes": "10"}
    answer = organiser.fill(f"{E}/day?day={begins:%Y-%m-%d}", "/delay", **fields)
    assert answer.status_code in {409, 422}
    assert "memakai dua slot" in answer.text
    with app.app_context(), transaction(writing=False):
        slots = [db.session.get_one(Slot, slot) for slot in (first, second)]
        assert slots[0].ends_at == slots[1].starts_at


def test_who_is_withdrawn_meanwhile_gets_no_second_slot(app, organiser, number):
    with app.app_context(), transaction(writing=True):
        the_proposal(number).status = Status.WITHDRAWN
    assert set_slots(organiser, number, 2).status_code == 409


def test_a_slot_that_is_held_for_another_is_not_taken_along(
    app, organiser, innovator, number, other
):
    first, second = pairs(app, organiser)[0]
    set_slots(organiser, number, 2)
    with app.app_context(), transaction(writing=True):
        until = clock.now() + dt.timedelta(minutes=5)
        db.session.add(Hold(slot_id=second, proposal_id=the_proposal(other).id, until=until))
    assert book(innovator, first, number).status_code == 409
    assert slots_of(app, number) == []
