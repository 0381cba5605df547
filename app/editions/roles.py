"""What changes who does what in an edition: roles, the chair, delegates, the pledge."""

from datetime import datetime
from typing import Any

from app.accounts.actions import LinkTo, end_links, invite, person_named
from app.accounts.models import Person
from app.audit.chain import record
from app.clock import real_now
from app.database import db, flush_or
from app.editions import queries
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.parts import Category
from app.editions.ties import role_ends, ties_changed
from app.editions.units import Agency
from app.mail import outbox
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken

ROLE_GIVEN = N_(
    "Hello %(name)s,\n\nYou have been given a role in %(edition)s: %(role)s. Sign in to see "
    "your work."
)


def grant_role(
    edition: Edition,
    person: Person,
    role: Role,
    *,
    agency: Agency | None = None,
    title: str = "",
    is_chair: bool = False,
    reason: str = "",
    by: Person,
    now: datetime,
) -> Membership:
    """Give a person a role in the edition; who runs it is given theirs by somebody else."""
    if person.id == by.id and queries.holders(edition, Role.ORGANISER):
        raise _own_role()
    judges = {judge.person_id for judge in queries.holders(edition, Role.JUDGE)}
    if edition.is_frozen and (role is Role.JUDGE or (agency and person.id in judges)):
        raise NotAllowedNow(N_("Scoring has opened, so the judging team can no longer be changed."))
    if role in {Role.JUDGE, Role.INNOVATOR} and agency is None:
        raise DomainError(N_("A judge or an innovator needs an agency."))
    membership = Membership(
        edition_id=edition.id,
        person_id=person.id,
        role=role,
        agency_id=agency.id if agency else None,
        title=title,
        is_chair=is_chair and role is Role.JUDGE,
        pledged_at=queries.pledged_at(edition, person),
    )
    db.session.add(membership)
    flush_or(Overtaken(N_("This person already has that role, or there is already a chair.")))
    edition.revise(now=now)
    facts: dict[str, Any] = {
        "role": role,
        "title": title,
        "agency": agency.code if agency else None,
    }
    subject = f"person {person.id}"
    record(edition.id, "role.grant", by=by, now=now, subject=subject, reason=reason, **facts)
    ties_changed(edition, person=person, by=by, now=now)
    return membership


def invite_to(  # noqa: PLR0913 -- a role is all of these
    edition: Edition,
    *,
    email: str,
    name: str,
    role: Role,
    agency: Agency | None,
    title: str,
    is_chair: bool = False,
    is_delegate: bool = False,
    reason: str = "",
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> Membership:
    """Give a role to the person with this e-mail; a new person is invited to set a password."""
    person = person_named(email, name, now=now)
    membership = grant_role(
        edition,
        person,
        role,
        agency=agency,
        title=title,
        is_chair=is_chair,
        reason=reason,
        by=by,
        now=now,
    )
    membership.is_delegate = is_delegate and role is Role.INNOVATOR
    tell_or_invite(person, edition, role, link_to=link_to, now=now)
    return membership


def tell_or_invite(
    person: Person, edition: Edition, role: Role, *, link_to: LinkTo, now: datetime
) -> None:
    """Tell somebody about a new role; who has no password yet gets an invitation."""
    if person.password_hash is None:
        invite(person, edition=edition, role=role.label, link_to=link_to, now=real_now())
    else:
        tell_role(person, edition, role, now=now)


def tell_role(person: Person, edition: Edition, role: Role, *, now: datetime) -> None:
    """Tell somebody who has an account about a new role."""
    values = {"name": person.name, "edition": edition, "role": role.label}
    subject = N_("Your role in %(edition)s")
    outbox.queue_letter(
        person, subject=subject, body=ROLE_GIVEN, values=values, edition_id=edition.id, now=now
    )


def pass_chair(membership: Membership, edition: Edition, *, by: Person, now: datetime) -> None:
    """Let this judge chair the judging team instead of the present chair, even during scoring."""
    if membership.role is not Role.JUDGE:
        raise DomainError(N_("Only a judge can chair the judging team."))
    if membership.person_id == by.id:
        raise _own_role()
    check_unconfirmed(edition, SHEETS_STAND)
    for judge in queries.holders(edition, Role.JUDGE):
        judge.is_chair = False
    db.session.flush()  # before the next one: the index allows one chair at any moment
    membership.is_chair = True
    record(edition.id, "chair.pass", by=by, now=now, subject=f"person {membership.person_id}")


def sign_pledge(edition: Edition, *, by: Person, now: datetime) -> None:
    """Sign the integrity pledge, once for all of the person's roles in the edition."""
    if queries.pledged_at(edition, by) is not None:
        return
    for membership in queries.memberships_of(by, edition):
        membership.pledged_at = now
    record(edition.id, "pledge.sign", by=by, now=now, subject=f"person {by.id}")


def name_delegate(membership: Membership, *, by: Person, now: datetime) -> None:
    """Let an innovator endorse the entries of their agency."""
    if membership.role is not Role.INNOVATOR:
        raise DomainError(N_("Only an innovator can be their agency's delegate."))
    membership.is_delegate = True
    subject = f"person {membership.person_id}"
    record(membership.edition_id, "delegate.name", by=by, now=now, subject=subject)


def dismiss_delegate(membership: Membership, *, by: Person, now: datetime) -> None:
    """Stop an innovator from endorsing the entries of their agency."""
    membership.is_delegate = False
    subject = f"person {membership.person_id}"
    record(membership.edition_id, "delegate.dismiss", by=by, now=now, subject=subject)


def set_expertise(
    membership: Membership, categories: list[Category], *, by: Person, now: datetime
) -> None:
    """Say which categories an evaluator knows; automatic assignment uses them."""
    membership.categories = categories
    names = [category.name for category in categories]
    subject = f"person {membership.person_id}"
    record(membership.edition_id, "expertise.set", by=by, now=now, subject=subject, known=names)


def revoke_role(membership: Membership, *, by: Person, now: datetime) -> None:
    """Take a role away; it ends at once, since every request reads the roles again."""
    if membership.person_id == by.id:
        raise _own_role()
    end_role(membership, by=by, now=now)


def end_role(membership: Membership, *, reason: str = "", by: Person, now: datetime) -> None:
    """End a role, which may be one's own where something else has given it, such as authorship.

    The invitation of somebody whose last role it was, and who has not accepted, works no more.
    """
    edition, person = membership.edition, membership.person
    if edition.is_frozen and membership.role is Role.JUDGE:
        raise NotAllowedNow(N_("Scoring has opened: a judge can be recused but not removed."))
    judges = {judge.person_id for judge in queries.holders(edition, Role.JUDGE)}
    if edition.is_frozen and membership.agency_id and membership.person_id in judges:
        raise NotAllowedNow(N_("Scoring has opened, so recusals can no longer be changed."))
    is_organiser = membership.role is Role.ORGANISER
    if is_organiser and len(queries.holders(edition, Role.ORGANISER)) == 1:
        raise NotAllowedNow(N_("The last organiser can't be removed."))
    role_ends(membership)
    db.session.delete(membership)
    edition.revise(now=now)
    subject = f"person {membership.person_id}"
    role = membership.role
    record(edition.id, "role.revoke", by=by, now=now, subject=subject, reason=reason, role=role)
    if person.password_hash is None and not queries.all_memberships_of(person):
        end_links(person)


def _own_role() -> NotAllowedNow:
    return NotAllowedNow(
        N_(
            "Only another organiser can change your own roles. If there is none, the site "
            "administrator can appoint one."
        )
    )
