"""An agency's own: co-authors, its delegate's endorsement and ranking, its quota."""

import re

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.workflow import Status
from tests.cast import address, ask, author_of, drafts, innovator, judge, screener, submitted
from tests.clients import Browser, send
from tests.conftest import E
from tests.factories import bar, make_proposal, the_edition, the_person, the_proposal


@pytest.fixture
def other(app, number) -> int:
    """Another draft, by another author of the same agency."""
    other = ask(app, drafts)[1]
    bar(app, author_of(other), number)
    with app.app_context(), transaction(writing=True):
        the_proposal(other).agency_id = the_proposal(number).agency_id
    return other


@pytest.fixture
def delegate(app, browse, other) -> Browser:
    """The other one's author, who endorses for the agency."""
    with app.app_context(), transaction(writing=True):
        held = sa.select(Membership).where(Membership.person_id == the_person(author_of(other)).id)
        db.session.scalars(held).one().is_delegate = True
    return browse(app, author_of(other))


def set_quota(app, quota: int) -> None:
    with app.app_context(), transaction(writing=True):
        the_edition().agency_quota = quota


def proposal(app, number: int) -> Proposal:
    with app.app_context(), transaction(writing=False):
        found = the_proposal(number)
        db.session.expunge_all()
        return found


def endorse(app, delegate, number: int, version: int | None = None) -> int:
    values = {f"version-{number}": version or proposal(app, number).version}
    return delegate.post(f"{E}/proposals/{number}/endorsement", values).status_code


def test_a_new_co_author_is_invited_and_told(app, author, place):
    form = {"email": "rekan@kab.example", "name": "Rekan"}
    assert author.post(f"{place}/authors", form).status_code == 302
    assert "rekan@kab.example" in author.get(f"{place}/authors").text
    with app.app_context(), transaction(writing=False):
        subjects = db.session.scalars(
            sa.select(Letter.subject).where(Letter.recipient == "rekan@kab.example")
        ).all()
        role = db.session.scalars(
            sa.select(Membership.role)
            .join(Membership.person)
            .where(sa.text("person.email = 'rekan@kab.example'"))
        ).one()
    assert len(subjects) == 2
    assert role is Role.INNOVATOR


def test_a_co_author_of_another_agency_is_refused(app, author, place):
    stranger = author_of(ask(app, submitted)[0])
    form = {"email": address(app, stranger), "name": "x"}
    answer = author.post(f"{place}/authors", form)
    assert answer.status_code == 422
    assert "tidak dapat menjadi penyusun" in answer.text


def test_two_co_authors_edit_one_draft_and_a_stale_save_shows_both_texts(
    app, author, browse, place, other
):
    colleague = author_of(other)
    author.post(f"{place}/authors", {"email": address(app, colleague), "name": "x"})
    stale = author.form(f"{place}/draft")
    saved = browse(app, colleague).fill(f"{place}/draft", title="Dari rekan")
    assert saved.status_code == 302
    stale["title"] = "Dari saya"
    answer = send(stale)
    assert answer.status_code == 409
    assert "Dari rekan" in answer.text
    assert 'value="Dari saya"' in answer.text


def test_an_author_leaves_and_the_last_one_stays(author, place):
    author.post(f"{place}/authors", {"email": "rekan@kab.example", "name": "Rekan"})
    first, second = re.findall(r"/authors/(\d+)/removal", author.get(f"{place}/authors").text)
    assert author.post(f"{place}/authors/{second}/removal").status_code == 302
    assert author.post(f"{place}/authors/{first}/removal").status_code == 409


def test_a_delegate_sees_and_endorses_all_of_the_agency_and_nothing_else(
    app, author, delegate, number, place
):
    elsewhere = ask(app, drafts)[-1]
    assert delegate.get(place).status_code == 200
    assert delegate.get(f"{place}/draft").status_code == 403
    assert delegate.get(f"{E}/proposals/{elsewhere}").status_code == 404
    assert endorse(app, delegate, number) == 302
    assert "Disahkan atas nama" in author.get(place).text
    assert author.post(f"{place}/endorsement").status_code == 403


def test_an_endorsement_goes_with_a_change_of_the_text(app, author, delegate, number, place):
    endorse(app, delegate, number)
    author.fill(f"{place}/draft")
    assert proposal(app, number).endorsed_at is not None
    author.fill(f"{place}/draft", title="Lain")
    assert proposal(app, number).endorsed_at is None


def test_a_delegate_ranks_and_swaps_places(app, delegate, number, other):
    one, two = f"place-{number}", f"place-{other}"
    for places in ({one: "1", two: "2"}, {one: "2", two: "1"}):
        assert delegate.post(f"{E}/proposals/entries", places).status_code == 302
    assert [proposal(app, entry).agency_rank for entry in (number, other)] == [2, 1]
    twice = {one: "1", two: "1"}
    assert delegate.post(f"{E}/proposals/entries", twice).status_code == 422


def test_over_the_quota_the_sentence_says_by_how_much(app, author, number, place):
    set_quota(app, 2)
    with app.app_context(), transaction(writing=True):
        for _ in range(3):
            make_proposal(the_edition(), the_proposal(number).agency, status=Status.SUBMITTED)
    text = author.get(f"{place}/submission").text
    assert "telah mengajukan 3 proposal dan boleh mengajukan 2;" in text
    assert "kuota terlampaui 2 proposal" in text
    assert author.post(f"{place}/submission").status_code == 422
    assert proposal(app, number).status is Status.DRAFT


def test_the_agencys_order_decides_who_may_submit_under_a_quota(
    app, author, delegate, number, place, other
):
    set_quota(app, 1)
    delegate.post(f"{E}/proposals/entries", {f"place-{number}": "2", f"place-{other}": "1"})
    assert "pada urutan 2; yang boleh diajukan 1" in author.get(f"{place}/submission").text


def test_the_organiser_names_a_delegate(app, organiser):
    row = f"{E}/people?search={address(app, innovator)}"
    action = re.search(r'action="([^"]+/delegate)"', organiser.get(row).text)[1]
    assert "(wakil perangkat daerah)" not in organiser.get(row).text
    assert organiser.post(action).status_code == 302
    assert "(wakil perangkat daerah)" in organiser.get(row).text


def test_a_withdrawn_entry_gives_its_place_free(author, delegate, number, place, other):
    one, two = f"place-{number}", f"place-{other}"
    delegate.post(f"{E}/proposals/entries", {one: "1", two: "2"})
    author.post(f"{place}/withdrawal", {"reason": "Batal"})
    assert delegate.post(f"{E}/proposals/entries", {two: "1"}).status_code == 302
    too_far = {two: "1000000000000"}
    assert delegate.post(f"{E}/proposals/entries", too_far).status_code == 422


def test_a_delegate_endorses_what_they_have_read_and_no_later_text(
    app, author, delegate, number, place
):
    seen = proposal(app, number).version
    author.fill(f"{place}/draft", title="Berubah")
    assert endorse(app, delegate, number, version=seen) == 409
    assert endorse(app, delegate, number) == 302


@pytest.mark.parametrize("who", ["sekretariat", screener, judge, "pengamat"])
def test_rule_3_no_author_bars_the_committee_by_naming_them_a_co_author(app, author, place, who):
    form = {"email": address(app, who), "name": "x"}
    assert author.post(f"{place}/authors", form).status_code == 422


def test_an_unranked_entry_takes_no_place_from_a_ranked_one(app, author, delegate, place, other):
    set_quota(app, 1)
    delegate.post(f"{E}/proposals/entries", {f"place-{other}": "1"})
    assert "kuota terlampaui" in author.get(f"{place}/submission").text
