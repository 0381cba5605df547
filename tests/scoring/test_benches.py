"""The judges' sheets follow the published schedule once scoring has opened."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.parts import Room
from app.editions.queries import locked_edition
from app.evaluation.models import Sheet, Standing
from app.proposals.models import Proposal
from app.schedule.draft.models import Panel, PanelMember, Slot
from tests.clients import fields_of
from tests.conftest import SLUG, E
from tests.schedule.bookings import publish


@pytest.fixture
def app(make_app):
    """Scoring is open, and there is a second room with a slot before a panel of three."""
    app = make_app("scoring")
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        edition.rooms.append(Room(position=2, name="Ruang 2"))
        db.session.flush()
        room = edition.rooms[1]
        like = db.session.scalars(sa.select(Slot).order_by(Slot.starts_at.desc())).first()
        times = {"starts_at": like.starts_at, "ends_at": like.ends_at}
        db.session.add(Slot(edition_id=edition.id, room_id=room.id, **times))
        judges = db.session.scalars(
            sa.select(Sheet.evaluator_id)
            .where(Sheet.kind == SheetKind.PRESENTATION)
            .distinct()
            .order_by(Sheet.evaluator_id)
        ).all()
        panel = Panel(edition_id=edition.id, name="B", room_id=room.id, quorum=1, seats=3)
        panel.members = [PanelMember(person_id=each) for each in judges[:3]]
        db.session.add(panel)
    return app


def sheets(app, number: int) -> set[int]:
    with app.app_context(), transaction(writing=False):
        found = (
            sa.select(Sheet.evaluator_id)
            .join(Sheet.proposal)
            .where(Proposal.number == number, Sheet.kind == SheetKind.PRESENTATION)
        )
        return set(db.session.scalars(found))


def last_slot(app) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(sa.func.max(Slot.id)))


def expected(app, number: int) -> int:
    with app.app_context(), transaction(writing=False):
        mine = (Standing.proposal_id == Proposal.id) & (Standing.kind == SheetKind.PRESENTATION)
        count = sa.select(Standing.sheets_expected).join(Proposal, mine)
        return db.session.scalar(count.where(Proposal.number == number))


def test_a_presentation_moved_before_another_panel_gets_its_judges(app, browse):
    organiser = browse(app, "sekretariat")
    assert organiser.post(f"{E}/scoring/sheets").status_code == 409
    before, counted = sheets(app, 27), expected(app, 27)
    organiser.post(f"{E}/arrangement", {"proposal": "27", "slot": str(last_slot(app))})
    assert publish(organiser).status_code == 302
    assert "Sesuaikan lembar" in organiser.get(f"{E}/scoring").text
    assert sheets(app, 27) == before
    assert organiser.post(f"{E}/scoring/sheets").status_code == 302
    after = sheets(app, 27)
    assert len(after) == 3
    assert after < before
    assert expected(app, 27) == counted - len(before - after)
    assert "Sesuaikan lembar" not in organiser.get(f"{E}/scoring").text


def test_a_sheet_that_somebody_has_written_on_stays(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=True):
        sheet = db.session.scalars(
            sa.select(Sheet)
            .join(Sheet.proposal)
            .where(Proposal.number == 27, Sheet.kind == SheetKind.PRESENTATION)
            .order_by(Sheet.evaluator_id.desc())
        ).first()
        sheet.saved_at = sheet.proposal.saved_at
        writer = sheet.evaluator_id
    organiser.post(f"{E}/arrangement", {"proposal": "27", "slot": str(last_slot(app))})
    publish(organiser)
    organiser.post(f"{E}/scoring/sheets")
    assert writer in sheets(app, 27)
    assert len(sheets(app, 27)) == 4


def test_the_rooms_that_go_are_named_with_what_they_take(app, browse):
    organiser = browse(app, "sekretariat")
    fields = fields_of(organiser.form(f"{E}/settings/rooms")) | {"rows-1-name": ""}
    answer = organiser.post(f"{E}/settings/rooms", fields)
    assert answer.status_code == 422
    assert "Ruang 2" in answer.text
    assert organiser.post(f"{E}/settings/rooms", fields | {"confirmed": "yes"}).status_code == 302
