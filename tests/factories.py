"""What a test needs, made by plain functions: inside a transaction, nothing more than they say.

Times are arguments or the domain's clock; numbers count on from the last one.
"""

import sqlalchemy as sa
from flask import Flask

from app import clock
from app.accounts.actions import person_named
from app.accounts.models import Person
from app.database import db, is_writing, transaction
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.queries import edition_named, locked_edition
from app.editions.units import Agency
from app.evaluation.models import Sheet
from app.proposals.models import Author, Proposal
from app.schedule.draft.models import Slot
from app.workflow import Status
from tests.cast import Part, address_of
from tests.conftest import SLUG


def the_edition() -> Edition:
    """The edition of the case."""
    return locked_edition(SLUG) if is_writing() else edition_named(SLUG)


def the_person(who: str | Part) -> Person:
    """The person of a part or of an account."""
    email = address_of(who, db.session.connection())
    return db.session.scalars(sa.select(Person).where(Person.email == email)).one()


def the_proposal(number: int) -> Proposal:
    return db.session.scalars(sa.select(Proposal).where(Proposal.number == number)).one()


def make_person(name: str) -> Person:
    """Somebody new without a role or a password."""
    email = f"{name.lower().replace(' ', '-')}@factory.example"
    return person_named(email, name, now=clock.real_now())


def make_member(edition: Edition, name: str, role: Role, *, agency: Agency | None = None) -> Person:
    """Somebody new who has this role, as if it had always been so: nothing is recorded."""
    person = make_person(name)
    membership = Membership(edition_id=edition.id, person_id=person.id, role=role)
    membership.agency_id = agency.id if agency else None
    db.session.add(membership)
    db.session.flush()
    return person


def make_proposal(
    edition: Edition,
    agency: Agency,
    *authors: Person,
    status: Status = Status.DRAFT,
    title: str = "Inovasi buatan",
    category_id: int | None = None,
) -> Proposal:
    """A proposal at a status, without what leads there: no texts, documents, sheets or records."""
    now = clock.real_now()
    last = sa.select(sa.func.max(Proposal.number)).where(Proposal.edition_id == edition.id)
    proposal = Proposal(
        edition_id=edition.id,
        agency_id=agency.id,
        category_id=category_id,
        number=(db.session.scalar(last) or 0) + 1,
        title=title,
        status=status,
        created_at=now,
        saved_at=now,
        submitted_at=None if status is Status.DRAFT else now,
    )
    db.session.add(proposal)
    db.session.flush()
    db.session.add_all(Author(proposal_id=proposal.id, person_id=each.id) for each in authors)
    return proposal


def make_sheet_like(sheet: Sheet, proposal: Proposal, *, is_blank: bool) -> Sheet:
    """The same evaluator's sheet of another proposal; a blank one has no total and no lock."""
    copy = Sheet(proposal_id=proposal.id, evaluator_id=sheet.evaluator_id, kind=sheet.kind)
    if not is_blank:
        copy.points, copy.locked_at = sheet.points, sheet.locked_at
    db.session.add(copy)
    return copy


def make_slots_after(edition: Edition, count: int) -> None:
    """So many more slots, each as long as the last one, which they follow."""
    last = db.session.scalars(
        sa.select(Slot).where(Slot.edition_id == edition.id).order_by(Slot.ends_at.desc()).limit(1)
    ).one()
    length = last.ends_at - last.starts_at
    starts = [last.ends_at + place * length for place in range(count)]
    db.session.add_all(
        Slot(edition_id=edition.id, starts_at=start, ends_at=start + length) for start in starts
    )
    db.session.flush()


def bar(app: Flask, who: str | Part, number: int) -> None:
    """Let a person act for the agency of a proposal, in all their roles: a conflict of interest."""
    with app.app_context(), transaction(writing=True):
        agency = sa.select(Proposal.agency_id).where(Proposal.number == number)
        db.session.execute(
            sa.update(Membership)
            .where(Membership.person_id == the_person(who).id)
            .values(agency_id=agency.scalar_subquery())
        )
