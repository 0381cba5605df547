"""Who makes a request, and which edition, agency or role an address means."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g
from flask_login import current_user

from app.accounts.models import Person
from app.database import db, is_writing
from app.editions import queries
from app.editions.faces import Face, face_of
from app.editions.models import Edition, Membership
from app.editions.permissions import User, can_see
from app.editions.units import Agency, Organisation


def user_in(edition: Edition | None = None, **_records: Any) -> User:
    """Return the user who makes the request, with their roles in the edition."""
    person = _person()
    if person is None or edition is None:
        return User(person=person, edition=edition)
    return User(person, edition, _memberships(person, edition))


def zone_of(user: User | None) -> ZoneInfo:
    """Return the zone of what is the user's own: of this edition or their newest, else the site's.

    A page that failed has no user.
    """
    if user and user.edition:
        return user.edition.zone
    newest = queries.newest_edition_of(user.person) if user and user.person else None
    return newest.zone if newest else ZoneInfo(current_app.config["AJANG"].zone)


def _person() -> Person | None:
    found = current_user._get_current_object()  # noqa: SLF001 -- behind Flask-Login's proxy
    return found if found.is_authenticated else None


def _edition(slug: str, person: Person | None) -> Edition | None:
    """Return the edition, locked by who writes; who reads learns with it what all pages ask."""
    if is_writing():
        return queries.locked_edition(slug)
    if person is None:
        return queries.edition_named(slug)
    found = queries.edition_for(slug, person)
    if found is None:
        return None
    _known_memberships()[found.edition.id] = found.memberships
    _known_faces()[found.edition.organisation_id] = found.face
    return found.edition


def _memberships(person: Person, edition: Edition) -> tuple[Membership, ...]:
    """Return the person's roles in the edition, loaded once per request."""
    known = _known_memberships()
    if edition.id not in known:
        known[edition.id] = queries.memberships_of(person, edition)
    return known[edition.id]


def _known_memberships() -> dict[int, tuple[Membership, ...]]:
    """Return what this request has learned of its person's roles, by edition id."""
    known: dict[int, tuple[Membership, ...]] = g.setdefault("memberships", {})
    return known


def face_in(edition: Edition) -> Face:
    """Return what the head of the edition's pages shows, loaded once per request."""
    known = _known_faces()
    if edition.organisation_id not in known:
        known[edition.organisation_id] = face_of(edition.organisation_id)
    return known[edition.organisation_id]


def _known_faces() -> dict[int, Face]:
    """Return what this request has learned of organisations' faces, by the organisation's id."""
    known: dict[int, Face] = g.setdefault("faces", {})
    return known


def edition_of(
    slug: str, *, user: User, organisation: Organisation | None = None
) -> Edition | None:
    """Return the edition, of this organisation if one is named, unless it is hidden from the user.

    Where an address names the organisation, only site administrators come this far.
    """
    edition = _edition(slug, user.person)
    if edition is None or not can_see(user_in(edition) if user.person else user, edition):
        return None
    is_there = organisation is None or edition.organisation_id == organisation.id
    return edition if is_there else None


def organisation_of(organisation_id: int, *, user: User) -> Organisation | None:
    """Return the organisation, to site administrators only."""
    is_admin = user.person is not None and user.person.is_site_admin
    return db.session.get(Organisation, organisation_id) if is_admin else None


def agency_of(agency_id: int, *, user: User, organisation: Organisation) -> Agency | None:
    """Return the organisation's agency."""
    return queries.agency_of(organisation, agency_id)


def membership_of(
    membership_id: int, *, user: User, edition: Edition, **_earlier: Any
) -> Membership | None:
    """Return the role that somebody holds in the edition."""
    membership = db.session.get(Membership, membership_id)
    return membership if membership and membership.edition_id == edition.id else None
