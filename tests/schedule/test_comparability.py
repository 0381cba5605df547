"""How well the draft's panels let presentations be compared, told where panels are set."""

import re

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.schedule.draft.models import Panel, PanelMember
from tests.conftest import E
from tests.factories import the_edition


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def told(app, browse):
    """What the page of panels says."""
    organiser = browse(app, "sekretariat")
    return lambda: " ".join(
        organiser.get(f"{E}/panels").html.select_one("#comparability").text.split()
    )


def sit(app, *panels: slice) -> None:
    """Give each presentation day a panel of these judges, in the order of their names' rows."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        judges = db.session.scalars(
            sa.select(Membership.person_id)
            .where(Membership.edition_id == edition.id, Membership.role == Role.JUDGE)
            .order_by(Membership.id)
        ).all()
        for day, members in zip(edition.days, panels, strict=True):
            panel = Panel(edition_id=edition.id, name=f"Panel {day.date}", quorum=2, seats=3)
            panel.room_id, panel.day = edition.rooms[0].id, day.date
            panel.members = [PanelMember(person_id=person) for person in judges[members]]
            db.session.add(panel)


def test_recusals_alone_cost_next_to_nothing(told):
    assert re.search(r"\b(99|100)% sebaik", told())


def test_panels_that_share_no_judge_are_warned_of_by_name(app, told):
    sit(app, slice(3), slice(3, 6))
    said = told()
    assert "Tidak ada juri yang menilai pemaparan dari lebih dari satu kelompok ini" in said
    assert "Camat Sukamaju Selatan" in said


def test_a_judge_in_both_panels_connects_them_at_a_price(app, told):
    sit(app, slice(4), slice(3, 6))
    (percent,) = re.findall(r"(\d+)% sebaik", told())
    assert 50 <= int(percent) < 99


def test_as_many_queries_whatever_the_panels(app, browse, counted, told):
    organiser = browse(app, "sekretariat")
    with counted(app) as few:
        organiser.get(f"{E}/panels")
    sit(app, slice(4), slice(3, 6))
    with counted(app) as more:
        organiser.get(f"{E}/panels")
    assert len(more.statements) <= len(few.statements) + 4
