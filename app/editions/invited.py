"""People who were invited and have no password yet: another letter, a corrected name or address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts import throttle
from app.accounts.actions import LinkTo, invite
from app.accounts.emails import canonical_email
from app.accounts.identity import readdress, rename
from app.accounts.models import Person
from app.accounts.queries import person_with
from app.audit.chain import record
from app.audit.names import named
from app.clock import real_now
from app.editions import queries
from app.editions.models import Membership
from app.editions.roles import end_role, invite_to
from app.workflow import N_, NotAllowedNow


def invite_again(membership: Membership, *, link_to: LinkTo, by: Person, now: datetime) -> None:
    """Send somebody who has no password yet a new invitation, a few times a day at most."""
    person = membership.person
    _check_waiting(person)
    key, limit = f"invitation {person.id}", throttle.INVITED_AGAIN_A_DAY
    if not throttle.try_again(key, limit=limit, now=real_now(), period=throttle.DAY):
        raise NotAllowedNow(
            N_(
                "%(name)s has been invited several times today, so nothing was sent. Try again "
                "tomorrow."
            ),
            name=person.name,
        )
    _invite(membership, link_to=link_to)
    subject = f"person {person.id}"
    record(membership.edition_id, "role.invite_again", by=by, now=now, subject=subject)


def correct_person(
    membership: Membership, *, name: str, email: str, link_to: LinkTo, by: Person, now: datetime
) -> Membership:
    """Correct the name and address of somebody who has no password yet; return their role.

    A new address gets a new invitation, and the old one works no more. The role moves if the
    address has an account already, or if the person also has roles where `by` organises nothing:
    then nothing of theirs changes elsewhere.
    """
    person = membership.person
    _check_waiting(person)
    is_ours = queries.is_only_among(person, by)
    if canonical_email(email) == person.email:
        if name != person.name and not is_ours:
            raise NotAllowedNow(
                N_("This person has also been invited elsewhere: only they can correct their name.")
            )
        rename(person, name, by=by, now=now)
        return membership
    if not is_ours or person_with(email) is not None:
        return _move(membership, name=name, email=email, link_to=link_to, by=by, now=now)
    rename(person, name, by=by, now=now)
    readdress(person, email, by=by, now=now)
    _invite(membership, link_to=link_to)
    return membership


def record_identity(person: Person, facts: Mapping[str, Any], *, by: Person, now: datetime) -> None:
    """Record another name or address wherever the person has a role that isn't history yet.

    Names stand beside the trail: `before` and `after` are kept in it as salted digests.
    """
    for edition in queries.lock_running_editions_of(person):
        edition.revise(now=now)  # calendars show names
        subject = f"person {person.id}"
        kept = {
            key: named(edition.id, person.id, value) if key in {"before", "after"} else value
            for key, value in facts.items()
        }
        record(edition.id, "person.change", by=by, now=now, subject=subject, **kept)


def _check_waiting(person: Person) -> None:
    if person.password_hash is not None:
        raise NotAllowedNow(
            N_(
                "%(name)s has an account: only they can change their name and e-mail, in their "
                "profile."
            ),
            name=person.name,
        )


def _invite(membership: Membership, *, link_to: LinkTo) -> None:
    edition, role = membership.edition, membership.role.label
    invite(membership.person, edition=edition, role=role, link_to=link_to, now=real_now())


def _move(
    membership: Membership, *, name: str, email: str, link_to: LinkTo, by: Person, now: datetime
) -> Membership:
    """Let the person with this address have the role instead."""
    if membership.is_from_authorship:
        raise NotAllowedNow(
            N_(
                "This role came with a proposal: one of its authors can add the right address "
                "and remove this one."
            )
        )
    edition, held = membership.edition, list(membership.categories)
    facts: dict[str, Any] = {
        field: getattr(membership, field)
        for field in ("role", "agency", "title", "is_chair", "is_delegate")
    }
    end_role(membership, by=by, now=now)
    moved = invite_to(edition, email=email, name=name, link_to=link_to, by=by, now=now, **facts)
    moved.categories = held
    return moved
