"""Who organises an edition, where the site administrator has to appoint somebody: on record."""

from datetime import datetime

from app.accounts.actions import LinkTo
from app.accounts.models import Person
from app.accounts.queries import person_with
from app.editions import queries
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.roles import end_role, invite_to
from app.mail import outbox
from app.workflow import N_, DomainError, NotAllowedNow, check_reason


def appoint_organiser(
    edition: Edition,
    *,
    email: str,
    name: str,
    reason: str,
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> Membership:
    """Make somebody an organiser, with a reason on record; the other organisers are told.

    An administrator can't appoint themself: two people know of each organiser.
    """
    found = person_with(email)
    if found is not None and found.id == by.id:
        raise DomainError(N_("You can't appoint yourself: choose someone else."))
    before = queries.holders(edition, Role.ORGANISER)
    membership = invite_to(
        edition,
        email=email,
        name=name,
        role=Role.ORGANISER,
        agency=None,
        title="",
        reason=reason,
        link_to=link_to,
        by=by,
        now=now,
    )
    for organiser in before:
        _tell(organiser.person, membership.person, edition, reason, by=by, now=now)
    return membership


def dismiss_organiser(membership: Membership, *, reason: str, by: Person, now: datetime) -> None:
    """Take the role from an organiser who never accepted, if there is another one."""
    check_reason(reason)
    if membership.person.password_hash is not None:
        raise NotAllowedNow(
            N_(
                "%(name)s has accepted: another organiser can remove the role on the “People” page."
            ),
            name=membership.person.name,
        )
    others = queries.holders(membership.edition, Role.ORGANISER)
    if not any(other.id != membership.id for other in others):
        raise NotAllowedNow(N_("The last organiser can't be removed: appoint another one first."))
    end_role(membership, reason=reason, by=by, now=now)


def _tell(
    organiser: Person, new: Person, edition: Edition, reason: str, *, by: Person, now: datetime
) -> None:
    outbox.queue_letter(
        organiser,
        subject=N_("New organiser of %(edition)s"),
        body=N_(
            "Hello %(name)s,\n\n%(by)s, the site administrator, has made %(new)s an organiser "
            "of %(edition)s. Reason: %(reason)s\n\nIf this is not right, remove the role on "
            "the “People” page."
        ),
        values={
            "name": organiser.name,
            "by": by.name,
            "new": new.name,
            "edition": edition,
            "reason": reason,
        },
        edition_id=edition.id,
        now=now,
    )
