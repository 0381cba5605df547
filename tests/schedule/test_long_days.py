"""A day of eight rooms: each page shows some of them, and what is done there leads back there."""

import re
from functools import partial

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.editions.parts import Room
from app.editions.queries import locked_edition
from app.gallery import routes as gallery
from app.programme.extracts import extracts_of
from app.programme.models import Appearance
from app.schedule.day import routes as day_pages
from app.schedule.draft.models import Booking, Slot
from tests.cast import ask, unplaced
from tests.conftest import SLUG, E
from tests.schedule.bookings import book

ROOMS = 7


def add_rooms(app) -> str:
    """Give the edition more rooms, with slots like those of the first; return its first day."""
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        slots = db.session.scalars(sa.select(Slot).order_by(Slot.starts_at)).all()
        for number in range(2, 2 + ROOMS):
            room = Room(edition_id=edition.id, name=f"Ruang {number}", position=number)
            db.session.add(room)
            db.session.flush()
            for each in slots:
                times = {"starts_at": each.starts_at, "ends_at": each.ends_at}
                db.session.add(Slot(edition_id=edition.id, room_id=room.id, **times))
        return slots[0].starts_at.astimezone(edition.zone).date().isoformat()


@pytest.fixture
def app(make_app):
    return make_app("picking")


def slots_on(page: str) -> set[str]:
    return set(re.findall(r'id="(?:cell|slot)-(\d+)"', page))


def links(page: str, label: str) -> list[str]:
    [nav] = re.findall(
        rf'<nav class="days rooms" aria-label="{label}">(.*?)</nav>', page, re.DOTALL
    )
    return [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', nav)]


@pytest.mark.parametrize("path", ["arrangement", "slots"])
def test_a_long_day_is_parted_by_rooms_and_every_slot_is_on_one_page(app, organiser, path):
    day = add_rooms(app)
    seen = []
    pages = links(organiser.get(f"{E}/{path}?day={day}").text, "Ruang")
    assert len(pages) == 2
    for each in pages:
        found = slots_on(organiser.get(each).text)
        assert 0 < len(found) <= 64
        seen += found
    assert len(seen) == len(set(seen)) == (ROOMS + 1) * 14


def test_who_moves_something_to_another_room_sees_that_room(app, organiser):
    day, (first, second) = add_rooms(app), ask(app, unplaced)[:2]
    last = links(organiser.get(f"{E}/arrangement?day={day}").text, "Ruang")[-1]
    [slot, *_] = slots_on(organiser.get(f"{last}&moving={first}").text)
    answer = organiser.post(f"{E}/arrangement", {"proposal": first, "slot": slot})
    assert slot in slots_on(organiser.get(answer.location).text)
    free = min(slots_on(organiser.get(last).text) - {slot})
    answer = book(organiser, free, second)
    assert free in slots_on(organiser.get(answer.location).text)


@pytest.mark.parametrize(("name", "path"), [("pengamat", "schedule"), ("sekretariat", "day")])
def test_what_is_published_of_a_long_day_is_parted_too(make_app, browse, monkeypatch, name, path):
    app = make_app("scoring")
    day = add_rooms(app)
    with app.app_context(), transaction(writing=True):
        room = db.session.scalars(sa.select(Room).order_by(Room.position.desc())).first()
        half = Appearance.proposal_id % 4 < 2
        db.session.execute(sa.update(Appearance).where(half).values(room_id=room.id))
    for module in (day_pages, gallery):
        monkeypatch.setattr(module, "extracts_of", partial(extracts_of, most=8))
    visitor = browse(app, name)
    pages = links(visitor.get(f"{E}/{path}?day={day}").text, "Ruang")
    presented = re.compile(r'/innovations/(\d+)\.ics|id="expected-(\d+)"')  # a break is on both
    shown = [set(presented.findall(visitor.get(each).text)) for each in pages]
    assert len(pages) == 2
    assert shown[0]
    assert shown[1]
    assert not shown[0] & shown[1]


def test_warnings_come_by_their_kind_and_by_the_page(app, organiser):
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Booking).values(given_up_at=clock.now()))
    page = organiser.get(f"{E}/schedule/warnings?kind=unplaced").text
    assert page.count("Belum ada slot") == 27 + 1  # in the table, and the link to its kind
    assert (
        "Tidak ada yang cocok dengan saringan ini."
        in organiser.get(f"{E}/schedule/warnings?kind=early").text
    )
    assert organiser.get(f"{E}/schedule/warnings?kind=nonsense&page=x").status_code == 200
