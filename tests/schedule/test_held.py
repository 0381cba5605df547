"""What has been presented stays where that was: by hand, by the day's page, and by the solver."""

import pytest

from app.database import transaction
from app.editions.kinds import SheetKind
from app.schedule.arranging.plans import Scope, _pinned
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.queries import booking_of
from app.workflow import Status
from tests.cast import ask, scored
from tests.conftest import E
from tests.factories import the_edition, the_proposal


@pytest.fixture
def app(make_app):
    return make_app("scoring")


@pytest.fixture
def held(app) -> int:
    return ask(app, scored(SheetKind.PRESENTATION))[0]


def test_a_scored_presentation_is_neither_released_nor_moved(app, browse, held):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(held)
        before, slot = booking_of(proposal).slot_id, booking_of(proposal).slot_id
        assert proposal.status is Status.PRESENTED
    refused = organiser.post(f"{E}/proposals/{held}/slot/removal")
    assert (refused.status_code, "sudah dipaparkan dan dinilai" in refused.text) == (409, True)
    moved = organiser.post(f"{E}/arrangement", {"proposal": str(held), "slot": "0"})
    assert moved.status_code == 409
    with app.app_context(), transaction(writing=False):
        assert booking_of(the_proposal(held)).slot_id == before
    page = organiser.get(f"{E}/slots").html
    row = page.find(id=f"slot-{slot}")
    assert row.find("button") is None
    assert "dipaparkan" in row.text


def test_nobody_is_recorded_as_absent_from_a_scored_presentation(app, browse, held):
    organiser = browse(app, "sekretariat")
    refused = organiser.post(f"{E}/proposals/{held}/no-show")
    assert refused.status_code == 409
    assert "Ya, catat" not in organiser.get(f"{E}/day").html.find(id=f"expected-{held}").text


def test_the_solver_keeps_what_has_been_presented(app, held):
    with app.app_context(), transaction(writing=False):
        timetable = timetable_of(the_edition())
        key = the_proposal(held).id
    for scope in (Scope.WHOLE, Scope.REPAIR):
        assert key in _pinned(scope, timetable)
        assert len(_pinned(scope, timetable)) < len(timetable.placed)


def test_a_confirmed_edition_offers_no_moves(make_app, browse):
    organiser = browse(make_app("published"), "sekretariat")
    for address in ("slots", "arrangement"):
        main = organiser.get(f"{E}/{address}").html.select_one("main")
        assert "Lepas dari jadwal" not in main.text
        assert "Tempatkan" not in main.text


def test_settings_that_are_final_are_shown_and_not_asked_for(app, browse):
    organiser = browse(app, "sekretariat")
    page = organiser.get(f"{E}/settings").html
    assert page.find(id="desk_share").has_attr("disabled")
    assert not page.find(id="venue").has_attr("disabled")
    values = {
        field["name"]: field.get("value", "")
        for field in page.select("main form input[name]")
        if not field.has_attr("disabled") and field.get("type") not in {"checkbox", "submit"}
    }
    values |= {
        field["name"]: field.text.strip()
        for field in page.select("main form textarea[name]")
        if not field.has_attr("disabled")
    }
    values |= {
        field["name"]: field.find("option", selected=True)["value"]
        for field in page.select("main form select[name]")
        if not field.has_attr("disabled")
    }
    values["venue"] = "Aula Kantor Bupati"
    values.pop("csrf_token")
    assert organiser.post(f"{E}/settings", values).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert the_edition().venue == "Aula Kantor Bupati"
        assert the_edition().desk_share == 40
    assert organiser.post(f"{E}/settings", values | {"desk_share": "50"}).status_code == 409
