"""Reading imports, letters, and the names of what an audit trail mentions."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from app.accounts.models import Person
from app.dashboard.models import Import
from app.database import db
from app.editions.models import Edition
from app.mail.models import Letter
from app.proposals.models import Author, Proposal

MONTH = timedelta(days=30)
MOST_RECENT = 8  # letters that my work shows


def open_import(edition_id: int) -> Import | None:
    """Return the file that waits to be imported or dropped."""
    return db.session.scalar(
        select(Import)
        .where(Import.edition_id == edition_id, Import.applied_at.is_(None))
        .order_by(Import.id.desc())
        .limit(1)
    )


def last_import(edition_id: int) -> Import | None:
    """Return the file that was imported last."""
    return db.session.scalar(
        select(Import)
        .where(Import.edition_id == edition_id, Import.applied_at.is_not(None))
        .order_by(Import.id.desc())
        .limit(1)
    )


def letters_of(
    edition: Edition, *, without: Collection[int], search: str = "", only_failed: bool = False
) -> Select[Letter]:
    """Select the edition's letters, newest first, without those that hold a secret link.

    `search` is part of a subject or an address.

    Letters to the authors of proposals that a conflict bars the reader from (ids `without`) are
    left out too, because they give the reason of a decision.
    """
    authors = (
        select(Person.email)
        .join(Author, Author.person_id == Person.id)
        .where(Author.proposal_id.in_(without))
    )
    found = select(Letter).where(
        Letter.edition_id == edition.id,
        Letter.is_private.is_(False),
        Letter.recipient.not_in(authors),
    )
    if search:
        in_subject = func.lower(Letter.subject).contains(search.lower(), autoescape=True)
        in_address = Letter.recipient.contains(search.lower(), autoescape=True)
        found = found.where(in_subject | in_address)
    if only_failed:
        found = found.where(Letter.delivered_at.is_(None), Letter.last_error != "")
    return found.order_by(Letter.id.desc())


def recent_letters(person: Person, *, now: datetime) -> list[Letter]:
    """Return the newest letters to the person, of a month, without those with a secret link.

    One that waited until something was public is as new as that.
    """
    told_at = func.coalesce(Letter.due_at, Letter.written_at)
    statement = (
        select(Letter)
        .where(
            Letter.recipient == person.email,
            Letter.is_private.is_(False),
            told_at > now - MONTH,
            told_at <= now,
        )
        .order_by(told_at.desc(), Letter.id.desc())
        .limit(MOST_RECENT)
    )
    return list(db.session.scalars(statement))


def letter_numbered(number: int, edition: Edition, *, without: Collection[int]) -> Letter | None:
    """Return the letter with this id, if it is among those of `letters_of`."""
    return db.session.scalar(letters_of(edition, without=without).where(Letter.id == number))


def own_letter(number: int, person: Person) -> Letter | None:
    """Return the letter with this id that the person sent to themself, outside any edition."""
    return db.session.scalar(
        select(Letter).where(
            Letter.id == number,
            Letter.edition_id.is_(None),
            Letter.recipient == person.email,
            Letter.is_private.is_(False),
        )
    )


def names_of_people(ids: Collection[int]) -> dict[int, str]:
    """Return the names of these people (ids)."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {person_id: str(name) for person_id, name in rows}


def codes_of(proposal_ids: Collection[int]) -> set[str]:
    """Return the codes of these proposals, such as “P-007”."""
    proposals = db.session.scalars(select(Proposal).where(Proposal.id.in_(proposal_ids)))
    return {proposal.code for proposal in proposals}
