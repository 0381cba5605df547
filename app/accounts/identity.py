"""Who somebody is: a change of name or e-mail address, confirmed where it must be, and followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from app.accounts import queries
from app.accounts.actions import LinkTo, end_links, end_sessions_of
from app.accounts.emails import canonical_email
from app.accounts.models import EmailChange, Person
from app.accounts.secrets import digest, new_token
from app.database import db, flush_or
from app.later import later
from app.mail import outbox
from app.workflow import N_, Overtaken

LIFETIME = timedelta(hours=2)


@dataclass
class Addressee:
    """Who reads a letter at an address that is nobody's yet."""

    email: str
    language: str


@later
def identity_changed(
    person: Person, facts: Mapping[str, Any], *, by: Person, now: datetime
) -> object:
    """Follow a change of somebody's name or address; `facts` says which, without any address."""


def rename(person: Person, name: str, *, by: Person, now: datetime) -> None:
    """Give the person another name, in front of everybody who works with them."""
    if name == person.name:
        return
    before, person.name = person.name, name
    identity_changed(person, {"before": before, "after": name}, by=by, now=now)


def readdress(person: Person, email: str, *, by: Person, now: datetime) -> None:
    """Give the person another address; links that went to the old one work no more.

    Raise `Overtaken` if the address is somebody else's.
    """
    person.email = canonical_email(email)
    flush_or(Overtaken(N_("This address belongs to another account. Nothing was changed.")))
    end_links(person)
    identity_changed(person, {"email": "changed"}, by=by, now=now)


def ask_new_email(person: Person, email: str, *, link_to: LinkTo, now: datetime) -> None:
    """Mail a link to the new address and tell the old one; nothing changes before it is used.

    Who asks can't tell whether the address has an account: only its owner reads that.
    """
    token, wanted = new_token(), canonical_email(email)
    db.session.execute(delete(EmailChange).where(EmailChange.person_id == person.id))
    if queries.person_with(email) is not None:
        _tell_owner(Addressee(wanted, person.language), now=now)
    else:
        db.session.add(
            EmailChange(
                person_id=person.id,
                email=wanted,
                token_hash=digest(token),
                expires_at=now + LIFETIME,
            )
        )
        _send_link(person, wanted, link_to(token), now=now)
    _tell_old(
        person,
        N_(
            "Hello %(name)s,\n\nSomeone signed in as you wants to change the e-mail address of "
            "this account to %(wanted)s. A link has been sent there; until it is used, nothing "
            "changes. If it was not you, change your password now: the link will then stop "
            "working."
        ),
        wanted=wanted,
        now=now,
    )


def take_email(change: EmailChange, *, now: datetime, at: datetime) -> Person:
    """Give the person the address that they have confirmed, and end their sessions.

    `now` is the real time, `at` the domain's. Raise `Overtaken` if the link has been used or
    replaced, or the address has become somebody else's.
    """
    person, email = change.person, change.email
    used = delete(EmailChange).where(EmailChange.token_hash == change.token_hash)
    if db.session.execute(used).rowcount != 1:  # type: ignore[attr-defined]  # a DELETE's result
        raise Overtaken(N_("This link has been used. Ask for a new one."))
    _tell_old(
        person,
        N_(
            "Hello %(name)s,\n\nThe e-mail address of your account is now %(wanted)s: use it "
            "to sign in. If you did not want this, write to your organiser at once."
        ),
        wanted=email,
        now=now,
    )
    readdress(person, email, by=person, now=at)
    end_sessions_of(person)
    return person


def _send_link(person: Person, wanted: str, link: str, *, now: datetime) -> None:
    outbox.queue_letter(
        Addressee(wanted, person.language),
        subject=N_("Confirm your new e-mail address"),
        body=N_(
            "Hello,\n\nThis address is about to become the address of an account here. Confirm "
            "it within two hours with this link:\n\n%(link)s\n\nIf you did not ask for this, "
            "ignore this e-mail: nothing will change."
        ),
        values={"link": link},
        is_private=True,
        now=now,
    )


def _tell_owner(owner: Addressee, *, now: datetime) -> None:
    outbox.queue_letter(
        owner,
        subject=N_("This address already has an account"),
        body=N_(
            "Hello,\n\nSomeone wanted to use this address for another account. It already has "
            "an account, so nothing was changed. If it was you, sign in with this address."
        ),
        values={},
        now=now,
    )


def _tell_old(person: Person, body: str, *, wanted: str, now: datetime) -> None:
    subject = N_("Change of your account's e-mail address")
    values = {"name": person.name, "wanted": wanted}
    outbox.queue_letter(person, subject=subject, body=body, values=values, is_private=True, now=now)
