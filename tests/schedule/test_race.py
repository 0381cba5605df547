"""Fifty pickers, sixteen free slots, one real server: exactly sixteen bookings."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import sqlalchemy as sa

from app import clock
from app.accounts.actions import start_session
from app.accounts.models import Person
from app.database import db, transaction
from app.demo import DOMAIN
from app.editions.models import Edition
from app.proposals.models import Author, Proposal
from app.schedule.models import Booking, Slot
from app.workflow import Status
from tests.conftest import SLUG

PICKERS, FREE = 50, 16


def prepare(app) -> list[tuple[str, int, int]]:
    """Make fifty finalists of one innovator; return session, number and slot of each try."""
    with app.app_context(), transaction(writing=True):
        edition = db.session.scalar(db.select(Edition).where(Edition.slug == SLUG))
        person = db.session.scalar(db.select(Person).where(Person.email == f"inovator-27@{DOMAIN}"))
        model = db.session.scalar(db.select(Proposal).where(Proposal.number == 27))
        now = clock.real_now()
        for number in range(100, 100 + PICKERS):
            proposal = Proposal(
                edition_id=edition.id,
                agency_id=model.agency_id,
                number=number,
                title=f"Pemilih {number}",
                status=Status.FINALIST,
                created_at=now,
                saved_at=now,
                submitted_at=now,
            )
            db.session.add(proposal)
            db.session.flush()
            db.session.add(Author(proposal_id=proposal.id, person_id=person.id))
        taken = sa.select(Booking.slot_id).where(Booking.given_up_at.is_(None))
        free = db.session.scalars(
            db.select(Slot.id).where(Slot.id.not_in(taken)).order_by(Slot.id)
        ).all()
        extra = FREE - len(free)
        last = db.session.scalar(db.select(sa.func.max(Slot.ends_at)))
        for place in range(extra):
            start = last + timedelta(minutes=30 * place)
            slot = Slot(
                edition_id=edition.id, starts_at=start, ends_at=start + timedelta(minutes=30)
            )
            db.session.add(slot)
            db.session.flush()
            free = [*free, slot.id]
        lifetime = timedelta(days=1)
        token = start_session(person, browser="test", lifetime=lifetime, now=clock.real_now())
        return [(token, 100 + place, free[place % FREE]) for place in range(PICKERS)]


def race(server, app, tries) -> Counter:
    """Let all pick at the same moment over HTTP; count the statuses."""
    signer = app.session_interface.get_signing_serializer(app)
    barrier = Barrier(len(tries))

    def pick(attempt: tuple[str, int, int]) -> int:
        token, number, slot = attempt
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        opener.addheaders = [("Cookie", f"session={signer.dumps({'sign_in': token})}")]
        page = opener.open(f"{server.base}/editions/{SLUG}/slots", timeout=60)
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())[1]
        cookie = page.headers["Set-Cookie"].split(";")[0]
        opener = build_opener()
        opener.addheaders = [("Cookie", cookie)]
        form = urlencode({"csrf_token": csrf, "proposal": number}).encode()
        barrier.wait(timeout=60)
        try:
            path = f"{server.base}/editions/{SLUG}/slots/{slot}/booking"
            return opener.open(path, form, timeout=60).status
        except HTTPError as error:
            return error.code

    with ThreadPoolExecutor(len(tries)) as pool:
        return Counter(pool.map(pick, tries))


def active(app) -> Counter:
    """Count the active bookings of each slot that the racers wanted."""
    with app.app_context(), transaction(writing=False):
        rows = db.session.scalars(
            db.select(Booking.slot_id)
            .join(Proposal, Proposal.id == Booking.proposal_id)
            .where(Booking.given_up_at.is_(None), Proposal.number >= 100)
        )
        return Counter(rows)


def test_fifty_pick_sixteen_slots_at_once(live, app_on):
    server = live("picking")
    app = app_on(server)
    tries = prepare(app)

    statuses = race(server, app, tries)

    assert statuses == Counter({200: FREE, 409: PICKERS - FREE})
    assert sorted(active(app).values()) == [1] * FREE


def test_without_the_constraint_the_same_race_books_slots_twice(live, app_on):
    """The negative control: it is the unique index that keeps a slot from being booked twice."""

    def drop(engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP INDEX uq_booking_slot")

    server = live("picking", drop)
    app = app_on(server)
    tries = prepare(app)

    race(server, app, tries)

    assert max(active(app).values()) > 1
