"""Breaks that may move: the computed schedule moves one where somebody would be left out."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.parts import Break
from app.schedule.draft.dayplans import day_plans
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Absence, Booking, Slot
from tests.cast import author_of
from tests.clients import send
from tests.conftest import E
from tests.factories import the_edition, the_person
from tests.schedule.bookings import place_of, publish
from tests.schedule.test_planning import apply, compute


@pytest.fixture
def app(make_app):
    return make_app("picking")


def lunch() -> Break:
    return max(the_edition().breaks, key=lambda pause: pause.ends_at.hour - pause.starts_at.hour)


def let_move(app, minutes: int) -> dt.time:
    """Let the longest break begin earlier or later by so many minutes; return its usual time."""
    with app.app_context(), transaction(writing=True):
        pause = lunch()
        usual = dt.datetime.combine(dt.date(2019, 10, 5), pause.starts_at)
        pause.earliest = (usual - dt.timedelta(minutes=minutes)).time()
        pause.latest = (usual + dt.timedelta(minutes=minutes)).time()
        return pause.starts_at


def only_during_lunch(app, number: int) -> None:
    """The author can only come on the first day, in the half hour with which the break begins."""
    with app.app_context(), transaction(writing=True):
        edition, person, pause = the_edition(), the_person(author_of(number)), lunch()
        day = edition.days[0].date
        begins = dt.datetime.combine(day, pause.starts_at, tzinfo=edition.zone)
        ends = begins + dt.timedelta(minutes=edition.slot_minutes)
        days = begins - dt.timedelta(days=1), begins + dt.timedelta(days=3)
        away = {"edition_id": edition.id, "person_id": person.id}
        db.session.add(Absence(**away, starts_at=days[0], ends_at=begins))
        db.session.add(Absence(**away, starts_at=ends, ends_at=days[1]))


def starts(app) -> list[dt.time]:
    """When the slots of the first day begin, in the edition's zone."""
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        times = db.session.scalars(
            sa.select(Slot.starts_at).where(
                Slot.edition_id == edition.id, Slot.removed_at.is_(None)
            )
        )
        local = [moment.astimezone(edition.zone) for moment in times]
        return sorted(each.time() for each in local if each.date() == edition.days[0].date)


def test_a_break_moves_where_somebody_would_be_left_out(app, organiser, number):
    usual = let_move(app, 30)
    only_during_lunch(app, number)
    assert usual not in starts(app)
    page = compute(app, organiser, "schedule")
    assert 'id="moved-breaks"' in page
    assert 'id="left-out"' not in page
    assert apply(organiser) == 302
    assert usual in starts(app)
    with app.app_context(), transaction(writing=False):
        slot = db.session.get_one(Slot, place_of(app, number))
        assert slot.starts_at.astimezone(the_edition().zone).time() == usual
        active = sa.select(sa.func.count()).where(Booking.given_up_at.is_(None))
        assert db.session.scalar(active) == len(timetable_of(the_edition()).talks)
    assert 'id="stale"' not in organiser.get(f"{E}/slots").text
    assert organiser.post(f"{E}/schedule/plan/breaks").status_code == 302
    assert 'id="stale"' in organiser.get(f"{E}/slots").text


def test_a_break_that_may_not_move_stays(app, organiser, number):
    only_during_lunch(app, number)
    page = compute(app, organiser, "schedule")
    assert 'id="moved-breaks"' not in page
    assert "waktu istirahat" in page.partition('id="left-out"')[2]


def test_no_break_moves_without_need(app, organiser):
    let_move(app, 60)
    before = starts(app)
    assert 'id="moved-breaks"' not in compute(app, organiser, "schedule")
    assert apply(organiser) == 302
    assert starts(app) == before


def test_what_has_a_slot_stays_where_the_rest_is_placed(app, organiser, number):
    """The slot after the break is taken; a break that begins later would take it away."""
    let_move(app, 30)
    only_during_lunch(app, number)
    with app.app_context(), transaction(writing=False):
        table = timetable_of(the_edition())
        held = dict(table.placed)
        (ways,) = [ways for day, ways in day_plans(the_edition(), table).items() if day.day == 5]
        gone = [{each.id for each in table.sittings} - {s.id for s in way.sittings} for way in ways]
        assert gone
    assert compute(app, organiser, "schedule_rest")
    assert apply(organiser) == 302
    with app.app_context(), transaction(writing=False):
        now = timetable_of(the_edition()).placed
        assert {talk: now.get(talk) for talk in held} == held


def test_no_break_moves_into_another_or_out_of_the_day(app):
    with app.app_context(), transaction(writing=True):
        edition, pause = the_edition(), lunch()
        later = max(edition.breaks, key=lambda each: each.starts_at)
        later.earliest, later.latest = pause.starts_at, dt.time(20)
        for ways in day_plans(edition, timetable_of(edition)).values():
            for way in ways:
                begins = dict(way.breaks)[later.id]
                assert pause.ends_at <= begins <= edition.days[0].ends_at


def test_no_break_moves_while_the_slots_are_not_those_of_the_settings(app):
    let_move(app, 60)
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        assert day_plans(edition, timetable_of(edition))
        edition.days[0].ends_at = dt.time(15)
        db.session.flush()
        assert day_plans(edition, timetable_of(edition)) == {}


def test_once_scoring_is_open_the_breaks_stand(make_app, browse):
    app = make_app("scoring")
    answer = browse(app, "sekretariat").post(f"{E}/schedule/plan/breaks")
    assert answer.status_code == 409


def test_a_plan_is_stale_once_another_day_has_changed(app, organiser, number):
    let_move(app, 30)
    only_during_lunch(app, number)
    compute(app, organiser, "schedule")
    with app.app_context(), transaction(writing=True):
        the_edition().days[1].ends_at = dt.time(15)
    assert "telah berubah" in organiser.get(f"{E}/schedule/plan").text
    assert apply(organiser) == 409


def test_a_plan_for_other_breaks_is_stale(app, organiser, number):
    let_move(app, 30)
    only_during_lunch(app, number)
    compute(app, organiser, "schedule")
    let_move(app, 0)
    assert "telah berubah" in organiser.get(f"{E}/schedule/plan").text
    assert apply(organiser) == 409


def test_the_bounds_of_a_break_enclose_its_usual_time(app, organiser):
    form = organiser.form(f"{E}/settings/breaks")
    usual = form["rows-0-starts_at"].value
    form["rows-0-earliest"], form["rows-0-latest"] = "23:00", "01:00"
    answer = send(form)
    assert answer.status_code == 422
    assert "Waktu yang biasa" in answer.text
    form = organiser.form(f"{E}/settings/breaks")
    form["rows-0-earliest"], form["rows-0-latest"] = usual, usual
    assert send(form).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert the_edition().breaks[0].latest is not None


def test_published_pages_show_the_break_when_it_is(app, organiser, number, browse):
    usual = let_move(app, 30)
    only_during_lunch(app, number)
    compute(app, organiser, "schedule")
    apply(organiser)
    assert publish(organiser).status_code == 302
    with app.app_context(), transaction(writing=False):
        day = the_edition().days[0].date
        begins = lunch().on(day).starts_at
        name = lunch().name
    assert begins != usual
    shown = organiser.get(f"{E}/schedule?day={day}").text
    assert f"{begins:%H.%M}" in shown.partition(name)[0][-400:]
