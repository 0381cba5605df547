"""Picking, changing, giving up, placing; making slots anew."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo.moments import WINDOWS
from app.editions.kinds import Stage
from app.editions.queries import locked_edition
from app.schedule.draft.models import Slot
from tests.cast import author_of
from tests.conftest import SLUG, E
from tests.schedule.bookings import book, free, place_of


@pytest.fixture
def app(make_app):
    return make_app("picking")


def test_an_innovator_picks_changes_and_gives_up(app, number, innovator):
    first, second = free(innovator)[:2]
    assert book(innovator, first, number).status_code == 302
    assert book(innovator, second, number).status_code == 302
    assert place_of(app, number) == int(second)
    assert first in free(innovator)
    assert innovator.post(f"{E}/proposals/{number}/slot/removal").status_code == 302
    assert place_of(app, number) is None
    assert innovator.post(f"{E}/proposals/{number}/slot/removal").status_code == 409


def test_a_taken_slot_is_409_with_the_fresh_table_and_the_old_place_is_kept(
    app, number, innovator, other
):
    own = free(innovator)[0]
    book(innovator, own, number)
    taken = place_of(app, other)
    answer = book(innovator, taken, number)
    text = answer.text
    assert answer.status_code == 409
    assert "Slot itu baru saja diambil peserta lain" in text
    assert 'id="slots"' in text
    assert place_of(app, number) == int(own)


def test_picking_the_own_slot_twice_changes_nothing(app, number, innovator):
    slot = free(innovator)[0]
    statuses = [book(innovator, slot, number).status_code for _ in range(2)]
    assert statuses[0] == 302
    assert place_of(app, number) == int(slot)


def test_nobody_picks_for_a_proposal_that_is_not_theirs(innovator, other):
    slot = free(innovator)[0]
    assert [book(innovator, slot, each).status_code for each in (other, 99, 0, "x")] == [422] * 4


HTMX = {"HX-Request": "true"}


def test_a_placement_is_answered_at_its_slot(app, browse, innovator, number):
    organiser = browse(app, "sekretariat")
    first, second = free(organiser)[:2]
    refused = book(organiser, first, 99)
    (field,) = refused.html.select('#slots [aria-invalid="true"]')
    assert (refused.status_code, field["value"]) == (422, "99")
    assert "Tidak ada proposal dengan nomor itu." in refused.html.select_one(f"#slot-{first}").text
    code = f" p-{number:03d} "
    placed = organiser.post(f"{E}/slots/{second}/booking", {"proposal": code}, headers=HTMX)
    (told,) = placed.html.select("[role=status].ds-alert")
    assert told.find_parent("li")["id"] == f"slot-{second}"


def test_after_the_deadline_the_innovator_can_not_change_but_the_organiser_can(
    app, browse, number, innovator
):
    organiser = browse(app, "sekretariat")
    slot = free(innovator)[0]
    clock.shift(WINDOWS[Stage.PICKING][1] - clock.real_now() + timedelta(seconds=1))
    assert book(innovator, slot, number).status_code == 409
    assert book(organiser, slot, number).status_code == 302
    assert place_of(app, number) == int(slot)


def test_a_withdrawn_finalists_slot_is_free_for_another(app, browse, number, innovator, other):
    leaver, slot = browse(app, author_of(other)), place_of(app, other)
    left = leaver.post(f"{E}/proposals/{other}/withdrawal", {"reason": "Pindah tugas"})
    assert left.status_code == 302
    assert str(slot) in free(innovator)
    assert book(innovator, slot, number).status_code == 302
    assert place_of(app, number) == slot
    assert "Kesraku" not in browse(app).get(f"{E}/schedule").text


def live_slots(app) -> int:
    with app.app_context(), transaction(writing=False):
        count = sa.select(sa.func.count()).select_from(Slot).where(Slot.removed_at.is_(None))
        return db.session.scalar(count)


def test_slots_follow_the_settings_once_it_is_clear_which_bookings_that_touches(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).slot_minutes = 25
    first, third = place_of(app, 1), place_of(app, 3)
    answer = organiser.post(f"{E}/slots")
    assert answer.status_code == 422
    listed = re.search(r'<ul class="ds-list">.*?</ul>', answer.text, re.DOTALL)[0]
    assert "P-003" in listed
    assert "P-001" not in listed
    assert (place_of(app, 1), place_of(app, 3)) == (first, third)
    assert organiser.post(f"{E}/slots", {"confirmed": "yes"}).status_code == 302
    assert place_of(app, 1) == first  # at 08.30 a slot of 25 minutes begins too
    assert place_of(app, 3) is None
    assert live_slots(app) == 28


def add_days(app, number_of: int) -> list[str]:
    """Add days of sixteen slots each, from 7 October 2019 on; return them."""
    first = datetime(2019, 10, 7, 0, 30, tzinfo=UTC)
    days = [first + timedelta(days=n) for n in range(number_of)]
    half = timedelta(minutes=30)
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        db.session.add_all(
            Slot(edition_id=edition.id, starts_at=day + n * half, ends_at=day + (n + 1) * half)
            for day in days
            for n in range(16)
        )
    return [day.date().isoformat() for day in days]


def test_many_days_come_by_the_page_and_a_change_returns_to_its_day(app, number, innovator):
    days = add_days(app, 4)
    first = innovator.get(f"{E}/slots").text
    last = innovator.get(f"{E}/slots?day={days[-1]}").text
    assert len(re.findall(r'id="slot-', first)) <= 64
    slots = re.findall(r'class="slot free" id="slot-(\d+)"', last)
    assert len(slots) == 32
    assert not set(slots) & set(re.findall(r'id="slot-(\d+)"', first))
    answer = book(innovator, slots[-1], number)
    assert answer.location.endswith(f"day={days[-1]}")
    assert "own-slot" in innovator.get(f"{E}/slots").text
    assert innovator.get(f"{E}/slots?day=nonsense").status_code == 200
    assert innovator.get(f"{E}/schedule?day={days[-1]}").status_code == 200


def test_ones_own_slot_stands_on_the_proposals_page_and_in_my_work(app, browse, other):
    author = browse(app, author_of(other))
    assert f"{E}/innovations/{other}.ics" in author.get(f"{E}/proposals/{other}").text
    assert re.search(r"Paparkan .* pada \d+ Oktober 2019", author.get("/my-work").text)
