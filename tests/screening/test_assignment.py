"""Assigning evaluators: computed by the worker, looked at, applied or dropped."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app import clock
from app.cli import JOBS
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.models import Membership
from app.editions.queries import locked_edition
from app.evaluation.models import Sheet, Standing
from app.jobs import worker
from app.jobs.models import Job, JobState
from tests.cast import ask, screener, unassigned_to
from tests.conftest import SLUG, E
from tests.factories import bar, the_edition, the_person, the_proposal

PAGE = f"{E}/assignment"


@pytest.fixture
def app(make_app):
    """The edition in screening, with three evaluators asked for, so that each lacks one."""
    app = make_app("screening")
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).screeners_each = 3
    return app


def work(app, handlers=JOBS) -> bool:
    with app.app_context():
        return worker.run_next(handlers, now=clock.now)


def job(app) -> Job:
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Job).order_by(Job.id.desc())).first()
        db.session.expunge_all()
        return found


def desk_sheets(app) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(sa.func.count()).where(Sheet.kind == SheetKind.DESK))


@pytest.mark.field("empty 12")
def test_what_waits_says_so_without_a_blank_before_it_or_a_share(app, organiser):
    organiser.post(PAGE)
    assert ">Menunggu giliran</span>" in organiser.get(PAGE).text


def test_nothing_is_handed_out_before_somebody_has_looked(app, organiser):
    assert desk_sheets(app) == 54
    assert organiser.post(PAGE).status_code == 302
    assert "Menunggu giliran" in organiser.get(PAGE).text
    assert work(app)
    assert job(app).state is JobState.DONE
    assert "27 lembar" in organiser.get(PAGE).text
    assert desk_sheets(app) == 54
    assert organiser.post(f"{PAGE}/sheets").status_code == 302
    assert desk_sheets(app) == 81
    with app.app_context(), transaction(writing=False):
        assert set(db.session.scalars(sa.select(Standing.sheets_expected))) == {3}
    assert organiser.post(f"{PAGE}/sheets").status_code == 409


def test_only_one_is_computed_at_a_time(app, organiser):
    assert organiser.post(PAGE).status_code == 302
    assert organiser.post(PAGE).status_code == 409
    assert work(app)
    assert not work(app)


def test_one_that_was_dropped_or_stopped_hands_nothing_out(app, organiser):
    organiser.post(PAGE)
    assert organiser.post(f"{PAGE}/removal").status_code == 302
    assert not work(app)
    organiser.post(PAGE)
    work(app)
    assert organiser.post(f"{PAGE}/removal").status_code == 302
    assert organiser.post(f"{PAGE}/sheets").status_code == 409
    assert desk_sheets(app) == 54


def test_a_wish_to_stop_reaches_a_job_that_runs(app, organiser):
    organiser.post(PAGE)

    def handler(_edition_id, report):
        report(10)
        with app.app_context():
            organiser.post(f"{PAGE}/removal")
        report(20)
        raise AssertionError("it went on")

    assert work(app, {"assignment": handler})
    assert job(app).state is JobState.STOPPED
    assert job(app).progress == 10


def test_a_job_that_fails_says_so_and_the_worker_goes_on(app, organiser, caplog):
    organiser.post(PAGE)

    def handler(_edition_id, _report):
        raise ZeroDivisionError

    assert work(app, {"assignment": handler})
    assert job(app).state is JobState.FAILED
    assert "kegagalan tak terduga" in organiser.get(PAGE).text
    assert "ZeroDivisionError" in caplog.text
    assert organiser.post(PAGE).status_code == 302
    assert work(app)
    assert job(app).state is JobState.DONE


def test_a_job_of_a_killed_worker_is_run_anew(app, organiser):
    organiser.post(PAGE)
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Job).values(state=JobState.RUNNING))
    assert not work(app)
    with app.app_context():
        worker.resume_jobs(now=clock.now())
    assert work(app)
    assert job(app).state is JobState.DONE


@pytest.mark.field("faults 14", "security F18")
def test_a_job_that_ends_the_worker_each_time_fails_after_three_starts(app, organiser, caplog):
    def killing(edition_id: int, report: Callable) -> dict:
        raise SystemExit

    organiser.post(PAGE)
    for _ in range(worker.MOST_STARTS):
        with pytest.raises(SystemExit):
            work(app, {"assignment": killing})
        assert job(app).state is JobState.RUNNING
        with app.app_context():
            worker.resume_jobs(now=clock.now())
    assert job(app).state is JobState.FAILED
    assert not work(app, {"assignment": killing})
    assert "tiga kali" in organiser.get(PAGE).text
    assert organiser.post(PAGE).status_code == 302
    assert work(app)
    assert job(app).state is JobState.DONE


def test_rule_3_a_conflict_that_came_up_meanwhile_is_respected(app, organiser):
    organiser.post(PAGE)
    work(app)
    number = ask(app, unassigned_to(screener))[0]
    bar(app, screener, number)
    with app.app_context(), transaction(writing=False):
        barred = (the_person(screener).id, the_proposal(number).id)
    proposed = {tuple(pair) for pair in job(app).result["pairs"]}
    assert barred in proposed
    organiser.post(f"{PAGE}/sheets")
    assert desk_sheets(app) == 54 + len(proposed - {barred})


def test_evaluators_say_which_categories_they_know(app, organiser):
    with app.app_context(), transaction(writing=False):
        held = sa.select(Membership.id).filter_by(person_id=the_person(screener).id)
        membership = db.session.scalars(held).one()
        known = [category.id for category in the_edition().categories[:2]]
    answer = organiser.post(f"{E}/people/{membership}/expertise", {"category": known})
    assert answer.status_code == 302
    with app.app_context(), transaction(writing=False):
        found = db.session.get_one(Membership, membership)
        assert [each.id for each in found.categories] == known
