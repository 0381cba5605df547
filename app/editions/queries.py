"""Finding editions, agencies and who holds which role."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Person
from app.database import columns, db, hold_lock
from app.editions.faces import FACE, Face
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition, Membership
from app.editions.parts import Criterion
from app.editions.units import Agency, Branding, Organisation

# Built once, as nearly every request asks it: building a statement costs more than running it.
EDITION = select(Edition).where(Edition.slug == bindparam("slug"))
LOCKED_EDITION = EDITION.with_for_update(of=Edition).execution_options(populate_existing=True)
MEMBERSHIPS = (
    select(Membership)
    .where(
        Membership.edition_id == bindparam("edition"), Membership.person_id == bindparam("person")
    )
    .order_by(Membership.id)
)
EDITION_FOR = (
    select(Edition, Membership, *FACE)
    .join(Organisation, Organisation.id == Edition.organisation_id)
    .outerjoin(Branding, Branding.organisation_id == Edition.organisation_id)
    .outerjoin(
        Membership,
        (Membership.edition_id == Edition.id) & (Membership.person_id == bindparam("person")),
    )
    .where(Edition.slug == bindparam("slug"))
    .order_by(Membership.id)
)
CRITERIA = (
    select(Criterion)
    .where(Criterion.edition_id == bindparam("edition"), Criterion.kind == bindparam("kind"))
    .order_by(Criterion.position)
)
TREE = select(Agency.id, Agency.parent_id).where(
    Agency.organisation_id == bindparam("organisation"),
    Agency.edition_id.is_not_distinct_from(bindparam("edition", type_=Integer)),
)


class EditionFor(NamedTuple):
    """An edition as it is now, with what every page of a person in it shows or asks."""

    edition: Edition
    memberships: tuple[Membership, ...]
    face: Face


def edition_named(slug: str) -> Edition | None:
    """Return the edition as it is now."""
    return db.session.scalar(EDITION, {"slug": slug})


def edition_for(slug: str, person: Person) -> EditionFor | None:
    """Return the edition with the roles that the person holds in it and its organisation's face."""
    rows = db.session.execute(EDITION_FOR, {"slug": slug, "person": person.id}).all()
    if not rows:
        return None
    edition, _, organisation_id, name, emblem, colour = rows[0]
    held = tuple(row.Membership for row in rows if row.Membership)
    return EditionFor(edition, held, Face(organisation_id, name, emblem, colour))


def locked_edition(slug: str) -> Edition | None:
    """Return the edition, locked until the end of the transaction.

    The lock makes the writers of one edition take turns on PostgreSQL, as BEGIN IMMEDIATE does on
    SQLite: whatever an action reads stays true until it has written. Nothing is recorded
    in the audit trail without it.
    """
    edition = db.session.scalar(LOCKED_EDITION, {"slug": slug})
    if edition is not None:
        hold_lock(edition.id)
    return edition


def memberships_of(person: Person, edition: Edition) -> tuple[Membership, ...]:
    """Return the roles the person holds in the edition."""
    whose = {"edition": edition.id, "person": person.id}
    return tuple(db.session.scalars(MEMBERSHIPS, whose))


def pledged_at(edition: Edition, person: Person) -> datetime | None:
    """Return when the person signed the edition's integrity pledge, if they have."""
    return db.session.scalar(
        select(func.min(Membership.pledged_at)).where(
            Membership.edition_id == edition.id, Membership.person_id == person.id
        )
    )


def unpledged(edition: Edition, roles: Collection[Role]) -> list[Person]:
    """Return the people who hold one of these roles and have not signed the integrity pledge."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.edition_id == edition.id,
            Membership.role.in_(roles),
            Membership.pledged_at.is_(None),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(statement))


def all_memberships_of(person: Person) -> list[Membership]:
    """Return every role of the person, newest edition first."""
    statement = (
        select(Membership)
        .join(Membership.edition)
        .where(Membership.person_id == person.id)
        .options(joinedload(Membership.edition), joinedload(Membership.agency))
        .order_by(Edition.created_at.desc(), Edition.id, Membership.id)
    )
    return list(db.session.scalars(statement))


def newest_edition_of(person: Person) -> Edition | None:
    """Return the newest edition in which the person has a role."""
    statement = (
        select(Edition)
        .where(Edition.id.in_(select(Membership.edition_id).filter_by(person_id=person.id)))
        .order_by(Edition.created_at.desc(), Edition.id)
        .limit(1)
    )
    return db.session.scalar(statement)


def people_of(edition: Edition) -> Select[Membership]:
    """Select the memberships of the edition: who holds which role."""
    return (
        select(Membership)
        .join(Membership.person)
        .where(Membership.edition_id == edition.id)
        .options(
            joinedload(Membership.person),
            joinedload(Membership.agency),
            selectinload(Membership.categories),
        )
        .order_by(Membership.role, Person.name, Membership.id)
    )


def found_people(edition: Edition, *, search: str, role: Role | None) -> Select[Membership]:
    """Select memberships, narrowed by a part of name or e-mail, and by role."""
    statement = people_of(edition)
    if search:
        in_name = func.lower(Person.name).contains(search.lower(), autoescape=True)
        in_email = Person.email.contains(search.lower(), autoescape=True)
        statement = statement.where(or_(in_name, in_email))
    return statement.where(Membership.role == role) if role else statement


def holders(edition: Edition, role: Role) -> list[Membership]:
    """Return the memberships of those who hold `role` in the edition."""
    return list(db.session.scalars(people_of(edition).where(Membership.role == role)))


def is_only_among(person: Person, organiser: Person) -> bool:
    """Return whether the person has roles only in editions that `organiser` organises."""
    theirs, own = aliased(Membership), aliased(Membership)
    is_run = exists().where(
        own.edition_id == theirs.edition_id,
        own.person_id == organiser.id,
        own.role == Role.ORGANISER,
    )
    elsewhere = select(theirs.id).where(theirs.person_id == person.id, ~is_run)
    return not person.is_site_admin and not db.session.scalar(select(elsewhere.exists()))


def chair_of(edition: Edition) -> int | None:
    """Return the id of the person who chairs the judging team, if somebody does."""
    return db.session.scalar(
        select(Membership.person_id).where(
            Membership.edition_id == edition.id, Membership.is_chair.is_(True)
        )
    )


def public_editions() -> Select[Edition]:
    """Select the editions that everyone may see, newest first."""
    return (
        select(Edition)
        .where(Edition.is_public.is_(True))
        .options(
            joinedload(Edition.organisation),
            selectinload(Edition.windows),
            selectinload(Edition.days),
        )
        .order_by(Edition.created_at.desc(), Edition.id)
    )


def every_edition() -> Select[Edition]:
    """Select all editions, newest first."""
    return (
        select(Edition)
        .options(joinedload(Edition.organisation))
        .order_by(Edition.created_at.desc(), Edition.id)
    )


def organisations() -> Sequence[Organisation]:
    """Return every organisation by name."""
    return db.session.scalars(select(Organisation).order_by(Organisation.name)).all()


def agencies_of(organisation: Organisation) -> list[Agency]:
    """Return the organisation's agencies as they are now, by name."""
    statement = select(Agency).where(
        Agency.organisation_id == organisation.id, Agency.edition_id.is_(None)
    )
    return list(db.session.scalars(statement.order_by(Agency.name, Agency.id)))


def agency_of(organisation: Organisation, agency_id: int | None) -> Agency | None:
    """Return the organisation's agency with this id, as it is now."""
    agency = db.session.get(Agency, agency_id) if agency_id else None
    is_its_own = agency and agency.organisation_id == organisation.id
    return agency if agency and is_its_own and agency.edition_id is None else None


def agencies_in(edition: Edition) -> list[Agency]:
    """Return the edition's agencies by name: those of its time once it is confirmed."""
    statement = select(Agency).where(in_tree_of(edition))
    return list(db.session.scalars(statement.order_by(Agency.name, Agency.id)))


def agency_in(edition: Edition, agency_id: int | None) -> Agency | None:
    """Return the edition's agency with this id."""
    agency = db.session.get(Agency, agency_id) if agency_id else None
    is_its_own = agency and agency.organisation_id == edition.organisation_id
    return agency if agency and is_its_own and agency.edition_id == edition.tree else None


def in_tree_of(edition: Edition) -> ColumnElement[bool]:
    """Return the condition that an agency is one of the edition's."""
    return and_(
        Agency.organisation_id == edition.organisation_id,
        Agency.edition_id.is_not_distinct_from(edition.tree),
    )


def parents(organisation_id: int, tree: int | None = None) -> dict[int, int | None]:
    """Return each agency's id with its parent's: of the tree as it is now, or of an edition's."""
    rows = columns(TREE, {"organisation": organisation_id, "edition": tree})
    return {row.id: row.parent_id for row in rows}


def parents_in(edition: Edition) -> dict[int, int | None]:
    """Return each of the edition's agencies' ids with its parent's."""
    return parents(edition.organisation_id, edition.tree)


def criteria_in(edition: Edition, kind: SheetKind) -> list[Criterion]:
    """Return the edition's criteria of `kind` in their order, without loading the others."""
    return list(db.session.scalars(CRITERIA, {"edition": edition.id, "kind": kind}))


def is_scoring(organisation_id: int) -> bool:
    """Return whether an edition of the organisation has opened scoring and isn't confirmed."""
    statement = select(func.count()).where(
        Edition.organisation_id == organisation_id,
        Edition.frozen_at.is_not(None),
        Edition.closed_at.is_(None),
    )
    return bool(db.session.scalar(statement))


def editions_of(organisation: Organisation) -> list[Edition]:
    """Return the organisation's editions, newest first."""
    statement = every_edition().where(Edition.organisation_id == organisation.id)
    return list(db.session.scalars(statement))


def lock_editions_of(organisation: Organisation) -> list[Edition]:
    """Return the organisation's editions, each locked until the end of the transaction."""
    return _locked_editions(Edition.organisation_id == organisation.id)


def lock_running_editions_of(person: Person) -> list[Edition]:
    """Return the editions in which the person has a role and whose result isn't confirmed, locked.

    They stay locked until the end of the transaction.
    """
    held = select(Membership.edition_id).where(Membership.person_id == person.id)
    return _locked_editions(Edition.id.in_(held), Edition.closed_at.is_(None))


def _locked_editions(*conditions: ColumnElement[bool]) -> list[Edition]:
    statement = (
        select(Edition)
        .where(*conditions)
        .order_by(Edition.id)  # so that two of these never wait for each other
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    editions = list(db.session.scalars(statement))
    for edition in editions:
        hold_lock(edition.id)
    return editions
