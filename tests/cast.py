"""Who a test needs, found in the database by what they are: nobody is known by number.

A part is a question to the database with an address as its answer; whoever signs in takes a part in
the place of an account's name. Other questions answer with the numbers of proposals.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Person
from app.database import db
from app.demo.moments import DOMAIN
from app.editions.kinds import Role, SheetKind
from app.editions.models import Membership
from app.evaluation.models import Sheet, Standing
from app.programme.models import Appearance
from app.proposals.models import Author, Proposal
from app.schedule.draft.models import Booking
from app.workflow import Status

Part = Callable[[sa.Connection], str]
Numbers = Callable[[sa.Connection], list[int]]
Answer = TypeVar("Answer")

MEMBERS = sa.select(Person.email).join(Membership).order_by(Membership.id)
SCREENERS = MEMBERS.where(Membership.role == Role.SCREENER)
INNOVATORS = MEMBERS.where(Membership.role == Role.INNOVATOR)
JUDGES = MEMBERS.where(Membership.role == Role.JUDGE)
ENTERED = sa.select(Proposal.agency_id)
IMPARTIAL = JUDGES.where(~Membership.is_chair, Membership.agency_id.not_in(ENTERED))
PLACED = sa.select(Booking.proposal_id).where(Booking.given_up_at.is_(None))


def address_of(who: str | Part, connection: sa.Connection) -> str:
    """The address of a part, of an account of the demo, or the address itself."""
    if callable(who):
        return who(connection)
    return who if "@" in who else f"{who}@{DOMAIN}"


def ask(app: Flask, question: Callable[[sa.Connection], Answer]) -> Answer:
    """Put a question to an application's database."""
    with app.app_context(), db.engine.connect() as connection:
        return question(connection)


def address(app: Flask, who: str | Part) -> str:
    """The address of somebody on an application's database."""
    return ask(app, partial(address_of, who))


def judges(connection: sa.Connection) -> list[str]:
    """All judges."""
    return _all(connection, JUDGES)


def judge(connection: sa.Connection) -> str:
    """A judge whom no entry of their own agency bars, and who does not chair."""
    return _all(connection, IMPARTIAL)[0]


def other_judge(connection: sa.Connection) -> str:
    """Another one like `judge`."""
    return _all(connection, IMPARTIAL)[1]


def recused_judges(connection: sa.Connection) -> list[str]:
    """The judges whose agencies have entered."""
    return _all(connection, JUDGES.where(Membership.agency_id.in_(ENTERED)))


def recused_judge(connection: sa.Connection) -> str:
    """One of these."""
    return recused_judges(connection)[0]


def chair(connection: sa.Connection) -> str:
    """The judge who chairs."""
    return _all(connection, JUDGES.where(Membership.is_chair))[0]


def screeners(connection: sa.Connection) -> list[str]:
    """All of the selection committee."""
    return _all(connection, SCREENERS)


def screener(connection: sa.Connection) -> str:
    """Somebody of the selection committee."""
    return _all(connection, SCREENERS)[0]


def other_screener(connection: sa.Connection) -> str:
    """Another one like `screener`."""
    return _all(connection, SCREENERS)[1]


def delegate(connection: sa.Connection) -> str:
    """Who endorses the entries of an agency."""
    return _all(connection, MEMBERS.where(Membership.is_delegate))[0]


def author_of(proposal: int | str) -> Part:
    """Who wrote a proposal first, which is known by its number or title."""
    known_by = Proposal.title if isinstance(proposal, str) else Proposal.number
    authors = (
        sa.select(Person.email)
        .join(Author, Author.person_id == Person.id)
        .join(Proposal, Proposal.id == Author.proposal_id)
        .where(known_by == proposal)
        .order_by(Author.person_id)
    )
    return lambda connection: _all(connection, authors)[0]


def evaluators_of(number: int, kind: SheetKind) -> Callable[[sa.Connection], list[str]]:
    """Who has a sheet of a proposal."""
    evaluators = (
        sa.select(Person.email)
        .join(Sheet, Sheet.evaluator_id == Person.id)
        .join(Sheet.proposal)
        .where(Proposal.number == number, Sheet.kind == kind)
        .order_by(Person.id)
    )
    return lambda connection: _all(connection, evaluators)


def unplaced_author(connection: sa.Connection) -> str:
    """The author of a finalist who has no slot yet."""
    return author_of(unplaced(connection)[0])(connection)


def innovators(connection: sa.Connection) -> list[str]:
    """All who enter."""
    return _all(connection, INNOVATORS)


def innovator(connection: sa.Connection) -> str:
    """Somebody who enters, and endorses nothing."""
    return _all(connection, INNOVATORS.where(~Membership.is_delegate))[0]


def drafts(connection: sa.Connection) -> list[int]:
    """Who has not submitted yet."""
    return _all(connection, _numbers(Proposal.status == Status.DRAFT))


def own_entries(who: str | Part) -> Numbers:
    """Which proposals are of the agency that somebody acts for."""
    agencies = sa.select(Membership.agency_id).join(Membership.person)

    def numbers(connection: sa.Connection) -> list[int]:
        own = agencies.where(Person.email == address_of(who, connection))
        return _all(connection, _numbers(Proposal.agency_id.in_(own)))

    return numbers


def unassigned_to(who: str | Part) -> Numbers:
    """Of which proposals somebody has no desk sheet."""
    sheets = sa.select(Sheet.proposal_id).join(Sheet.evaluator).where(Sheet.kind == SheetKind.DESK)

    def numbers(connection: sa.Connection) -> list[int]:
        own = sheets.where(Person.email == address_of(who, connection))
        return _all(connection, _numbers(Proposal.id.not_in(own)))

    return numbers


def scored(kind: SheetKind) -> Numbers:
    """Which proposals have all their sheets of a kind submitted."""
    return _standing(kind, Standing.is_whole)


def unscored(kind: SheetKind) -> Numbers:
    """Which proposals have no sheet of a kind submitted yet, in running order if there is one."""
    return _standing(kind, Standing.sheets_locked == 0)


def submitted(connection: sa.Connection) -> list[int]:
    """Who has submitted, and is not decided on."""
    return _all(connection, _numbers(Proposal.status == Status.SUBMITTED))


def placed(connection: sa.Connection) -> list[int]:
    """Which finalists have a slot."""
    return _all(connection, _numbers(Proposal.id.in_(PLACED)))


def unplaced(connection: sa.Connection) -> list[int]:
    """Which finalists have no slot yet."""
    is_finalist = Proposal.status == Status.FINALIST
    return _all(connection, _numbers(is_finalist, Proposal.id.not_in(PLACED)))


def written_by(author: Part) -> Callable[[sa.Connection], list[int]]:
    """What somebody wrote, alone or with others."""
    return lambda connection: _all(
        connection, _numbers(Proposal.authors.any(Person.email == author(connection)))
    )


def _all(connection: sa.Connection, rows: sa.Select) -> list:
    return list(connection.scalars(rows))


def _numbers(*conditions: sa.ColumnElement[bool]) -> sa.Select:
    return sa.select(Proposal.number).where(*conditions).order_by(Proposal.number)


def _standing(kind: SheetKind, condition: sa.ColumnElement[bool]) -> Numbers:
    standings = (
        sa.select(Proposal.number)
        .join(Standing, Standing.proposal_id == Proposal.id)
        .outerjoin(Appearance, Appearance.proposal_id == Proposal.id)
        .where(Standing.kind == kind, condition)
        .order_by(Appearance.starts_at, Proposal.number)
    )
    return lambda connection: _all(connection, standings)


ROLES = {
    "stranger": None,
    "innovator": author_of(1),
    "screener": screener,
    "judge": judge,
    "chair": chair,
    "organiser": "sekretariat",
    "observer": "pengamat",
    "admin": "admin",
}
"""Somebody of each role, and a stranger."""
