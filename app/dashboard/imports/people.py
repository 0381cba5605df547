"""Taking in who holds which role: a row for each role of a person, known by their e-mail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.actions import invite
from app.accounts.models import Person
from app.clock import real_now
from app.dashboard.imports.plan import Change, Deed, Plan, Row, Source, refuse_twice
from app.database import db
from app.editions import queries
from app.editions.actions import tell_role
from app.editions.kinds import Role
from app.editions.models import Agency, Edition, Membership
from app.workflow import N_

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ROLES = {role.value: role for role in Role}


@dataclass(frozen=True)
class Line:
    """A row as it was read."""

    email: str
    name: str
    role: Role | None
    agency: Agency | None
    title: str
    is_chair: bool
    is_delegate: bool

    def facts(self) -> dict[str, str]:
        """What the role comes with, as the file says it."""
        return {
            "role": self.role.value if self.role else "",
            "agency_code": self.agency.code if self.agency else "",
            "title": self.title,
            "is_chair": str(self.is_chair).lower(),
            "is_delegate": str(self.is_delegate).lower(),
        }


def collect(edition: Edition, rows: list[Row], plan: Plan) -> None:
    """Plan which roles the rows give or change."""
    agencies = {each.code.lower(): each for each in queries.agencies_of(edition.organisation_id)}
    held = {
        (each.person.email, each.role): each
        for each in db.session.scalars(queries.people_of(edition)).unique()
    }
    chairs = {email for (email, _), each in held.items() if each.is_chair}
    refuse_twice(rows, "email", lambda row: (row.cells["email"].lower(), row.cells["role"].lower()))
    for row in rows:
        line = _line(row, agencies)
        membership = held.get((line.email, line.role)) if line.role else None
        _check(row, line, membership, edition)
        if line.is_chair:
            chairs.add(line.email)
            if len(chairs) > 1:
                row.fault("is_chair", N_("There is one chair, and another is named already."))
        before = _facts(membership) if membership else None
        after = {key: value for key, value in line.facts().items() if key in row.cells}
        plan.add(row, f"{line.name} <{line.email}>", before, after, line)


def apply(changes: Sequence[Change], deed: Deed) -> None:
    """Give and change the roles; somebody new is invited, others are told."""
    lines: list[Line] = [change.what for change in changes]
    emails = {line.email for line in lines}
    people = {
        each.email: each
        for each in db.session.scalars(select(Person).where(Person.email.in_(emails)))
    }
    for line in lines:
        if line.email not in people:
            person = Person(email=line.email, name=line.name, language="id", created_at=deed.now)
            people[line.email] = person
    db.session.add_all(people.values())
    db.session.flush()
    held = {
        (each.person_id, each.role): each
        for each in db.session.scalars(queries.people_of(deed.edition)).unique()
    }
    invited: set[int] = set()
    for change, line in zip(changes, lines, strict=True):
        person = people[line.email]
        role = line.role or Role.OBSERVER
        membership = held.get((person.id, role)) or Membership(
            edition_id=deed.edition.id, person_id=person.id, role=role
        )
        _write(membership, line, {column for column, _, _ in change.fields})
        db.session.add(membership)
        if change.is_new and person.id not in invited:
            invited.add(person.id)
            _tell(person, line, deed)
    deed.edition.revision += 1


def _line(row: Row, agencies: dict[str, Agency]) -> Line:
    line = Line(
        email=row.text("email", 254, is_required=True).lower(),
        name=row.text("name", 200, is_required=True),
        role=row.choice("role", ROLES, is_required=True),
        agency=row.choice("agency_code", agencies),
        title=row.text("title", 200),
        is_chair=row.flag("is_chair"),
        is_delegate=row.flag("is_delegate"),
    )
    if line.email and not ADDRESS.fullmatch(line.email):
        row.fault("email", N_("Write an e-mail address."))
    return line


def _check(row: Row, line: Line, held: Membership | None, edition: Edition) -> None:
    """Note what the edition's rules refuse, as the actions do one by one."""
    if line.role in {Role.JUDGE, Role.INNOVATOR} and not row.cells.get("agency_code"):
        row.fault("agency_code", N_("A judge and an innovator need their agency."))
    if line.is_chair and line.role is not Role.JUDGE:
        row.fault("is_chair", N_("Only a judge can chair the judging team."))
    if line.is_delegate and line.role is not Role.INNOVATOR:
        row.fault("is_delegate", N_("Only an innovator can be their agency's delegate."))
    is_moved = held is None or held.agency is not line.agency or held.is_chair != line.is_chair
    if edition.is_frozen and line.role is Role.JUDGE and is_moved:
        row.fault("role", N_("Scoring has opened: the judging team stands."))


def _facts(membership: Membership) -> dict[str, str]:
    agency = membership.agency
    return {
        "role": membership.role.value,
        "agency_code": agency.code if agency else "",
        "title": membership.title,
        "is_chair": str(membership.is_chair).lower(),
        "is_delegate": str(membership.is_delegate).lower(),
    }


def _write(membership: Membership, line: Line, columns: set[str]) -> None:
    values = {
        "agency_code": ("agency_id", line.agency.id if line.agency else None),
        "title": ("title", line.title),
        "is_chair": ("is_chair", line.is_chair),
        "is_delegate": ("is_delegate", line.is_delegate),
    }
    for column in columns & values.keys():
        setattr(membership, *values[column])


def _tell(person: Person, line: Line, deed: Deed) -> None:
    if person.password_hash is None:
        invite(person, edition=deed.edition, link_to=deed.link_to, now=real_now())
    elif line.role is not None:
        tell_role(person, deed.edition, line.role, now=deed.now)


SOURCE = Source(
    name="people",
    label=N_("People"),
    required=("email", "name", "role"),
    optional=("agency_code", "title", "is_chair", "is_delegate"),
    collect=collect,
    apply=apply,
)
