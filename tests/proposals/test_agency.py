"""An agency's own: co-authors, its delegate's endorsement and ranking, its quota."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.editions.queries import locked_edition
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.workflow import Status
from tests.clients import send
from tests.conftest import SLUG, E

PLACE = f"{E}/proposals/3"


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def author(app, browse):
    return browse(app, "inovator-03")


def change(app, **values: object) -> None:
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        for name, value in values.items():
            setattr(edition, name, value)


def proposal(app, number: int = 3) -> Proposal:
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Proposal).where(Proposal.number == number)).one()
        db.session.expunge_all()
        return found


def gather(app, *numbers: int) -> None:
    """Let these proposals and their innovators be of the first one's agency."""
    with app.app_context(), transaction(writing=True):
        found = db.session.scalars(
            sa.select(Proposal).where(Proposal.number.in_(numbers)).order_by(Proposal.number)
        ).all()
        for each in found:
            each.agency_id = found[0].agency_id
            for person in each.authors:
                db.session.execute(
                    sa.update(Membership)
                    .where(Membership.person_id == person.id)
                    .values(agency_id=found[0].agency_id)
                )


def endorse(app, delegate, number: int = 3, version: int | None = None) -> int:
    values = {f"version-{number}": version or proposal(app, number).version}
    return delegate.post(f"{E}/proposals/{number}/endorsement", values).status_code


def make_delegate(app, name: str) -> None:
    with app.app_context(), transaction(writing=True):
        membership = db.session.scalars(
            sa.select(Membership)
            .join(Membership.person)
            .where(sa.text("person.email LIKE :email"), Membership.role == Role.INNOVATOR)
            .params(email=f"{name}@%")
        ).one()
        membership.is_delegate = True


def test_a_new_co_author_is_invited_and_told(app, author):
    form = {"email": "rekan@kab.example", "name": "Rekan"}
    assert author.post(f"{PLACE}/authors", form).status_code == 302
    assert "rekan@kab.example" in author.get(f"{PLACE}/authors").text
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


def test_a_co_author_of_another_agency_is_refused(app, author):
    form = {"email": "inovator-01@luwu-utara.example", "name": "x"}
    answer = author.post(f"{PLACE}/authors", form)
    assert answer.status_code == 422
    assert "inovator instansi lain" in answer.text


def test_two_co_authors_edit_one_draft_and_a_stale_save_shows_both_texts(app, author, browse):
    gather(app, 3, 6)
    author.post(f"{PLACE}/authors", {"email": "inovator-06@luwu-utara.example", "name": "x"})
    other = browse(app, "inovator-06")
    stale = author.form(f"{PLACE}/draft", "/draft")
    assert other.fill(f"{PLACE}/draft", "/draft", title="Dari rekan").status_code == 302
    stale["title"] = "Dari saya"
    answer = send(stale)
    assert answer.status_code == 409
    assert "Dari rekan" in answer.text
    assert 'value="Dari saya"' in answer.text


def test_an_author_leaves_and_the_last_one_stays(app, author):
    author.post(f"{PLACE}/authors", {"email": "rekan@kab.example", "name": "Rekan"})
    people = [
        each
        for each in range(1, 60)
        if f"/authors/{each}/removal" in author.get(f"{PLACE}/authors").text
    ]
    assert len(people) == 2
    assert author.post(f"{PLACE}/authors/{people[1]}/removal").status_code == 302
    assert author.post(f"{PLACE}/authors/{people[0]}/removal").status_code == 409


def test_a_delegate_sees_and_endorses_all_of_the_agency_and_nothing_else(app, author, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    delegate = browse(app, "inovator-06")
    assert delegate.get(PLACE).status_code == 200
    assert delegate.get(f"{PLACE}/draft").status_code == 403
    assert delegate.get(f"{E}/proposals/9").status_code == 404
    assert endorse(app, delegate) == 302
    assert "Disahkan atas nama" in author.get(PLACE).text
    assert author.post(f"{PLACE}/endorsement").status_code == 403


def test_an_endorsement_goes_with_a_change_of_the_text(app, author, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    endorse(app, browse(app, "inovator-06"))
    author.fill(f"{PLACE}/draft", "/draft")
    assert proposal(app).endorsed_at is not None
    author.fill(f"{PLACE}/draft", "/draft", title="Lain")
    assert proposal(app).endorsed_at is None


def test_a_delegate_ranks_and_swaps_places(app, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    delegate = browse(app, "inovator-06")
    for places in ({"place-3": "1", "place-6": "2"}, {"place-3": "2", "place-6": "1"}):
        assert delegate.post(f"{E}/proposals/entries", places).status_code == 302
    assert (proposal(app, 3).agency_rank, proposal(app, 6).agency_rank) == (2, 1)
    twice = {"place-3": "1", "place-6": "1"}
    assert delegate.post(f"{E}/proposals/entries", twice).status_code == 422


def test_over_the_quota_the_sentence_says_by_how_much(app, author):
    gather(app, 1, 2, 3)  # another of the first one's agency is submitted too
    change(app, agency_quota=2)
    text = author.get(f"{PLACE}/submission").text
    assert "telah mengajukan 3 usulan dan boleh mengajukan 2;" in text
    assert "kuota terlampaui 2 usulan" in text
    assert author.post(f"{PLACE}/submission").status_code == 422
    assert proposal(app).status is Status.DRAFT


def test_the_agencys_order_decides_who_may_submit_under_a_quota(app, author, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    change(app, agency_quota=1)
    order = {"place-3": "2", "place-6": "1"}
    browse(app, "inovator-06").post(f"{E}/proposals/entries", order)
    assert "di urutan 2; yang boleh diajukan 1" in author.get(f"{PLACE}/submission").text


def test_the_organiser_names_a_delegate(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        held = db.session.scalars(
            sa.select(Membership).where(Membership.role == Role.INNOVATOR).limit(1)
        ).one()
        place = f"{E}/people/{held.id}/delegate"
    assert organiser.post(place).status_code == 302
    page = organiser.get(f"{E}/people").text + organiser.get(f"{E}/people?page=2").text
    assert "(wakil instansi)" in page


def test_a_withdrawn_entry_gives_its_place_free(app, author, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    delegate = browse(app, "inovator-06")
    delegate.post(f"{E}/proposals/entries", {"place-3": "1", "place-6": "2"})
    author.post(f"{PLACE}/withdrawal", {"reason": "Batal"})
    assert delegate.post(f"{E}/proposals/entries", {"place-6": "1"}).status_code == 302
    too_far = {"place-6": "1000000000000"}
    assert delegate.post(f"{E}/proposals/entries", too_far).status_code == 422


def test_a_delegate_endorses_what_they_have_read_and_no_later_text(app, author, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    delegate, seen = browse(app, "inovator-06"), proposal(app).version
    author.fill(f"{PLACE}/draft", "/draft", title="Berubah")
    assert endorse(app, delegate, version=seen) == 409
    assert endorse(app, delegate) == 302


@pytest.mark.parametrize("name", ["sekretariat", "verifikator-1", "juri-1", "pengamat"])
def test_rule_3_no_author_bars_the_committee_by_naming_them_a_co_author(app, author, name):
    form = {"email": f"{name}@luwu-utara.example", "name": "x"}
    assert author.post(f"{PLACE}/authors", form).status_code == 422


def test_an_unranked_entry_takes_no_place_from_a_ranked_one(app, author, browse):
    gather(app, 3, 6)
    make_delegate(app, "inovator-06")
    change(app, agency_quota=1)
    browse(app, "inovator-06").post(f"{E}/proposals/entries", {"place-6": "1"})
    assert "kuota terlampaui" in author.get(f"{PLACE}/submission").text
