"""Taking an announced decision back: until scoring opens, with a reason that the authors read."""

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.demo.moments import MOMENTS
from app.editions.kinds import SheetKind
from app.mail.models import Letter
from app.schedule.draft.models import Booking
from app.screening.models import Decision
from app.workflow import Status
from tests import cast
from tests.cast import address, ask, author_of
from tests.clients import send
from tests.conftest import E
from tests.factories import bar, the_proposal

REASON = "Salah klik: semua syarat terpenuhi."


@pytest.fixture
def others(app) -> list[int]:
    """Proposals whose desk sheets are all submitted, without `scored`."""
    return ask(app, cast.scored(SheetKind.DESK))[1:]


def announce(organiser, number: int, *outcomes: str) -> None:
    for outcome in outcomes:
        data = {"outcome": outcome, "reason": "ALASAN LAMA", "correct_until": "2019-09-25T10:00"}
        assert organiser.post(f"{E}/proposals/{number}/decision", data).status_code == 302
        assert organiser.post(f"{E}/announcement").status_code == 302


def take_back(organiser, number: int, reason: str = REASON):
    page = f"{E}/proposals/{number}/decision"
    return organiser.fill(page, "/announcement/removal", why_back=reason)


def status_of(app, number: int) -> Status:
    with app.app_context(), transaction(writing=False):
        return the_proposal(number).status


@pytest.mark.field("cases 16")
@pytest.mark.parametrize(
    ("outcomes", "left"),
    [
        (["ineligible"], Status.SUBMITTED),
        (["eligible"], Status.SUBMITTED),
        (["finalist"], Status.SUBMITTED),
        (["reserve"], Status.SUBMITTED),
        (["not_selected"], Status.SUBMITTED),
        (["reserve", "finalist"], Status.SUBMITTED),
        (["eligible", "finalist"], Status.ELIGIBLE),
        (["eligible", "reserve", "not_selected"], Status.ELIGIBLE),
        (["eligible", "ineligible"], Status.ELIGIBLE),
        (["returned", "ineligible"], Status.SUBMITTED),
    ],
)
def test_an_announced_decision_is_taken_back_and_another_one_can_follow(
    app, organiser, scored, outcomes, left
):
    announce(organiser, scored, *outcomes)
    assert take_back(organiser, scored).status_code == 302
    assert status_of(app, scored) is left
    again = organiser.post(
        f"{E}/proposals/{scored}/decision/announcement/removal", {"why_back": "x"}
    )
    assert again.status_code == (302 if left is Status.ELIGIBLE else 409)
    announce(organiser, scored, "finalist")
    assert status_of(app, scored) is Status.FINALIST


@pytest.mark.field("cases 16")
def test_its_authors_are_told_why_and_no_page_shows_what_holds_no_more(
    app, browse, organiser, scored
):
    announce(organiser, scored, "ineligible")
    author, feedback = browse(app, author_of(scored)), f"{E}/proposals/{scored}/feedback"
    assert "ALASAN LAMA" in author.get(feedback).text
    page = organiser.get(f"{E}/proposals/{scored}/decision")
    with app.app_context(), transaction(writing=False):
        assert the_proposal(scored).authors[0].name in page.text
    take_back(organiser, scored)
    assert "ALASAN LAMA" not in author.get(feedback).text
    assert "ALASAN LAMA" not in organiser.get(f"{E}/exports/decisions.csv").text
    with app.app_context(), transaction(writing=False):
        letter = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc())).first()
        entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        kept = db.session.scalars(sa.select(Decision)).one()
        assert letter.recipient == address(app, author_of(scored))
        assert REASON in letter.body
        assert f"/proposals/{scored}" in letter.body
        assert entry.action == "decision.take_back"
        assert REASON in entry.content
        assert "ineligible" in entry.content
        assert kept.taken_back_at is not None


@pytest.mark.field("cases 16")
def test_a_reason_is_needed_and_stays_in_its_field_when_it_is_too_long(app, organiser, scored):
    announce(organiser, scored, "ineligible")
    assert take_back(organiser, scored, "").status_code == 422
    refused = take_back(organiser, scored, "Salah " * 400)
    assert refused.status_code == 422
    assert "Salah Salah" in refused.text
    assert status_of(app, scored) is Status.INELIGIBLE


@pytest.mark.field("cases 16")
def test_who_saw_another_decision_takes_none_back(app, organiser, scored):
    announce(organiser, scored, "reserve")
    seen = organiser.form(f"{E}/proposals/{scored}/decision", "/announcement/removal")
    announce(organiser, scored, "finalist")
    seen["why_back"] = REASON
    answer = send(seen)
    assert answer.status_code == 409
    assert REASON in answer.text
    assert status_of(app, scored) is Status.FINALIST


@pytest.mark.field("cases 16")
def test_who_leaves_the_reserve_list_has_no_place_on_it(app, organiser, scored, others):
    announce(organiser, scored, "reserve")
    announce(organiser, others[0], "reserve")
    take_back(organiser, scored)
    with app.app_context(), transaction(writing=False):
        assert the_proposal(scored).reserve_place is None
    assert organiser.post(f"{E}/proposals/{others[0]}/promotion").status_code == 302
    take_back(organiser, others[0])
    assert status_of(app, others[0]) is Status.SUBMITTED
    announce(organiser, scored, "reserve")
    with app.app_context(), transaction(writing=False):
        assert the_proposal(scored).reserve_place == 1


@pytest.mark.field("cases 16")
def test_rule_3_nobody_takes_back_what_a_conflict_bars_them_from(app, organiser, scored):
    announce(organiser, scored, "ineligible")
    bar(app, "sekretariat", scored)
    page = f"{E}/proposals/{scored}/decision"
    assert "/announcement/removal" not in organiser.get(page).text
    answer = organiser.post(f"{page}/announcement/removal", {"why_back": REASON})
    assert answer.status_code == 403
    assert status_of(app, scored) is Status.INELIGIBLE


@pytest.mark.field("cases 16")
def test_a_finalist_loses_the_slot_also_if_it_is_a_finalist_again(make_app, browse):
    app = make_app("picking")
    organiser, number = browse(app, "sekretariat"), ask(app, cast.placed)[0]
    assert take_back(organiser, number).status_code == 302
    with app.app_context(), transaction(writing=True):
        booking = sa.select(Booking).where(Booking.proposal_id == the_proposal(number).id)
        assert all(each.given_up_at for each in db.session.scalars(booking))
        the_proposal(number).status = Status.FINALIST
    assert number in ask(app, cast.unplaced)


@pytest.mark.field("cases 16")
def test_once_scoring_has_opened_decisions_stand(make_app, browse):
    app = make_app("scoring")
    organiser, number = browse(app, "sekretariat"), ask(app, cast.placed)[-1]
    page = f"{E}/proposals/{number}/decision"
    assert "/announcement/removal" not in organiser.get(page).text
    answer = organiser.post(f"{page}/announcement/removal", {"why_back": REASON})
    assert answer.status_code == 409


@pytest.mark.field("cases 16")
def test_after_the_window_the_page_says_that_screening_must_open_for_a_new_decision(
    app, organiser, scored
):
    announce(organiser, scored, "ineligible")
    clock.shift(MOMENTS["picking"] - clock.real_now())
    assert take_back(organiser, scored).status_code == 302
    page = organiser.get(f"{E}/proposals/{scored}/decision").text
    assert f'href="{E}/windows"' in page
    assert 'name="outcome"' not in page


@pytest.mark.field("cases 16", "empty 9")
def test_what_was_typed_stays_there_when_it_is_too_late(app, organiser, scored):
    page = f"{E}/proposals/{scored}/decision"
    decision = organiser.form(page)
    decision["outcome"], decision["reason"] = "not_selected", "Alasan yang diketik."
    clock.shift(MOMENTS["picking"] - clock.real_now())
    refused = send(decision)
    assert refused.status_code == 409
    assert "Alasan yang diketik." in refused
    clock.shift(MOMENTS["screening"] - clock.real_now())
    announce(organiser, scored, "reserve")
    seen = organiser.form(page, "/announcement/removal")
    take_back(organiser, scored)
    seen["why_back"] = "Alasan kedua yang diketik."
    refused = send(seen)
    assert refused.status_code == 409
    assert "Alasan kedua yang diketik." in refused
