"""What changes accounts: sessions, passwords, invitations."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.accounts import queries
from app.accounts.emails import canonical_email
from app.accounts.models import (
    EmailChange,
    LinkKind,
    OneUseLink,
    Person,
    SignIn,
    Throttle,
)
from app.accounts.secrets import digest, new_token
from app.clock import real_now
from app.database import db, insert
from app.mail import outbox
from app.names import quoted
from app.workflow import N_, Message, Overtaken

RESET_LIFETIME = timedelta(hours=2)
INVITATION_LIFETIME = timedelta(days=14)

LinkTo = Callable[[str], str]


def start_session(person: Person, *, browser: str, lifetime: timedelta, now: datetime) -> str:
    """Open a session and return its token, which only the cookie will hold."""
    token = new_token()
    db.session.add(
        SignIn(
            person_id=person.id,
            token_hash=digest(token),
            browser=browser[:300],
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def end_session(token: str) -> None:
    """End the session of `token`."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))


def end_sessions_of(person: Person) -> None:
    """End every session of the person."""
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def set_password(person: Person, password_hash: str) -> None:
    """Set the password; every session and every link made before ends."""
    person.password_hash = password_hash
    end_links(person)
    end_sessions_of(person)


def end_links(person: Person) -> None:
    """Let no link that was mailed to the person work any more."""
    mailed = update(OneUseLink).where(
        OneUseLink.person_id == person.id, OneUseLink.used_at.is_(None)
    )
    db.session.execute(mailed.values(used_at=real_now()))
    db.session.execute(delete(EmailChange).where(EmailChange.person_id == person.id))


def use_link(link: OneUseLink, password_hash: str, *, now: datetime) -> None:
    """Set the password by a one-use link; raise `Overtaken` if it has been used already."""
    used = db.session.execute(
        update(OneUseLink)
        .where(OneUseLink.id == link.id, OneUseLink.used_at.is_(None))
        .values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Overtaken(N_("This link has been used. Ask for a new one."))
    set_password(link.person, password_hash)


def invite(
    person: Person, *, edition: object, role: Message, link_to: LinkTo, now: datetime
) -> None:
    """Mail a link by which the person, who has this role now, sets a first password."""
    token = _new_link(person, LinkKind.INVITATION, INVITATION_LIFETIME, now=now)
    name = quoted(person.name, instead=person.email)
    outbox.queue_letter(
        person,
        subject=N_("Invitation as %(role)s: %(edition)s"),
        body=N_(
            "Hello %(name)s,\n\nYou have been given a role in %(edition)s: %(role)s. Set your "
            "password within 14 days and sign in:\n\n%(link)s\n\nIf you did not expect this, "
            "ignore this e-mail."
        ),
        values={"name": name, "edition": edition, "role": role, "link": link_to(token)},
        is_private=True,
        now=now,
    )


def offer_reset(email: str, *, link_to: LinkTo, now: datetime) -> None:
    """Mail a reset link if the address is known; the asker can't tell whether it is."""
    person = queries.person_with(email)
    if person is None:
        return
    token = _new_link(person, LinkKind.PASSWORD_RESET, RESET_LIFETIME, now=now)
    outbox.queue_letter(
        person,
        subject=N_("Set a new password"),
        body=N_(
            "Hello %(name)s,\n\nUse this link within two hours to set a new "
            "password:\n\n%(link)s\n\nIf you did not ask for this, ignore this e-mail: your "
            "password stays the same."
        ),
        values={"name": person.name, "link": link_to(token)},
        is_private=True,
        now=now,
    )


def person_named(email: str, name: str, *, language: str = "id", now: datetime) -> Person:
    """Return the person with this e-mail, creating them if there is none.

    Two editions may invite somebody new at the same moment: then both find the same person.
    """
    person = queries.person_with(email)
    if person is not None:
        return person
    known = canonical_email(email)
    return people_named({known: name}, language=language, now=now)[known]


def people_named(
    names: Mapping[str, str], *, language: str = "id", now: datetime
) -> dict[str, Person]:
    """Return the people with these e-mails (in their one form), by e-mail; new ones so named."""
    rows = [
        {"email": email, "name": name, "language": language, "created_at": now}
        for email, name in sorted(names.items())
    ]
    if rows:
        fresh = insert(Person).on_conflict_do_nothing(index_elements=[Person.email])
        db.session.execute(fresh, rows)
    found = db.session.scalars(select(Person).where(Person.email.in_(names)))
    return {person.email: person for person in found}


def forget_expired(*, now: datetime) -> None:
    """Delete what has ended: sessions, links, and counts of tries."""
    for ended in (
        SignIn.expires_at,
        OneUseLink.expires_at,
        EmailChange.expires_at,
        Throttle.until,
    ):
        db.session.execute(delete(ended.class_).where(ended <= now))


def _new_link(person: Person, kind: LinkKind, lifetime: timedelta, *, now: datetime) -> str:
    token = new_token()
    db.session.add(
        OneUseLink(
            person_id=person.id,
            kind=kind,
            token_hash=digest(token),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token
