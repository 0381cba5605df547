"""A result of many sheets is confirmed by the worker, as if it were confirmed at once."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.awards import confirming
from app.awards.models import Award, Result, ResultFile
from app.cli import JOBS
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.jobs.models import Job, JobState
from app.jobs.worker import run_next
from app.mail.models import Letter
from tests import cast
from tests.clients import Browser
from tests.conftest import E
from tests.plenaries import confirm, prepare

WAITS = "Persetujuan hasil sedang diproses"


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(confirming, "MOST_AT_ONCE", 1)


@pytest.fixture
def app(make_app, few_at_once):
    return make_app("plenary")


@pytest.fixture
def organiser(app, browse) -> Browser:
    organiser = browse(app, "sekretariat")
    prepare(organiser, {"empty": "2"})
    return organiser


@pytest.fixture
def chair(app, organiser, browse) -> Browser:
    return browse(app, cast.chair)


def work(app) -> None:
    with app.app_context():
        run_next(JOBS, now=clock.now)


def count(app, table) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def confirmed_at(app) -> datetime | None:
    with app.app_context(), transaction(writing=False):
        return db.session.scalars(sa.select(Result.confirmed_at)).one()


def attempt(app) -> tuple[JobState, str]:
    with app.app_context(), transaction(writing=False):
        job = db.session.scalars(sa.select(Job).where(Job.kind == confirming.KIND)).one()
        return job.state, job.error


def told(app) -> list[tuple[str, str, str, list[str]]]:
    """Every letter by whom it is for: subject, first lines and addresses, which no time changes."""
    with app.app_context(), transaction(writing=False):
        letters = db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()
        return sorted(
            (
                own.recipient,
                own.subject,
                "\n".join(own.body.splitlines()[:2]),
                [line for line in own.body.splitlines() if "://" in line],
            )
            for own in letters
        )


def test_it_is_confirmed_by_the_worker_and_the_page_says_how_far_it_is(app, organiser, chair):
    assert confirm(chair).status_code == 302
    assert (confirmed_at(app), count(app, ResultFile)) == (None, 0)
    for reader in (chair, organiser):
        page = reader.get(f"{E}/plenary").html
        assert WAITS in page.select_one("main").text
        assert page.select_one("progress")
        assert not page.select_one("form[action$='/plenary/confirmation']")
    work(app)
    assert attempt(app) == (JobState.DONE, "")
    assert (confirmed_at(app) is not None, count(app, ResultFile)) == (True, 2)
    page = chair.get(f"{E}/plenary").html.select_one("main").text
    assert WAITS not in page
    assert "Disetujui oleh" in page


def test_it_is_what_it_would_be_at_once(app, chair, make_app, browse, monkeypatch):
    confirm(chair)
    work(app)
    monkeypatch.setattr(confirming, "MOST_AT_ONCE", 10_000)
    other = make_app("plenary")
    prepare(browse(other, "sekretariat"), {"empty": "2"})
    confirm(browse(other, cast.chair))
    assert count(other, Job) == 0
    for table in (ResultFile, Award, Letter, AuditEntry):
        assert count(app, table) == count(other, table)
    assert told(app) == told(other)
    lead_to = " ".join(line for *_, addresses in told(app) for line in addresses)
    assert ("/feedback" in lead_to, "/sheet-receipt" in lead_to) == (True, True)


def test_twice_at_once_it_is_asked_for_once(app, chair):
    page = chair.get(f"{E}/plenary")
    form = page.html.select_one("form[action$='/plenary/confirmation']")
    sent = {"seen": form.select_one("[name=seen]")["value"], "disclosure": "sheets"}
    sent["publish_at"] = "2019-10-07T10:00"
    assert chair.post(f"{E}/plenary/confirmation", sent).status_code == 302
    assert chair.post(f"{E}/plenary/confirmation", sent).status_code == 409
    assert count(app, Job) == 1


def test_what_was_prepared_anew_meanwhile_is_not_confirmed(app, organiser, chair):
    confirm(chair)
    prepare(organiser, {"empty": "2"})
    work(app)
    assert attempt(app)[0] is JobState.FAILED
    assert (confirmed_at(app), count(app, ResultFile)) == (None, 0)
    page = chair.get(f"{E}/plenary").html
    assert page.select_one("form[action$='/plenary/confirmation']")
    assert not page.select_one("main [role=alert]")  # it is about what was prepared before


def test_who_lost_the_role_meanwhile_confirms_nothing_and_the_page_says_why(app, chair, browse):
    confirm(chair)
    with app.app_context(), transaction(writing=True):
        of_chair = sa.select(Person.id).where(Person.email.startswith("juri-4@"))
        db.session.execute(
            sa.update(Membership)
            .where(Membership.person_id.in_(of_chair), Membership.role == Role.JUDGE)
            .values(is_chair=False)
        )
    work(app)
    assert attempt(app)[0] is JobState.FAILED
    assert confirmed_at(app) is None
    with app.app_context(), transaction(writing=True):
        db.session.execute(
            sa.update(Membership)
            .where(Membership.person_id.in_(of_chair), Membership.role == Role.JUDGE)
            .values(is_chair=True)
        )
    page = browse(app, cast.chair).get(f"{E}/plenary").html
    assert "Hasil tidak dapat disetujui" in page.select_one("main [role=alert]").text
    assert page.select_one("form[action$='/plenary/confirmation']")


def test_a_worker_that_ended_before_it_could_say_so_confirms_once(app, chair):
    confirm(chair)
    work(app)
    entries = count(app, AuditEntry)
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Job).values(state=JobState.QUEUED))
    work(app)
    assert attempt(app) == (JobState.DONE, "")
    assert (count(app, AuditEntry), count(app, ResultFile)) == (entries, 2)


def test_publication_that_has_passed_while_it_waited_is_at_once(app, chair):
    confirm(chair, "2019-10-06T20:00")
    clock.shift(clock.now() - clock.real_now() + timedelta(hours=3))
    work(app)
    assert attempt(app) == (JobState.DONE, "")
    with app.app_context(), transaction(writing=False):
        result = db.session.scalars(sa.select(Result)).one()
        assert result.publish_at == result.confirmed_at
