"""Starting drafts, pressed twice as well, and deleting those that were never submitted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.kinds import Role
from app.evaluation.models import ConflictKind, ConflictOfInterest
from app.mail.models import Letter
from app.proposals.actions import MOST_DRAFTS
from app.proposals.models import Author, Proposal, SectionText
from tests.cast import address, ask, author_of, drafts, submitted
from tests.clients import form_of, send
from tests.conftest import E
from tests.factories import make_member, make_proposal, the_edition, the_person, the_proposal
from tests.proposals.writing import save


def start(author) -> str:
    """Press the button; return the address of the draft that it leads to."""
    answer = author.post(f"{E}/proposals")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removesuffix("/draft")


def later(minutes: int) -> None:
    clock.shift(clock.now() + timedelta(minutes=minutes) - clock.real_now())


@pytest.mark.field("cases 13")
def test_pressing_start_twice_opens_one_draft(author, place):
    first = start(author)
    assert start(author) == first
    save(author, first, {"title": "Yang pertama"})
    second = start(author)
    assert second != first
    later(2)
    assert start(author) not in {first, second}


@pytest.mark.field("cases 13")
def test_two_people_of_one_agency_start_one_each(app, author, browse, number):
    first = start(author)
    with app.app_context(), transaction(writing=True):
        agency = the_proposal(number).agency
        colleague = make_member(the_edition(), "Rekan", Role.INNOVATOR, agency=agency).email
    assert start(browse(app, colleague)) != first


@pytest.mark.field("cases 13", "security F9")
def test_drafts_of_one_person_are_bounded(app, author, number):
    with app.app_context(), transaction(writing=True):
        draft, person = the_proposal(number), the_person(author_of(number))
        while db.session.scalar(own_drafts(person.id)) < MOST_DRAFTS:
            make_proposal(draft.edition, draft.agency, person)
    answer = author.post(f"{E}/proposals")
    assert answer.status_code == 409
    assert "Anda sudah memiliki 20 draf" in answer.text


def own_drafts(person_id: int) -> sa.Select:
    writing = sa.select(Author.proposal_id).where(Author.person_id == person_id)
    return sa.select(sa.func.count()).where(
        Proposal.id.in_(writing), Proposal.submitted_at.is_(None)
    )


@pytest.mark.field("cases 13")
def test_an_author_deletes_a_draft_for_good_and_it_is_recorded(app, author, number, place):
    with app.app_context(), transaction(writing=False):
        proposal_id, code = the_proposal(number).id, the_proposal(number).code
    answer = send(form_of(author.get(place), "/removal"))
    assert answer.status_code == 302
    assert author.get(place).status_code == 404
    with app.app_context(), transaction(writing=False):
        texts = sa.select(SectionText).where(SectionText.proposal_id == proposal_id)
        assert db.session.scalars(texts).all() == []
        entries = sa.select(AuditEntry).where(AuditEntry.action == "proposal.delete")
        assert code in db.session.scalars(entries).one().content


@pytest.mark.field("cases 13")
def test_a_submitted_proposal_is_not_deleted(app, browse):
    number = ask(app, submitted)[0]
    author = browse(app, author_of(number))
    assert "/removal" not in author.get(f"{E}/proposals/{number}").text
    assert author.post(f"{E}/proposals/{number}/removal").status_code == 409
    assert author.get(f"{E}/proposals/{number}").status_code == 200


def test_the_number_of_a_deleted_draft_is_not_given_again(author):
    first = start(author)
    assert author.post(f"{first}/removal").status_code == 302
    assert int(start(author).rpartition("/")[2]) == int(first.rpartition("/")[2]) + 1


def test_the_other_authors_of_a_deleted_draft_are_told(app, author, number, place):
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        title = proposal.title
        colleague = make_member(proposal.edition, "Rekan", Role.INNOVATOR, agency=proposal.agency)
        proposal.authors.append(colleague)
        email = colleague.email
    author.post(f"{place}/removal")
    with app.app_context(), transaction(writing=False):
        letters = sa.select(Letter).where(Letter.subject == f"{title} dihapus")
        assert [letter.recipient for letter in db.session.scalars(letters)] == [email]


def test_a_draft_about_which_a_conflict_is_recorded_stays(app, author, number, place):
    with app.app_context(), transaction(writing=True):
        person = the_person(address(app, author_of(ask(app, drafts)[1])))
        db.session.add(
            ConflictOfInterest(
                proposal_id=the_proposal(number).id,
                person_id=person.id,
                kind=ConflictKind.FAMILY,
                reason="Ipar",
                recorded_by_id=person.id,
                recorded_at=clock.now(),
            )
        )
    assert author.post(f"{place}/removal").status_code == 409
    assert author.get(place).status_code == 200
