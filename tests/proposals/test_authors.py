"""Co-authors: how many, who, and how few letters strangers get by them."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts import throttle
from app.accounts.models import Person, Throttle
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.mail.models import Letter
from app.proposals.models import MOST_AUTHORS
from tests.cast import address, ask, author_of, judge, screener, submitted
from tests.conftest import E
from tests.factories import (
    make_member,
    make_person,
    make_proposal,
    the_edition,
    the_person,
    the_proposal,
)


def add(author, place: str, email: str, name: str = "Rekan"):
    return author.post(f"{place}/authors", {"email": email, "name": name})


def remove(author, place: str, person_id: int) -> int:
    return author.post(f"{place}/authors/{person_id}/removal").status_code


def letters_to(app, email: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        bodies = sa.select(Letter.body).where(Letter.recipient == email).order_by(Letter.id)
        return list(db.session.scalars(bodies))


def roles_of(app, email: str) -> list[Role]:
    with app.app_context(), transaction(writing=False):
        held = sa.select(Membership.role).join(Membership.person).where(Person.email == email)
        return list(db.session.scalars(held))


def id_of(app, email: str) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(Person.id).where(Person.email == email))


@pytest.mark.field("security F9")
def test_a_proposal_has_ten_authors_at_most(app, author, place, number):
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        more = MOST_AUTHORS - len(proposal.authors)
        proposal.authors += [make_person(f"Rekan {each}") for each in range(more)]
    answer = add(author, place, "lagi@kab.example")
    assert answer.status_code == 422
    assert "paling banyak 10 penyusun" in answer.text
    assert letters_to(app, "lagi@kab.example") == []


@pytest.mark.field("security F9")
def test_who_has_invited_twenty_new_people_in_a_day_goes_on_tomorrow(app, author, place, number):
    assert add(author, place, "satu@kab.example").status_code == 302
    with app.app_context(), transaction(writing=True):
        counted = sa.update(Throttle).where(Throttle.key.startswith("invited by"))
        db.session.execute(counted.values(tries=throttle.INVITED_A_DAY))
        known = make_person("Sudah Punya Akun")
        known.password_hash, email = "x", known.email
    for _ in range(2):
        answer = add(author, place, "dua@kab.example")
        assert answer.status_code == 422
        assert "mereka tetap tercatat" in answer.text
        assert 'value="dua@kab.example"' in answer.text
    assert (letters_to(app, "dua@kab.example"), roles_of(app, "dua@kab.example")) == ([], [])
    assert add(author, place, email).status_code == 302  # who has an account can still be added
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Throttle).values(until=clock.real_now()))
    assert add(author, place, "dua@kab.example").status_code == 302


@pytest.mark.field("security F9")
def test_adding_and_removing_again_and_again_writes_once(app, author, place):
    email = "korban@kab.example"
    for _ in range(4):
        assert add(author, place, email).status_code == 302
        assert remove(author, place, id_of(app, email)) == 302
    assert len(letters_to(app, email)) == 3  # the invitation, which proposal, and no longer
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Throttle).values(until=clock.real_now()))
    add(author, place, email)
    assert len(letters_to(app, email)) == 5


@pytest.mark.field("security F9")
def test_one_person_adds_another_to_many_proposals_with_few_letters(app, author, number):
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        known = make_member(
            the_edition(), "Rekan Kantor", Role.INNOVATOR, agency=proposal.agency
        ).email
        others = [
            make_proposal(the_edition(), proposal.agency, *proposal.authors).number
            for _ in range(throttle.ADDED_AN_HOUR + 2)
        ]
        db.session.execute(sa.update(Person).where(Person.email == known).values(password_hash="x"))
    for other in others:
        assert add(author, f"{E}/proposals/{other}", known).status_code == 302
    assert len(letters_to(app, known)) == throttle.ADDED_AN_HOUR


@pytest.mark.field("security F9")
@pytest.mark.parametrize(
    "name", ["KLIK http://evil.example", "WWW.evil.example", "ｗｗｗ．evil.example", "ftp://x"]
)
def test_a_name_that_is_an_address_is_refused_wherever_people_are_named(
    app, author, organiser, place, name
):
    assert add(author, place, "baru@kab.example", name).status_code == 422
    invitation = {"email": "baru@kab.example", "name": name, "role": "observer", "agency": "0"}
    assert organiser.post(f"{E}/people", invitation).status_code == 422
    own = {"name": name, "phone": "", "nip": "", "language": "id"}
    assert author.post("/profile", own).status_code == 422
    assert letters_to(app, "baru@kab.example") == []


@pytest.mark.field("security F9")
def test_a_letter_to_a_stranger_quotes_no_long_name_and_no_link(app, author, place, number):
    with app.app_context(), transaction(writing=True):
        the_proposal(number).title = "Menang! http://evil.example/title"
        the_person(author_of(number)).name = "www.evil.example"
    email = "tamu@kab.example"
    assert add(author, place, email, "Nama " * 40).status_code == 302
    text = "\n".join(letters_to(app, email))
    assert "evil.example" not in text
    assert max(len(found) for found in re.findall(r"(?:Nama ?)+", text)) <= 80


@pytest.mark.field("security F9")
def test_a_role_that_came_with_authorship_goes_with_it_and_is_recorded(app, author, place):
    email = "rekan@kab.example"
    add(author, place, email)
    assert roles_of(app, email) == [Role.INNOVATOR]
    remove(author, place, id_of(app, email))
    assert roles_of(app, email) == []
    with app.app_context(), transaction(writing=False):
        actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-4:] == ["role.grant", "author.add", "author.remove", "role.revoke"]


@pytest.mark.field("security F9")
@pytest.mark.parametrize("kept_by", ["organiser", "delegate", "other role", "other proposal"])
def test_a_role_that_somebody_else_relies_on_stays(app, author, place, number, kept_by):
    email = "rekan@kab.example"
    add(author, place, email)
    with app.app_context(), transaction(writing=True):
        person = db.session.scalars(sa.select(Person).where(Person.email == email)).one()
        membership = db.session.scalars(
            sa.select(Membership).where(Membership.person_id == person.id)
        ).one()
        agency = the_proposal(number).agency
        if kept_by == "organiser":
            membership.is_from_authorship = False
        elif kept_by == "delegate":
            membership.is_delegate = True
        elif kept_by == "other role":
            other = Membership(edition_id=membership.edition_id, person_id=person.id)
            other.role = Role.OBSERVER
            db.session.add(other)
        else:
            make_proposal(the_edition(), agency, person)
    remove(author, place, id_of(app, email))
    assert Role.INNOVATOR in roles_of(app, email)


@pytest.mark.field("security F10")
def test_the_refusal_tells_nobody_apart(app, author, place):
    stranger = author_of(ask(app, submitted)[0])
    everybody = [stranger, "sekretariat", screener, judge, "pengamat", "admin"]
    answers = [add(author, place, address(app, who)) for who in everybody]
    assert [answer.status_code for answer in answers] == [422] * len(everybody)
    summaries = [
        re.search(r'<ul class="ds-list">.*?</ul>', answer.text, re.DOTALL)[0] for answer in answers
    ]
    assert len(set(summaries)) == 1
    assert "tidak dapat menjadi penyusun" in summaries[0]


@pytest.mark.field("security F10")
def test_who_evaluates_and_is_an_innovator_of_the_agency_too_is_refused(app, author, place, number):
    with app.app_context(), transaction(writing=True):
        agency = the_proposal(number).agency
        both = make_member(the_edition(), "Dua Peran", Role.INNOVATOR, agency=agency)
        db.session.add(
            Membership(edition_id=the_edition().id, person_id=both.id, role=Role.SCREENER)
        )
        email = both.email
    assert add(author, place, email).status_code == 422


@pytest.mark.field("security F10")
def test_the_notice_names_the_address_that_was_typed_not_the_name_that_is_stored(
    app, author, place
):
    with app.app_context(), transaction(writing=True):
        email = make_person("Nama Rahasia").email
    add(author, place, email)
    notice = author.get(f"{E}/proposals").text
    assert f"{email} kini menjadi penyusun" in notice
