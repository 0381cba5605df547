"""Booking, publishing and undoing as the pages offer it, and where a presentation stands."""

import re

import sqlalchemy as sa

from app.database import db, transaction
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking
from tests.clients import Browser, Page, form_of, send
from tests.conftest import E


def place_of(app, number: int) -> int | None:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(
            sa.select(Booking.slot_id)
            .join(Booking.proposal)
            .where(Proposal.number == number, Booking.given_up_at.is_(None))
        )


def free(browser) -> list[str]:
    page = browser.get(f"{E}/slots").text
    return re.findall(r'class="slot free" id="slot-(\d+)"', page)


def book(browser, slot: object, number: object):
    return browser.post(f"{E}/slots/{slot}/booking", {"proposal": number})


def undo(organiser):
    """Undo the step that the page offers to undo, if it offers one."""
    page = organiser.get(f"{E}/arrangement")
    if "/arrangement/undo" not in page.text:
        return organiser.post(f"{E}/arrangement/undo", {"step": "0"})
    return send(form_of(page, "/arrangement/undo"))


def publish(organiser: Browser) -> Page:
    """Publish the draft of the schedule, as the organiser."""
    return organiser.fill(f"{E}/schedule/versions", "/schedule/versions", note="")
