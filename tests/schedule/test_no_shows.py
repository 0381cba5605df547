"""After a no-show: each way on that the day offers leads to a page which offers it too."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from webtest import TestResponse as Page

from app import clock
from app.database import db, transaction
from app.demo.moments import MOMENTS
from app.programme.models import Appearance
from app.proposals.models import Proposal
from app.workflow import Status
from tests.cast import ask, author_of, placed
from tests.clients import Browser, form_of, send
from tests.conftest import E
from tests.factories import bar, make_proposal, the_edition, the_person, the_proposal

DAY = f"{E}/day?day=2019-10-05"
UP, OUT = "Naikkan finalis cadangan pertama", "Diskualifikasi"


@pytest.fixture
def app(make_app):
    """Saturday, 10.35: some have presented."""
    return make_app("scoring")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def reserve(app) -> int:
    """Who is first on the reserve list."""
    with app.app_context(), transaction(writing=True):
        author = the_person(author_of(1))
        agency = the_proposal(1).agency
        proposal = make_proposal(the_edition(), agency, author, status=Status.RESERVE)
        proposal.reserve_place = 1
        return proposal.number


@pytest.fixture
def missing(app) -> int:
    """Who was to present first, and did not come."""
    with app.app_context(), transaction(writing=True):
        appearance = db.session.scalars(
            sa.select(Appearance).join(Appearance.proposal).order_by(Appearance.starts_at).limit(1)
        ).one()
        appearance.missed_at = MOMENTS["scoring"]
        appearance.proposal.status = Status.FINALIST
        return appearance.proposal.number


def ways_on(page: Page) -> list[str]:
    """What the day links to."""
    links = page.html.select(".slot a")
    return [link.get_text(strip=True) for link in links]


def confirm(app) -> None:
    with app.app_context(), transaction(writing=True):
        the_edition().closed_at = MOMENTS["plenary"]


@pytest.mark.field("empty 9")
def test_the_first_of_the_reserve_list_moves_up_on_the_day(app, organiser, reserve, missing):
    day = organiser.get(DAY)
    assert ways_on(day) == [UP, OUT]
    target = day.click(UP)
    answer = send(form_of(target, f"/proposals/{reserve}/promotion"))
    assert answer.status_code == 302
    with app.app_context(), transaction(writing=False):
        assert the_proposal(reserve).status is Status.FINALIST
    assert ways_on(organiser.get(DAY)) == [OUT]


@pytest.mark.field("empty 9")
def test_disqualifying_leads_to_where_it_is_done(app, organiser, missing):
    target = organiser.get(DAY).click(OUT)
    assert target.request.path == f"{E}/proposals/{missing}"
    answer = organiser.fill(target.request.path, "/disqualification", reason="Tidak hadir")
    assert answer.status_code == 302


@pytest.mark.field("empty 9")
def test_the_ways_on_stand_there_too_when_nobody_is_left_to_call(app, organiser, reserve, missing):
    with app.app_context(), transaction(writing=True):
        others = Proposal.number.not_in([missing, reserve])
        db.session.execute(sa.update(Proposal).where(others).values(status=Status.PRESENTED))
    day = organiser.get(DAY)
    assert 'name="called"' not in day
    assert ways_on(day) == [UP, OUT]


@pytest.mark.field("empty 9")
def test_who_is_barred_is_offered_neither(app, organiser, reserve, missing):
    bar(app, "sekretariat", missing)
    assert OUT not in ways_on(organiser.get(DAY))
    assert "/disqualification" not in organiser.get(f"{E}/proposals/{missing}")
    bar(app, "sekretariat", reserve)
    assert UP not in ways_on(organiser.get(DAY))


@pytest.mark.field("empty 9")
def test_once_the_result_is_confirmed_the_day_offers_nothing_that_is_refused(
    app, organiser, reserve, missing
):
    confirm(app)
    day = organiser.get(DAY)
    assert ways_on(day) == []
    assert not [form for form in day.forms.values() if "/proposals/" in form.action]
    assert "/day/delay" not in day
    assert "/promotion" not in organiser.get(f"{E}/tabulation")
    assert "/disqualification" not in organiser.get(f"{E}/proposals/{missing}")


@pytest.mark.field("empty 9")
def test_the_decision_says_why_nothing_is_decided_and_what_can_be_done(
    app, organiser, reserve, missing
):
    page = organiser.get(f"{E}/proposals/{missing}/decision")
    assert "Penilaian sudah dibuka: seleksi telah selesai." in page
    assert 'name="outcome"' not in page
    assert "/evaluators" not in page
    assert f'href="{E}/proposals/{missing}#offers"' in page
    waiting = organiser.get(f"{E}/proposals/{reserve}/decision")
    assert f'href="{E}/tabulation#reserve"' in waiting
    for listing in ("tabulation", "screening"):
        assert 'name="outcome"' not in organiser.get(f"{E}/{listing}")


@pytest.mark.field("empty 9")
def test_outside_the_window_of_screening_decisions_are_not_offered_either(make_app, browse):
    app = make_app("picking")
    organiser = browse(app, "sekretariat")
    number = ask(app, placed)[0]
    for path in ("tabulation", f"proposals/{number}/decision"):
        page = organiser.get(f"{E}/{path}")
        assert 'name="outcome"' not in page
        assert f'href="{E}/windows"' in page


def test_who_did_not_come_is_marked_wherever_the_presentation_is_looked_up(app, organiser, browse):
    clock.shift(clock.now() - clock.real_now() + timedelta(minutes=15))  # at 10.50
    with app.app_context(), transaction(writing=False):
        present = sa.select(Proposal).join(Appearance, Appearance.proposal_id == Proposal.id)
        now = (Appearance.starts_at <= clock.now()) & (Appearance.ends_at > clock.now())
        proposal = db.session.scalars(present.where(now)).one()
        number, title = proposal.number, proposal.title
    stranger, schedule = browse(app), f"{E}/schedule"
    assert "tidak dipaparkan" not in stranger.get(schedule)
    assert organiser.post(f"{E}/proposals/{number}/no-show").status_code == 302
    assert "tidak dipaparkan" in stranger.get(schedule)
    assert title not in stranger.get(f"{E}/wall")
    progress = organiser.get(f"{E}/scoring")
    (row,) = [row for row in progress.html.select("tbody tr") if title in row.text]
    assert "tidak hadir" in row.text
    assert "Bappeda" not in row.select_one("td[data-label^=Belum]").text
    organiser.post(f"{E}/proposals/{number}/arrival")
    assert "tidak dipaparkan" not in stranger.get(schedule)
