"""Five hundred pickers, thirty-two free slots, one real server: exactly thirty-two bookings."""

import http.client
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from statistics import quantiles
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.units import Agency
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking, Slot
from app.workflow import Status
from tests.conftest import E
from tests.factories import make_member, make_proposal, make_slots_after, the_edition, the_proposal
from tests.sessions import identity

PICKERS, FREE, WORKERS = 500, 32, 3
MANY = 64  # connections: more than the server's threads, so that some wait before its door
FEW = 2 * (os.cpu_count() or 1)  # enough to keep the machine busy: more would time the queue alone
LOOKING = 4  # one of so many pickers looks at the slots once more before it picks
MOST_PAGES = 3  # how many times as long as looking at the slots a pick may take


@dataclass(frozen=True)
class Try:
    """One picker's click: proposal and slot, the form and the cookie it is sent with."""

    number: int
    slot: int
    form: str
    cookie: str


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    text: str
    seconds: float


def prepare(app, pickers: int) -> list[Try]:
    """Make finalists, each with an innovator of its own who is signed in; share out the slots."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        agency = the_proposal(1).agency
        slots = cycle(free_slots(edition))
        entered = [enter(edition, agency, place) for place in range(pickers)]
    with app.app_context():
        tries = [
            Try(number, next(slots), *signed_in(db.engine, email, number))
            for number, email in entered
        ]
    return sorted(tries, key=lambda each: each.slot)  # those who want the same come together


def free_slots(edition: Edition) -> list[int]:
    """Make as many slots as are wanted beside those that are free; return all of these."""
    taken = sa.select(Booking.slot_id).where(Booking.given_up_at.is_(None))
    free = sa.select(Slot.id).where(Slot.id.not_in(taken)).order_by(Slot.id)
    make_slots_after(edition, FREE - len(db.session.scalars(free).all()))
    return list(db.session.scalars(free))


def enter(edition: Edition, agency: Agency, place: int) -> tuple[int, str]:
    """Add one finalist and its innovator; return its number and their address."""
    picker = make_member(edition, f"Pemilih {place}", Role.INNOVATOR, agency=agency)
    finalist = make_proposal(edition, agency, picker, status=Status.FINALIST)
    return finalist.number, picker.email


def signed_in(engine: sa.Engine, email: str, number: int) -> tuple[str, str]:
    """Return the form with its token, and the cookie, as the page of slots gives them."""
    holds = identity(engine, email)
    return urlencode({"csrf_token": holds.token, "proposal": number}), f"session={holds.cookie}"


def rush(server, tries: list[Try], *, at_once: int) -> list[Answer]:
    """Let all pick over HTTP, as many at once as there are connections."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda each: pick(server, each), tries))


def rush_and_look(server, tries: list[Try], *, at_once: int) -> tuple[list[Answer], list[Answer]]:
    """Let all pick, and some look at the slots between: what else the machine does slows both."""

    def do(place: int) -> tuple[Answer | None, Answer]:
        looked = look(server, tries[place]) if place % LOOKING == 0 else None
        return looked, pick(server, tries[place])

    with ThreadPoolExecutor(at_once) as pool:
        looks, picks = zip(*pool.map(do, range(len(tries))), strict=True)
    return [each for each in looks if each], list(picks)


def pick(server, attempt: Try) -> Answer:
    """Post the form as HTMX does."""
    return send(server, attempt, f"slots/{attempt.slot}/booking")


def look(server, attempt: Try) -> Answer:
    """Get the page of slots."""
    return ask(server, "GET", "slots", {"Cookie": attempt.cookie})


def warm_up(server, tries: list[Try]) -> None:
    """Let some pick and give up, so that each worker has been in use as on any other day."""

    def change_mind(each: Try) -> None:
        pick(server, each)
        send(server, each, f"proposals/{each.number}/slot/removal")

    with ThreadPoolExecutor(FEW) as pool:
        list(pool.map(change_mind, tries[:FREE]))


def send(server, attempt: Try, path: str) -> Answer:
    """Post the picker's form as HTMX does."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": attempt.cookie,
        "HX-Request": "true",
    }
    return ask(server, "POST", path, headers, attempt.form)


def ask(server, method: str, path: str, headers: dict[str, str], body: str = "") -> Answer:
    """Send one request on a connection of its own."""
    connection = http.client.HTTPConnection(server.base.removeprefix("http://"), timeout=60)
    begun = time.perf_counter()
    connection.request(method, f"{E}/{path}", body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    seconds = time.perf_counter() - begun
    connection.close()
    return Answer(response.status, text, seconds)


def slowest(answers: list[Answer]) -> float:
    """Return within how many seconds 99 of 100 had their answer."""
    return quantiles([each.seconds for each in answers], n=100)[98]


def booked(app, tries: list[Try]) -> Counter:
    """Count the pickers' active bookings of each slot."""
    pickers = [each.number for each in tries]
    with app.app_context(), transaction(writing=False):
        rows = db.session.scalars(
            sa.select(Booking.slot_id)
            .join(Booking.proposal)
            .where(Booking.given_up_at.is_(None), Proposal.number.in_(pickers))
        )
        return Counter(rows)


@pytest.mark.parametrize("at_once", [MANY, FEW])
def test_five_hundred_pick_thirty_two_slots(live, app_on, at_once):
    server = live("picking", workers=WORKERS)
    app = app_on(server)
    tries = prepare(app, PICKERS)
    warm_up(server, tries)

    looks, picks = rush_and_look(server, tries, at_once=at_once)

    assert Counter(each.status for each in picks) == {200: FREE, 409: PICKERS - FREE}
    refusals = [each.text for each in picks if each.status == 409]
    assert all(
        "Slot itu baru saja diambil peserta lain" in each and 'id="slots"' in each
        for each in refusals
    )
    assert booked(app, tries) == dict.fromkeys({each.slot for each in tries}, 1)
    if at_once == FEW:
        assert slowest(picks) < MOST_PAGES * slowest(looks)


@pytest.mark.parametrize("has_index", [True, False])
def test_where_slots_look_free_the_index_alone_keeps_them_from_being_booked_twice(
    live, app_on, monkeypatch, has_index
):
    """Without the index, the negative control, the same rush books slots twice."""

    def drop(engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP INDEX uq_booking_slot")

    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--config python:tests.schedule.blind")
    server = live("picking", None if has_index else drop, workers=WORKERS)
    app = app_on(server)
    tries = prepare(app, 2 * FREE)

    rush(server, tries, at_once=MANY)

    assert (max(booked(app, tries).values()) == 1) is has_index
