"""Finding people, sessions and links."""

from datetime import datetime

from sqlalchemy import bindparam, select

from app.accounts.emails import canonical_email
from app.accounts.models import EmailChange, OneUseLink, Person, SignIn
from app.accounts.secrets import digest
from app.database import db

# Built once, as every request asks it: building a statement costs more than running it.
OF_SESSION = (
    select(Person)
    .join(SignIn, SignIn.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("digest"), SignIn.expires_at > bindparam("now"))
)


def person_with(email: str) -> Person | None:
    """Return the person with this e-mail, however it is written.

    One who was entered before addresses had one form is found by what was written then.
    """
    forms = [canonical_email(email), email.strip().lower()]
    found = db.session.scalars(select(Person).where(Person.email.in_(forms)))
    people = {person.email: person for person in found}
    return next((people[form] for form in forms if form in people), None)


def person_of_session(token: str, *, now: datetime) -> Person | None:
    """Return the person whose session has this token, if it is still running."""
    return db.session.scalar(OF_SESSION, {"digest": digest(token), "now": now})


def sessions_of(person: Person, *, now: datetime) -> list[SignIn]:
    """Return the person's running sessions, newest first."""
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.expires_at > now)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(20)
    )
    return list(rows)


def usable_link(token: str, *, now: datetime) -> OneUseLink | None:
    """Return the link of `token` unless it was used or has expired."""
    return db.session.scalar(
        select(OneUseLink).where(
            OneUseLink.token_hash == digest(token),
            OneUseLink.used_at.is_(None),
            OneUseLink.expires_at > now,
        )
    )


def usable_email_change(token: str, *, now: datetime) -> EmailChange | None:
    """Return the change of address that this token confirms, unless it was used or has expired."""
    return db.session.scalar(
        select(EmailChange).where(
            EmailChange.token_hash == digest(token), EmailChange.expires_at > now
        )
    )
