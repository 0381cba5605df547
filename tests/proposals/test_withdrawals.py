"""Withdrawing: what is lost by it, who is told, at whose request, and the way back."""

import json

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.kinds import Picking, Role, SheetKind
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.schedule.picking.models import Hold, Swap, Waiting
from app.screening.models import Decision
from app.workflow import RUNNING, NotAllowedNow, Status, Step, can_take, target
from tests.cast import address, ask, author_of, drafts, placed, screener, submitted, unplaced
from tests.cast import scored as scored_by
from tests.conftest import E
from tests.factories import (
    bar,
    make_member,
    make_person,
    make_proposal,
    the_edition,
    the_person,
    the_proposal,
)
from tests.schedule.bookings import book, free, place_of

pytestmark = pytest.mark.field("cases 16")

LEAVING, BACK = {"reason": "Pindah tugas"}, {"reason": "Salah tekan"}


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def number(app) -> int:
    """A finalist whose presentation is published."""
    return ask(app, placed)[0]


@pytest.fixture
def author(app, browse, number):
    return browse(app, author_of(number))


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


@pytest.fixture
def place(number) -> str:
    return f"{E}/proposals/{number}"


def status(app, number: int) -> Status:
    with app.app_context(), transaction(writing=False):
        return the_proposal(number).status


def letters(app) -> list[tuple[str, str]]:
    """Who was written to, and what."""
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Letter).order_by(Letter.id))
        return [(each.recipient, f"{each.subject}\n{each.body}") for each in found]


def last_record(app) -> tuple[str, str]:
    """What was recorded last, and with which reason."""
    with app.app_context(), transaction(writing=False):
        entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        return entry.action, json.loads(entry.content)["reason"]


def rows_of(app, number: int) -> int:
    """How many holds, places in queues and open swaps a proposal has."""
    with app.app_context(), transaction(writing=False):
        own = the_proposal(number).id
        swaps = sa.select(Swap.id).where(
            (Swap.asking_id == own) | (Swap.asked_id == own), Swap.settled_at.is_(None)
        )
        held = (sa.select(claim.slot_id).filter_by(proposal_id=own) for claim in (Hold, Waiting))
        return sum(len(db.session.scalars(each).all()) for each in (*held, swaps))


@pytest.mark.parametrize("step", sorted(set(Step) - {Step.REINSTATE}))
def test_a_withdrawn_proposal_takes_no_step_but_the_way_back(step):
    assert not can_take(Status.WITHDRAWN, step)
    with pytest.raises(NotAllowedNow):
        target(Status.WITHDRAWN, step)


@pytest.mark.parametrize("before", Status)
def test_the_way_back_leads_to_where_it_was_withdrawn_from(before):
    is_possible = before in RUNNING | {Status.DRAFT}
    assert can_take(before, Step.WITHDRAW) is is_possible
    assert can_take(before, Step.REINSTATE) is (before is Status.WITHDRAWN)
    assert target(Status.WITHDRAWN, Step.REINSTATE, back_to=before) is before


def test_the_page_says_what_a_finalist_loses_before_it_is_withdrawn(app, browse, author, place):
    page = author.get(f"{place}/withdrawal").text
    assert "Pemaparan Anda pada" in page
    assert "Oktober 2019" in page
    waiting = ask(app, unplaced)[0]
    page = browse(app, author_of(waiting)).get(f"{E}/proposals/{waiting}/withdrawal").text
    assert "Slot Anda, jika ada, akan dilepas" in page
    assert "Hanya penyelenggara yang dapat mengikutkannya kembali" in page


def test_the_page_says_what_others_lose(app, browse):
    number = ask(app, unplaced)[0]
    author = browse(app, author_of(number))
    for change, lost in (
        ({"status": Status.RESERVE, "reserve_place": 77}, "kehilangan tempat pada daftar cadangan"),
        (
            {"status": Status.SUBMITTED, "reserve_place": None, "agency_rank": 1},
            "Proposal kehilangan urutannya",
        ),
    ):
        with app.app_context(), transaction(writing=True):
            proposal = the_proposal(number)
            for name, value in change.items():
                setattr(proposal, name, value)
        assert lost in author.get(f"{E}/proposals/{number}/withdrawal").text


def test_organisers_are_told_when_and_where_a_finalist_was_to_present(app, author, number, place):
    with app.app_context(), transaction(writing=True):
        second = make_member(the_edition(), "Penyelenggara Kedua", Role.ORGANISER).email
    before = len(letters(app))
    assert author.post(f"{place}/withdrawal", LEAVING).status_code == 302
    told = dict(letters(app)[before:])
    assert set(told) == {address(app, "sekretariat"), second}
    for text in told.values():
        assert f"P-{number:03d}" in text
        assert "Oktober 2019" in text
        assert "Terbitkan kembali jadwal" in text
        assert "Pindah tugas" in text
        assert place in text


def test_publishing_again_is_among_the_organisers_tasks(app, author, organiser, place):
    with app.app_context(), transaction(writing=True):
        waiting = sa.update(Proposal).where(Proposal.number.in_(ask(app, unplaced)))
        db.session.execute(waiting.values(status=Status.NOT_SELECTED))
    assert "Terbitkan jadwal" not in organiser.get("/my-work").text
    author.post(f"{place}/withdrawal", LEAVING)
    assert "Terbitkan jadwal: 1 pemaparan" in organiser.get("/my-work").text


def test_organisers_are_told_of_whatever_was_submitted_and_of_no_draft(make_app, browse):
    app = make_app("draft")
    for number, status_said in ((ask(app, submitted)[0], "Diajukan"), (ask(app, drafts)[0], None)):
        before = len(letters(app))
        author = browse(app, author_of(number))
        author.post(f"{E}/proposals/{number}/withdrawal", LEAVING)
        told = letters(app)[before:]
        assert [who for who, _ in told] == ([address(app, "sekretariat")] if status_said else [])
        assert all(f"status sebelumnya: {status_said}" in text for _, text in told)


def test_other_authors_are_told_who_withdrew_it(app, author, number, place):
    with app.app_context(), transaction(writing=True):
        colleague = make_person("Rekan Penyusun")
        proposal = the_proposal(number)
        proposal.authors.append(colleague)
        email, by = colleague.email, the_person(author_of(number)).name
    author.post(f"{place}/withdrawal", LEAVING)
    [told] = [text for who, text in letters(app) if who == email]
    assert f"{by} menarik kembali" in told


def test_once_scoring_is_open_the_organiser_withdraws_for_the_authors(make_app, browse):
    app = make_app("scoring")
    for wanted in (Status.PRESENTED, Status.FINALIST):
        number = with_status(app, wanted)
        place, organiser = f"{E}/proposals/{number}", browse(app, "sekretariat")
        refused = browse(app, author_of(number)).post(f"{place}/withdrawal", LEAVING)
        assert refused.status_code == 409
        assert "minta penyelenggara" in refused.text
        assert organiser.post(f"{place}/withdrawal-at-request").status_code == 422
        before = len(letters(app))
        done = organiser.fill(place, "/withdrawal-at-request", **LEAVING)
        assert (done.status_code, status(app, number)) == (302, Status.WITHDRAWN)
        assert last_record(app) == ("proposal.withdraw_at_request", "Pindah tugas")
        told = dict(letters(app)[before:])
        assert "Atas permintaan penyusunnya" in told[address(app, author_of(number))]
        assert address(app, "sekretariat") not in told
        assert organiser.post(f"{place}/reinstatement", BACK).status_code == 409
        assert "/reinstatement" not in organiser.get(place).text


def with_status(app, wanted: Status) -> int:
    with app.app_context(), transaction(writing=False):
        found = sa.select(Proposal.number).where(Proposal.status == wanted)
        return db.session.scalars(found.order_by(Proposal.number)).first()


def test_once_the_result_is_confirmed_nobody_is_withdrawn(make_app, browse):
    app = make_app("published")
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/1"
    assert "/withdrawal-at-request" not in organiser.get(place).text
    assert organiser.post(f"{place}/withdrawal-at-request", LEAVING).status_code == 409


def test_whom_a_conflict_bars_is_offered_neither(app, browse, number, organiser, place):
    assert "/withdrawal-at-request" in organiser.get(place).text
    bar(app, "sekretariat", number)
    page = organiser.get(place).text
    assert not any(f"/{each}" in page for each in ("withdrawal-at-request", "disqualification"))
    assert organiser.post(f"{place}/withdrawal-at-request", LEAVING).status_code == 403


def test_a_finalist_comes_back_without_its_slot_and_picks_again(
    app, browse, author, organiser, number, place
):
    other, slot = ask(app, unplaced)[0], place_of(app, number)
    neighbour, third = ask(app, placed)[1:3]
    author.post(f"{E}/slots/{place_of(app, neighbour)}/queue", {"proposal": number})
    author.post(f"{E}/slots/{place_of(app, third)}/swap", {"proposal": number})
    assert rows_of(app, number) >= 1
    author.post(f"{place}/withdrawal", LEAVING)
    before = len(letters(app))
    assert organiser.fill(place, "/reinstatement", **BACK).status_code == 302
    assert (status(app, number), place_of(app, number)) == (Status.FINALIST, None)
    assert rows_of(app, number) == 0
    assert last_record(app) == ("proposal.reinstate", "Salah tekan")
    [(who, told)] = letters(app)[before:]
    assert who == address(app, author_of(number))
    assert "pilih kembali pada halaman “Slot pemaparan”" in told
    rival = browse(app, author_of(other))
    assert str(slot) in free(rival)
    assert book(rival, slot, other).status_code == 302
    assert book(author, free(author)[0], number).status_code == 302


def test_a_finalist_whose_slot_is_taken_meanwhile_comes_back_beside_it(
    app, browse, author, organiser, number, place
):
    other, slot = ask(app, unplaced)[0], place_of(app, number)
    author.post(f"{place}/withdrawal", LEAVING)
    assert book(browse(app, author_of(other)), slot, other).status_code == 302
    assert organiser.post(f"{place}/reinstatement", BACK).status_code == 302
    assert (place_of(app, other), place_of(app, number)) == (slot, None)


def test_who_wishes_for_slots_is_not_told_to_pick_one(app, author, organiser, place):
    with app.app_context(), transaction(writing=True):
        the_edition().picking = Picking.WISHES
    author.post(f"{place}/withdrawal", LEAVING)
    organiser.post(f"{place}/reinstatement", BACK)
    assert "pilihan slot yang pernah Anda sampaikan tetap tersimpan" in letters(app)[-1][1]


@pytest.mark.parametrize(
    "before", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.ELIGIBLE]
)
def test_others_come_back_to_where_they_stood(app, browse, organiser, before):
    number = made(app, before)
    author, place = browse(app, author_of(number)), f"{E}/proposals/{number}"
    assert author.post(f"{place}/withdrawal", LEAVING).status_code == 302
    assert organiser.post(f"{place}/reinstatement").status_code == 422
    assert author.post(f"{place}/reinstatement", BACK).status_code == 403
    assert organiser.post(f"{place}/reinstatement", BACK).status_code == 302
    assert status(app, number) is before
    assert organiser.post(f"{place}/reinstatement", BACK).status_code == 409


def made(app, stands: Status, **values: object) -> int:
    """A proposal at a status, of an agency and author that exist."""
    with app.app_context(), transaction(writing=True):
        known = the_proposal(ask(app, placed)[0])
        proposal = make_proposal(the_edition(), known.agency, *known.authors, status=stands)
        for name, value in values.items():
            setattr(proposal, name, value)
        return proposal.number


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_reserve_has_its_old_place_unless_somebody_else_has_it(app, browse, organiser, is_taken):
    number = made(app, Status.RESERVE, reserve_place=41)
    made(app, Status.RESERVE, reserve_place=43)
    place = f"{E}/proposals/{number}"
    browse(app, author_of(number)).post(f"{place}/withdrawal", LEAVING)
    if is_taken:
        made(app, Status.RESERVE, reserve_place=41)
    assert organiser.post(f"{place}/reinstatement", BACK).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert the_proposal(number).reserve_place == (44 if is_taken else 41)


@pytest.mark.parametrize(
    ("was_submitted", "title", "back"),
    [
        (True, "Judul", Status.SUBMITTED),
        (True, "", Status.RETURNED),
        (False, "Judul", Status.DRAFT),
    ],
)
def test_one_withdrawn_before_that_was_noted_comes_back_as_far_as_is_known(
    app, organiser, was_submitted, title, back
):
    number = made(app, Status.WITHDRAWN, title=title)
    if not was_submitted:
        with app.app_context(), transaction(writing=True):
            the_proposal(number).submitted_at = None
    assert organiser.post(f"{E}/proposals/{number}/reinstatement", BACK).status_code == 302
    assert status(app, number) is back


def test_a_decision_that_was_prepared_does_not_come_back(make_app, browse):
    app = make_app("screening")
    number = ask(app, scored_by(SheetKind.DESK))[0]
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/{number}"
    organiser.post(f"{place}/decision", {"outcome": "finalist"})
    assert prepared(app, number) == 1
    browse(app, author_of(number)).post(f"{place}/withdrawal", LEAVING)
    assert organiser.post(f"{place}/reinstatement", BACK).status_code == 302
    assert prepared(app, number) == 0


def prepared(app, number: int) -> int:
    with app.app_context(), transaction(writing=False):
        waiting = sa.select(sa.func.count()).where(
            Decision.proposal_id == the_proposal(number).id, Decision.announced_at.is_(None)
        )
        return db.session.scalar(waiting)


def test_nobody_but_the_organiser_brings_one_back(app, browse, author, place):
    author.post(f"{place}/withdrawal", LEAVING)
    for who in (screener, "pengamat"):
        other = browse(app, who)
        assert other.post(f"{place}/reinstatement", BACK).status_code == 403
        assert "/reinstatement" not in other.get(place).text
