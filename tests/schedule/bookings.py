"""What people do about slots, as the pages offer it, and where a presentation stands."""

import re

import sqlalchemy as sa

from app.database import db, transaction
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking, Slot
from tests.cast import Part
from tests.clients import Browser, Page, form_of, send
from tests.conftest import E
from tests.factories import the_edition, the_person


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


def mark_away(app, organiser: Browser, who: Part, slot: int) -> None:
    """Mark, as the organiser, that somebody can't come while a slot lasts."""
    with app.app_context(), transaction(writing=False):
        times, zone = db.session.get_one(Slot, slot), the_edition().zone
        begin, end = times.starts_at.astimezone(zone), times.ends_at.astimezone(zone)
        person = str(the_person(who).id)
    fields = {"date": f"{begin:%Y-%m-%d}", "starts_at": f"{begin:%H:%M}", "ends_at": f"{end:%H:%M}"}
    assert organiser.fill(f"{E}/absences", person=person, **fields).status_code == 302
