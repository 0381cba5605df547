"""Importing who holds which role: a row for each role of a person, identified by their e-mail."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.actions import invite, people_named
from app.accounts.emails import canonical_email, is_email
from app.accounts.models import Person
from app.clock import real_now
from app.dashboard.imports.plan import (
    YES,
    Deed,
    ImportChange,
    ImportPlan,
    ImportSender,
    Offered,
    Row,
    Source,
    fields_changed,
    labelled,
    refuse_twice,
)
from app.database import db
from app.editions import queries
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.roles import tell_role
from app.editions.units import Agency
from app.names import holds_link
from app.web.table_reader.table import folded, visible
from app.workflow import N_

NAME_STAYS = N_(
    "The name on this account stays “%(name)s”. Its owner can change it in their profile."
)
OWN_NAME = N_("An account with this e-mail already exists. Its name is not changed.")


@dataclass(frozen=True)
class PersonLine:
    """A row as it was read."""

    email: str
    name: str
    role: Role | None
    agency: Agency | None
    title: str
    is_chair: bool
    is_delegate: bool

    def facts(self) -> dict[str, str]:
        """Return what comes with the role, as the file writes it."""
        return {
            "role": self.role.value if self.role else "",
            "agency_code": self.agency.code if self.agency else "",
            "title": self.title,
            "is_chair": str(self.is_chair).lower(),
            "is_delegate": str(self.is_delegate).lower(),
        }


@dataclass(frozen=True)
class Words:
    """What the cells of a row may name."""

    roles: Offered[Role]
    agencies: Offered[Agency]


def collect_people(
    edition: Edition, rows: list[Row], plan: ImportPlan, sender: ImportSender
) -> None:
    """Plan which roles the rows give or change."""
    words = Words(
        labelled(Role, sender.by.language),
        Offered({agency.code: agency for agency in queries.agencies_in(edition)}),
    )
    held = {
        (membership.person.email, membership.role): membership
        for membership in db.session.scalars(queries.people_of(edition)).unique()
    }
    judges = {email for email, role in held if role is Role.JUDGE}
    chairs = _chairs(rows, held, words)
    keys = [(row, _key(row, words)) for row in rows]
    refuse_twice(keys, "email")
    _check_names(rows, {email for email, _ in held})
    for row in rows:
        line = _line(row, words)
        membership = held.get((line.email, line.role)) if line.role else None
        _check(row, line, membership)
        if line.is_chair and len(chairs) > 1:
            row.fault(
                "is_chair", N_("There can be only one chair, and someone else is already named.")
            )
        before = _facts(membership) if membership else None
        after = {key: value for key, value in line.facts().items() if key in row.cells}
        if edition.is_frozen and _touches_judging(line, before, after, judges):
            row.fault(
                "role", N_("Scoring has opened, so the judging team can no longer be changed.")
            )
        if line.email == sender.by.email and (before is None or fields_changed(before, after)):
            row.fault("email", N_("Only another organiser can change your own roles."))
        plan.add(row, f"{line.name} <{line.email}>", before, after, line)


def apply_people(changes: Sequence[ImportChange], deed: Deed) -> None:
    """Give and change the roles; new people are invited, others are told."""
    people = _people(changes, deed)
    held = {
        (membership.person_id, membership.role): membership
        for membership in db.session.scalars(queries.people_of(deed.edition)).unique()
    }
    pledges = {
        membership.person_id: membership.pledged_at
        for membership in held.values()
        if membership.pledged_at
    }
    for change in sorted(changes, key=lambda change: change.what.is_chair):
        line: PersonLine = change.what
        person = people[line.email]
        membership = held.get((person.id, line.role)) if line.role else None
        if line.is_chair:
            db.session.flush()  # the previous chair goes first: there is one at any moment
        if membership is None:
            membership = Membership(edition_id=deed.edition.id, person=person, role=line.role)
            membership.pledged_at = pledges.get(person.id)
        _write(membership, line, {column for column, _, _ in change.fields})
        db.session.add(membership)
    _tell([change.what for change in changes if change.is_new], people, deed)
    deed.edition.revise(now=deed.now)


def _people(changes: Sequence[ImportChange], deed: Deed) -> dict[str, Person]:
    """Return the people of the changes by e-mail, creating those who are new."""
    names = {change.what.email: change.what.name for change in changes}
    people = _accounts(names)
    new = {email: name for email, name in names.items() if email not in people}
    return people | people_named(new, now=deed.now)


def _accounts(emails: Collection[str]) -> dict[str, Person]:
    """Return the people who have an account, by e-mail."""
    known = db.session.scalars(select(Person).where(Person.email.in_(emails)))
    return {person.email: person for person in known}


def _key(row: Row, words: Words) -> object:
    """Return what identifies a row: whose role it is, and which."""
    role = words.roles.value(row.cells["role"])
    return canonical_email(row.cells["email"]), role or folded(row.cells["role"])


def _check_names(rows: list[Row], members: Collection[str]) -> None:
    """Note where one e-mail has two names: in the file, or there and in its account.

    Only a member's account is named (`members` are their e-mails): others are no concern of ours.
    """
    by_email = defaultdict(list)
    for row in rows:
        by_email[canonical_email(row.cells["email"])].append((row, visible(row.cells["name"])))
    accounts = _accounts(by_email)
    for email, own in by_email.items():
        (first, name), *others = own
        for row, other in others:
            if other != name:
                text = N_("Row %(row)s gives a different name for this e-mail. Use the same name.")
                row.fault("name", text, row=first.number)
        account = accounts.get(email)
        if account is not None and name and name != visible(account.name):
            text = NAME_STAYS if email in members else OWN_NAME
            first.note("name", text, **({"name": account.name} if email in members else {}))


def _chairs(rows: list[Row], held: dict[tuple[str, Role], Membership], words: Words) -> set[str]:
    """Return who would chair the judging team once the rows are imported."""
    chairs = {email for (email, _), membership in held.items() if membership.is_chair}
    for row in rows:
        if words.roles.value(row.cells["role"]) is Role.JUDGE and "is_chair" in row.cells:
            email = canonical_email(row.cells["email"])
            is_chair = folded(row.cells["is_chair"]) in YES
            chairs = chairs | {email} if is_chair else chairs - {email}
    return chairs


def _touches_judging(
    line: PersonLine, before: dict[str, str] | None, after: dict[str, str], judges: set[str]
) -> bool:
    """Return whether a row changes the judging team, or what one of its members is recused from."""
    if before is not None and not fields_changed(before, after):
        return False
    return line.role is Role.JUDGE or (line.agency is not None and line.email in judges)


def _line(row: Row, words: Words) -> PersonLine:
    line = PersonLine(
        email=canonical_email(row.line("email", 254, is_required=True)),
        name=row.line("name", 200, is_required=True),
        role=row.choice("role", words.roles, is_required=True),
        agency=row.choice("agency_code", words.agencies),
        title=row.line("title", 200),
        is_chair=row.flag("is_chair"),
        is_delegate=row.flag("is_delegate"),
    )
    if line.email and not is_email(line.email):
        row.fault("email", N_("Enter an e-mail address."))
    if holds_link(line.name):
        row.fault("name", N_("Enter a name, without a web address."))
    return line


def _check(row: Row, line: PersonLine, held: Membership | None) -> None:
    """Note what the role lacks, and what it can't have."""
    is_said = held is None or "agency_code" in row.cells
    if line.role in {Role.JUDGE, Role.INNOVATOR} and is_said and not row.cells.get("agency_code"):
        row.fault("agency_code", N_("A judge or an innovator needs an agency."))
    if line.is_chair and line.role is not Role.JUDGE:
        row.fault("is_chair", N_("Only a judge can chair the judging team."))
    if line.is_delegate and line.role is not Role.INNOVATOR:
        row.fault("is_delegate", N_("Only an innovator can be their agency's delegate."))


def _facts(membership: Membership) -> dict[str, str]:
    agency = membership.agency
    return {
        "role": membership.role.value,
        "agency_code": agency.code if agency else "",
        "title": membership.title,
        "is_chair": str(membership.is_chair).lower(),
        "is_delegate": str(membership.is_delegate).lower(),
    }


def _write(membership: Membership, line: PersonLine, columns: set[str]) -> None:
    values = {
        "agency_code": ("agency_id", line.agency.id if line.agency else None),
        "title": ("title", line.title),
        "is_chair": ("is_chair", line.is_chair),
        "is_delegate": ("is_delegate", line.is_delegate),
    }
    for column in columns & values.keys():
        setattr(membership, *values[column])


def _tell(lines: list[PersonLine], people: dict[str, Person], deed: Deed) -> None:
    """Invite people without a password, once; tell the others about each role."""
    invited: set[str] = set()
    for line in lines:
        person = people[line.email]
        if person.password_hash is not None and line.role is not None:
            tell_role(person, deed.edition, line.role, now=deed.now)
        elif line.email not in invited and line.role is not None:
            invited.add(line.email)
            invite(
                person,
                edition=deed.edition,
                role=line.role.label,
                link_to=deed.link_to,
                now=real_now(),
            )


SOURCE = Source(
    name="people",
    label=N_("People"),
    required=("email", "name", "role"),
    optional=("agency_code", "title", "is_chair", "is_delegate"),
    codes=("agency_code",),
    words={"role": Role},
    collect=collect_people,
    apply=apply_people,
)
