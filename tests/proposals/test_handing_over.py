"""Handing over a proposal whose authors leave: by the organiser or delegate, at any time."""

import json

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.mail.models import Letter
from app.proposals.models import Author
from app.proposals.queries import presenters
from app.workflow import Status
from tests.cast import address, ask, author_of, drafts, judge, placed, screener
from tests.clients import Browser
from tests.conftest import E
from tests.factories import make_member, make_proposal, the_edition, the_person, the_proposal

pytestmark = pytest.mark.field("cases 4")

REASON = "Pindah tugas ke kabupaten lain"
NEWCOMER = {"email": "pengganti@kab.example", "name": "Pengganti"}


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def number(app) -> int:
    """A finalist with one author."""
    return ask(app, placed)[0]


@pytest.fixture
def colleague(app, number) -> str:
    """Another innovator of the same agency, by address."""
    with app.app_context(), transaction(writing=True):
        agency = the_proposal(number).agency
        return make_member(the_edition(), "Rekan Kantor", Role.INNOVATOR, agency=agency).email


@pytest.fixture
def delegate(app, browse, colleague) -> Browser:
    """That colleague, who endorses the agency's entries."""
    with app.app_context(), transaction(writing=True):
        held = sa.select(Membership).where(Membership.person_id == the_person(colleague).id)
        db.session.scalars(held).one().is_delegate = True
    return browse(app, colleague)


def hand_over(browser, place: str, leaver: int, **newcomer: str) -> None:
    added = browser.post(f"{place}/authors", {**NEWCOMER, "reason": REASON} | newcomer)
    assert added.status_code == 302
    assert browser.post(f"{place}/authors/{leaver}/removal", {"reason": REASON}).status_code == 302


def authors(app, number: int) -> list[str]:
    with app.app_context(), transaction(writing=False):
        return [author.email for author in the_proposal(number).authors]


def person_id(app, email: str) -> int:
    with app.app_context(), transaction(writing=False):
        return the_person(email).id


def membership(app, email: str) -> int:
    with app.app_context(), transaction(writing=False):
        held = sa.select(Membership.id).join(Membership.person).where(Person.email == email)
        return db.session.scalars(held).one()


def letters(app, email: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        found = sa.select(Letter).where(Letter.recipient == email).order_by(Letter.id)
        return [f"{letter.subject}\n{letter.body}" for letter in db.session.scalars(found)]


def reasons(app, action: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        found = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return [json.loads(entry.content)["reason"] for entry in db.session.scalars(found)]


@pytest.mark.parametrize("moment", ["draft", "screening", "picking", "scoring", "published"])
def test_the_organiser_hands_a_proposal_over_at_any_time(make_app, browse, moment):
    app = make_app(moment)
    number = ask(app, drafts)[0] if moment == "draft" else 1
    place, left = f"{E}/proposals/{number}", address(app, author_of(number))
    organiser = browse(app, "sekretariat")
    before = len(letters(app, left))
    hand_over(organiser, place, person_id(app, left))
    assert authors(app, number) == [NEWCOMER["email"]]
    assert browse(app, left).get(place).status_code in {403, 404}
    assert browse(app, NEWCOMER["email"]).get(place).status_code == 200
    assert browse(app, NEWCOMER["email"]).get(f"{place}/feedback").status_code == 200
    assert reasons(app, "author.add")[-1] == reasons(app, "author.remove")[-1] == REASON
    [told] = letters(app, left)[before:]
    assert "Bukan lagi penyusun" in told
    assert "menghapus Anda" in told


def test_without_a_reason_nobody_is_added_or_removed(app, browse, number, colleague):
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/{number}"
    known = {"email": colleague, "name": "Rekan"}
    answer = organiser.post(f"{place}/authors", known)
    assert answer.status_code == 422
    assert f'value="{colleague}"' in answer.text
    assert organiser.post(f"{place}/authors", known | {"reason": REASON}).status_code == 302
    leaver = person_id(app, authors(app, number)[0])
    refused = organiser.post(f"{place}/authors/{leaver}/removal")
    assert refused.status_code == 422
    assert len(authors(app, number)) == 2


def test_the_forms_on_the_page_do_it(app, browse, number, colleague):
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/{number}/authors"
    left = authors(app, number)[0]
    added = organiser.fill(place, email=colleague, name="Rekan", reason=REASON)
    assert added.status_code == 302
    removal = f"/authors/{person_id(app, left)}/removal"
    assert organiser.fill(place, removal, reason=REASON).status_code == 302
    assert authors(app, number) == [colleague]


def test_a_delegate_hands_over_their_own_agencys_entries_alone(app, browse, number, delegate):
    place, left = f"{E}/proposals/{number}", authors(app, number)[0]
    hand_over(delegate, place, person_id(app, left))
    assert authors(app, number) == [NEWCOMER["email"]]
    elsewhere = next(other for other in ask(app, placed) if other != number)
    assert delegate.get(f"{E}/proposals/{elsewhere}/authors").status_code == 404


def test_a_delegate_who_writes_a_draft_needs_no_reason_for_it(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    with app.app_context(), transaction(writing=True):
        own = the_person(author_of(number)).id
        held = sa.select(Membership).where(Membership.person_id == own)
        db.session.scalars(held).one().is_delegate = True
    writer = browse(app, author_of(number))
    assert writer.post(f"{E}/proposals/{number}/authors", NEWCOMER).status_code == 302
    assert reasons(app, "author.add")[-1] == ""


def test_authors_are_still_bound_once_they_have_submitted(app, browse, number, colleague):
    place = f"{E}/proposals/{number}/authors"
    author = browse(app, author_of(number))
    page = author.get(place)
    assert page.status_code == 200
    assert "Tambahkan sebagai penyusun" not in page.text
    assert "wakil perangkat daerah Anda" in page.text
    known = {"email": colleague, "name": "Rekan", "reason": REASON}
    assert author.post(place, known).status_code == 409
    assert len(authors(app, number)) == 1


@pytest.mark.parametrize("who", [screener, judge, "pengamat"])
def test_others_are_neither_let_in_nor_shown_the_way(app, browse, number, who):
    other, place = browse(app, who), f"{E}/proposals/{number}"
    assert other.get(f"{place}/authors").status_code == 403
    assert f"{place}/authors" not in other.get(place).text
    assert f"{place}/authors" in browse(app, "sekretariat").get(place).text


def test_a_draft_and_its_list_lead_to_the_authors_too(make_app, browse):
    app = make_app("draft")
    organiser, number = browse(app, "sekretariat"), ask(app, drafts)[0]
    for page in (f"{E}/proposals/{number}", f"{E}/proposals/drafts"):
        assert f'href="{E}/proposals/{number}/authors"' in organiser.get(page).text


def test_who_acts_for_another_agency_or_the_committee_cannot_take_over(app, browse, number):
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/{number}/authors"
    for who in (screener, judge, author_of(ask(app, placed)[1])):
        newcomer = {"email": address(app, who), "name": "x", "reason": REASON}
        assert organiser.post(place, newcomer).status_code == 422
    assert len(authors(app, number)) == 1


def test_a_role_that_nobody_can_stand_in_for_is_not_taken_away(app, browse, number, colleague):
    organiser, left = browse(app, "sekretariat"), authors(app, number)[0]
    role = f"{E}/people/{membership(app, left)}/removal"
    refused = organiser.post(role)
    assert refused.status_code == 409
    assert f"P-{number:03d}" in refused.text
    assert f'href="{E}/proposals"' in refused.text
    assert browse(app, left).get(f"{E}/proposals/{number}").status_code == 200
    known = {"email": colleague, "name": "Rekan", "reason": REASON}
    organiser.post(f"{E}/proposals/{number}/authors", known)
    assert organiser.post(role).status_code == 302
    last = organiser.post(f"{E}/people/{membership(app, colleague)}/removal")
    assert last.status_code == 409  # the other author can't act any more


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.WITHDRAWN, Status.DISQUALIFIED, Status.NOT_SELECTED]
)
def test_a_role_behind_what_does_not_take_part_is_taken_away(app, browse, number, status):
    with app.app_context(), transaction(writing=True):
        agency = the_proposal(number).agency
        person = make_member(the_edition(), "Tak Ikut", Role.INNOVATOR, agency=agency)
        make_proposal(the_edition(), agency, person, status=status)
        email = person.email
    role = f"{E}/people/{membership(app, email)}/removal"
    assert browse(app, "sekretariat").post(role).status_code == 302


def test_the_last_author_who_can_act_stays(app, browse, number, colleague):
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/{number}/authors"
    first = authors(app, number)[0]
    alone = organiser.post(f"{place}/{person_id(app, first)}/removal", {"reason": REASON})
    assert alone.status_code == 409
    organiser.post(place, {"email": colleague, "name": "Rekan", "reason": REASON})
    organiser.post(f"{E}/people/{membership(app, first)}/removal")
    removal = f"{place}/{person_id(app, colleague)}/removal"
    assert organiser.post(removal, {"reason": REASON}).status_code == 409
    removal = f"{place}/{person_id(app, first)}/removal"
    assert organiser.post(removal, {"reason": REASON}).status_code == 302


def test_somebody_still_presents_it_when_its_presenter_leaves(app, browse, number, colleague):
    organiser, place = browse(app, "sekretariat"), f"{E}/proposals/{number}"
    first = authors(app, number)[0]
    known = {"email": colleague, "name": "Rekan", "reason": REASON}
    organiser.post(f"{place}/authors", known)
    with app.app_context(), transaction(writing=True):
        others = Author.person_id == the_person(colleague).id
        db.session.execute(sa.update(Author).where(others).values(is_presenter=False))
    removal = f"{place}/authors/{person_id(app, first)}/removal"
    assert organiser.post(removal, {"reason": REASON}).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert presenters(the_proposal(number)) == {the_person(colleague).id}


@pytest.mark.field("cases 17")
def test_a_first_author_whom_a_colleague_removes_is_told_by_whom(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    place, first = f"{E}/proposals/{number}", address(app, author_of(number))
    browse(app, first).post(f"{place}/authors", NEWCOMER)
    colleague, before = browse(app, NEWCOMER["email"]), len(letters(app, first))
    removal = f"{place}/authors/{person_id(app, first)}/removal"
    assert colleague.post(removal).status_code == 302
    [told] = letters(app, first)[before:]
    assert "Pengganti menghapus Anda" in told


@pytest.mark.field("cases 17")
def test_who_leaves_alone_is_not_told_of_it(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    place, first = f"{E}/proposals/{number}", address(app, author_of(number))
    author, before = browse(app, first), len(letters(app, first))
    author.post(f"{place}/authors", NEWCOMER)
    removal = f"{place}/authors/{person_id(app, first)}/removal"
    assert author.post(removal).status_code == 302
    assert letters(app, first)[before:] == []
