"""Deleting a person's data: what identifies them goes, what others rely on stays without a name.

Scores, proposals and entries of audit trails stay: an entry holds a number and salted digests, and
the names beside it are deleted. What was submitted or published stays as it was then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.accounts.models import EmailChange, OneUseLink, Person, SignIn, Throttle
from app.audit.chain import record
from app.audit.names import forget_names
from app.calendars.models import Feed, UnreadReply
from app.database import db
from app.editions.models import Edition, Membership
from app.editions.queries import locked_edition
from app.gallery.replication.requests import forget_asker
from app.mail.models import Letter
from app.mail.outbox import NOWHERE
from app.schedule.draft.models import Absence
from app.workflow import N_, DomainError, NotAllowedNow

NOBODY = f"erased-%s{NOWHERE}"
"""The address of somebody who was erased."""


@dataclass(frozen=True)
class ErasureView:
    """What deleting a person's data touches: their editions, and those that stop it."""

    person: Person
    editions: Sequence[Edition]
    running: Sequence[Edition]
    letters: int


def is_erased(person: Person) -> bool:
    """Return whether the person's data were deleted."""
    return person.email == NOBODY % person.id


def erasure_of(person: Person) -> ErasureView:
    """Return what deleting the person's data would touch."""
    own = select(Membership.edition_id).where(Membership.person_id == person.id)
    editions = list(
        db.session.scalars(select(Edition).where(Edition.id.in_(own)).order_by(Edition.id))
    )
    letters = select(func.count()).select_from(Letter).where(Letter.recipient == person.email)
    return ErasureView(
        person,
        editions,
        [edition for edition in editions if not edition.is_confirmed],
        db.session.scalar(letters) or 0,
    )


def erase_person(person: Person, *, by: Person, now: datetime) -> None:
    """Delete what identifies the person, and record that in each of their editions' trails.

    Raise `NotAllowedNow` while an edition in which they have a role is not confirmed.
    """
    found = erasure_of(person)
    if is_erased(person):
        raise NotAllowedNow(N_("This person's data have been deleted already."))
    if person.id == by.id:
        raise DomainError(N_("Somebody else has to delete your data."))
    if found.running:
        raise NotAllowedNow(
            N_(
                "This person still has a role in %(edition)s, whose result is not confirmed. "
                "Remove the role first, or wait for the result."
            ),
            edition=found.running[0],
        )
    slugs = [edition.slug for edition in found.editions]
    _forget(person)
    for slug in slugs:
        edition = locked_edition(slug)
        if edition is not None:
            edition.revise(now=now)  # calendars show names
            record(edition.id, "person.erase", by=by, now=now, subject=f"person {person.id}")


def _forget(person: Person) -> None:
    email = person.email
    for table in (SignIn, OneUseLink, EmailChange, Feed, Absence):
        db.session.execute(delete(table).where(table.person_id == person.id))
    db.session.execute(delete(Throttle).where(Throttle.key.contains(email, autoescape=True)))
    forget_asker(person)
    forget_names(person.id)
    own = NOBODY % person.id
    erased = {"recipient": own, "subject": "–", "body": "–", "calendar": ""}
    db.session.execute(
        delete(Letter).where(Letter.recipient == email, Letter.delivered_at.is_(None))
    )
    db.session.execute(update(Letter).where(Letter.recipient == email).values(erased))
    db.session.execute(
        update(UnreadReply).where(UnreadReply.sender == email).values(sender=own, excerpt="–")
    )
    person.email, person.name = own, f"#{person.id}"
    person.phone = person.nip = ""
    person.password_hash, person.is_site_admin = None, False
    db.session.flush()
