"""Deadlines: what an extension may not do, who is told, and that nobody is told twice."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Throttle
from app.database import db, transaction
from app.editions.kinds import Role, Stage
from app.editions.models import Membership
from app.editions.units import Agency
from app.mail.models import Letter
from app.proposals.models import Proposal
from tests.cast import address, ask, author_of, drafts
from tests.clients import form_of, send
from tests.conftest import E
from tests.factories import make_member, the_edition, the_person

PAGE = f"{E}/proposals/drafts"
WHY = "Listrik padam."
WINDOW = f"{E}/windows/submission"
OPENS = "2019-09-02T08:00"


@pytest.fixture
def email(app, number) -> str:
    return address(app, author_of(number))


def letters(app, email: str | None = None) -> list[str]:
    """What was written, to one person or to all, in order."""
    statement = sa.select(Letter.subject + "\n" + Letter.body).order_by(Letter.id)
    with app.app_context(), transaction(writing=False):
        chosen = statement.where(Letter.recipient == email) if email else statement
        return list(db.session.scalars(chosen))


def extend(organiser, *numbers: int, until: str, **more: str):
    fields = {"until": until, "reason": WHY, "proposal": [str(number) for number in numbers]}
    return organiser.post(f"{PAGE}/extension", fields | more)


def extended(app, number: int) -> str | None:
    with app.app_context(), transaction(writing=False):
        until = sa.select(Proposal.extended_until).where(Proposal.number == number)
        found = db.session.scalar(until)
        return found.strftime("%m-%d %H:%M") if found else None


def later(minutes: int) -> None:
    """Let the domain's clock and the throttles' go on."""
    clock.shift(clock.now() + timedelta(minutes=minutes) - clock.real_now())


@pytest.mark.field("cases 11")
@pytest.mark.parametrize("until", ["2019-09-12T12:00", "2019-09-16T16:00"])
def test_an_extension_ends_later_than_the_deadline_for_everybody(
    app, organiser, number, email, until
):
    before = len(letters(app, email))
    answer = extend(organiser, number, until=until)
    assert answer.status_code == 422
    assert "pilih waktu yang lebih lambat" in answer.text
    assert (extended(app, number), len(letters(app, email))) == (None, before)


@pytest.mark.field("cases 11")
def test_an_extension_is_shortened_only_when_that_is_confirmed(app, organiser, number, email):
    extend(organiser, number, until="2019-09-18T12:00")
    before = len(letters(app, email))
    answer = extend(organiser, number, until="2019-09-17T12:00")
    assert answer.status_code == 422
    assert (extended(app, number), len(letters(app, email))) == ("09-18 04:00", before)
    asking = next(each for each in answer.forms.values() if "confirmed" in each.fields)
    asking.action = f"{PAGE}/extension"
    assert asking.submit("confirmed", expect_errors=True).status_code == 302
    assert (extended(app, number), len(letters(app, email))) == ("09-17 04:00", before + 1)


@pytest.mark.field("cases 13")
def test_the_same_extension_twice_writes_one_letter_and_says_so(app, organiser, number, email):
    before = len(letters(app, email))
    for _ in range(2):
        assert extend(organiser, number, until="2019-09-18T12:00").status_code == 302
    assert len(letters(app, email)) == before + 1
    assert letters(app, email)[-1].partition("\n")[0].endswith("batas waktu berubah")
    assert "tidak ada yang diubah" in organiser.get(PAGE).text


@pytest.mark.field("cases 13")
def test_the_same_reminder_twice_writes_one_letter_and_another_one_later(
    app, organiser, number, email
):
    before = len(letters(app, email))
    for _ in range(2):
        organiser.post(f"{PAGE}/reminder", {"proposal": str(number)})
    assert len(letters(app, email)) == before + 1
    assert "baru saja diingatkan" in organiser.get(PAGE).text
    later(6)
    organiser.post(f"{PAGE}/reminder", {"proposal": str(number)})
    assert len(letters(app, email)) == before + 2


@pytest.mark.field("cases 13")
def test_agencies_without_an_entry_are_reminded_once_too(app, organiser):
    with app.app_context(), transaction(writing=True):
        silent = db.session.scalars(
            sa.select(Agency).where(Agency.id.not_in(sa.select(Proposal.agency_id)))
        ).first()
        email = make_member(the_edition(), "Inovator", Role.INNOVATOR, agency=silent).email
    for _ in range(2):
        assert organiser.post(f"{PAGE}/invitation").status_code == 302
    assert len(letters(app, email)) == 1
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Throttle).values(until=clock.real_now()))
    organiser.post(f"{PAGE}/invitation")
    assert len(letters(app, email)) == 2


def move(organiser, closes_at: str, **more: str):
    times = {"opens_at": OPENS, "closes_at": closes_at, "reason": WHY}
    return organiser.post(WINDOW, times | more)


@pytest.mark.field("cases 11")
@pytest.mark.parametrize("closes_at", ["2019-09-20T23:59", "2019-09-12T10:00"])
def test_authors_of_drafts_are_told_once_when_the_deadline_moves(app, organiser, closes_at):
    authors = {address(app, author_of(draft)) for draft in ask(app, drafts)}
    before = len(letters(app))
    assert move(organiser, closes_at).status_code == 302
    assert move(organiser, closes_at).status_code == 302  # the same again is no change
    written = letters(app)[before:]
    assert len(written) == len(ask(app, drafts))
    assert all(len(letters(app, email)) for email in authors)
    day, clock_time = closes_at[8:10], closes_at[11:].replace(":", ".")
    assert all(f"{int(day)} September 2019, {clock_time}" in text for text in written)
    assert all("16 September 2019, 16.00" in text for text in written)  # what held before


@pytest.mark.field("cases 11")
def test_whose_own_deadline_stays_is_told_nothing(app, organiser, number, email):
    extend(organiser, number, until="2019-09-25T12:00")
    before = len(letters(app, email))
    move(organiser, "2019-09-20T23:59")
    assert len(letters(app, email)) == before
    move(organiser, "2019-09-26T12:00")
    assert len(letters(app, email)) == before + 1
    assert "25 September" in letters(app, email)[-1]


@pytest.mark.field("cases 11")
def test_only_the_opening_or_another_stage_tells_nobody(app, organiser):
    before = len(letters(app))
    times = {"opens_at": "2019-09-01T08:00", "closes_at": "2019-09-16T16:00", "reason": WHY}
    assert organiser.post(WINDOW, times).status_code == 302
    times = {"opens_at": "2019-09-28T08:00", "closes_at": "2019-10-04T16:00", "reason": ""}
    assert organiser.post(f"{E}/windows/picking", times).status_code == 302
    assert len(letters(app)) == before


@pytest.mark.field("cases 11")
def test_a_closing_that_has_passed_is_asked_about_before_the_stage_ends(app, organiser):
    asking = move(organiser, "2019-09-10T09:00")
    assert asking.status_code == 422
    assert "langsung ditutup" in asking.text
    with app.app_context(), transaction(writing=False):
        assert the_edition().is_open(Stage.SUBMISSION, now=clock.now())
    form = form_of(asking, "/windows/submission")
    assert form["closes_at"].value == "2019-09-10T09:00"
    assert form.submit("confirmed", expect_errors=True).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert not the_edition().is_open(Stage.SUBMISSION, now=clock.now())


def test_a_stage_that_has_ended_already_is_not_asked_about(organiser):
    clock.shift(clock.now() + timedelta(days=14) - clock.real_now())
    assert send(organiser.form(f"{E}/windows", "/windows/submission")).status_code == 302
    assert move(organiser, "2019-09-15T16:00").status_code == 302


@pytest.fixture
def conflicted(app, number) -> str:
    """The organiser acts for the agency of a draft."""
    with app.app_context(), transaction(writing=True):
        agency = sa.select(Proposal.agency_id).where(Proposal.number == number)
        own = Membership.person_id == the_person("sekretariat").id
        values = {"agency_id": agency.scalar_subquery()}
        db.session.execute(sa.update(Membership).where(own).values(**values))


@pytest.mark.field("security F31")
def test_a_recused_organiser_does_not_extend_the_own_agencys_deadline(
    app, organiser, number, conflicted
):
    answer = extend(organiser, number, until="2019-09-25T12:00")
    assert answer.status_code == 422
    assert "Konflik kepentingan" in answer.text
    assert extended(app, number) is None


@pytest.mark.field("security F31")
def test_of_all_drafts_a_recused_organiser_extends_the_others_and_is_told_which_not(
    app, organiser, number, conflicted
):
    others = [draft for draft in ask(app, drafts) if draft != number]
    assert extend(organiser, until="2019-09-25T12:00", scope="all").status_code == 302
    assert f"konflik kepentingan: P-{number:03d}" in organiser.get(PAGE).text
    assert [extended(app, draft) for draft in (number, others[0])] == [None, "09-25 04:00"]
