"""Who is recused from what: conflicts of interest as they stand, derived anew each time."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.queries import parents
from app.evaluation.conflicts import Entry, Evaluator, barring, related
from app.evaluation.models import ConflictKind, ConflictOfInterest
from app.proposals.models import Author, Proposal
from app.workflow import SUBMITTED_ONCE, Status

# What each look at a sheet asks is built once: building a statement costs more than running it.
RECORDED = select(ConflictOfInterest).where(
    ConflictOfInterest.proposal_id == bindparam("proposal"),
    ConflictOfInterest.person_id == bindparam("person"),
)
AUTHORS = select(Author.person_id).where(Author.proposal_id == bindparam("proposal"))


def conflicts_of(
    edition: Edition, condition: ColumnElement[bool] | None = None
) -> list[ConflictOfInterest]:
    """Return what was declared or dismissed in the edition, of proposals of this condition."""
    statement = (
        select(ConflictOfInterest)
        .join(ConflictOfInterest.proposal)
        .where(Proposal.edition_id == edition.id, true() if condition is None else condition)
        .options(contains_eager(ConflictOfInterest.proposal), joinedload(ConflictOfInterest.person))
        .order_by(Proposal.number, ConflictOfInterest.id)
    )
    return list(db.session.scalars(statement))


def evaluators_in(edition: Edition, role: Role) -> list[Evaluator]:
    """Return who evaluates in this role, with every agency they act for in the edition."""
    in_role = select(Membership.person_id).where(
        Membership.edition_id == edition.id, Membership.role == role
    )
    rows = db.session.execute(
        select(Membership.person_id, Membership.agency_id)
        .where(Membership.edition_id == edition.id, Membership.person_id.in_(in_role))
        .order_by(Membership.person_id)
    )
    agencies: dict[int, set[int]] = {}
    for person_id, agency_id in rows:
        agencies.setdefault(person_id, set()).update({agency_id} if agency_id else ())
    return [Evaluator(each, frozenset(own)) for each, own in agencies.items()]


def hosts_among_judges(edition: Edition) -> list[Person]:
    """Return the judges who act for the agency that hosts the edition."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.edition_id == edition.id,
            Membership.role == Role.JUDGE,
            Membership.agency_id == edition.host_id,
        )
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(statement))


def entries_in(
    edition: Edition, statuses: Collection[Status], condition: ColumnElement[bool] | None = None
) -> list[Entry]:
    """Return the proposals in these statuses, and of this condition, as conflicts see them."""
    rows = db.session.execute(
        select(Proposal.id, Proposal.agency_id, Author.person_id)
        .outerjoin(Author, Author.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(statuses),
            true() if condition is None else condition,
        )
        .order_by(Proposal.number, Author.person_id)
    )
    agencies: dict[int, int] = {}
    authors = defaultdict(set)
    for proposal_id, agency_id, author_id in rows:
        agencies[proposal_id] = agency_id
        if author_id:
            authors[proposal_id].add(author_id)
    return [Entry(each, agencies[each], frozenset(authors[each])) for each in agencies]


def conflicts_by_pair(
    edition: Edition,
    role: Role,
    statuses: Collection[Status],
    condition: ColumnElement[bool] | None = None,
) -> dict[tuple[int, int], set[ConflictKind]]:
    """Return the conflicts that bar evaluators, by person and proposal id, in four queries."""
    tree, competing = parents(edition.organisation_id), entries_in(edition, statuses, condition)
    of_agency, of_person = defaultdict(set), defaultdict(set)
    for what in competing:
        of_agency[what.agency_id].add(what)
        for author in what.authors:
            of_person[author].add(what)
    by_pair = defaultdict(list)
    entry_of = {what.proposal_id: what for what in competing}
    for row in conflicts_of(edition, condition):
        if row.proposal_id in entry_of:
            of_person[row.person_id].add(entry_of[row.proposal_id])
            by_pair[row.person_id, row.proposal_id].append(row)
    found = {}
    for who in evaluators_in(edition, role):
        near = (of_agency[each] for each in related(who, tree) if each in of_agency)
        for what in of_person[who.person_id].union(*near):
            pair = (who.person_id, what.proposal_id)
            if kinds := barring(who, what, tree, by_pair[pair]):
                found[pair] = kinds
    return found


def conflicts_between(who: Evaluator, proposal: Proposal, edition: Edition) -> set[ConflictKind]:
    """Return the conflicts that bar this evaluator from this proposal."""
    of_it = {"proposal": proposal.id}
    recorded = db.session.scalars(RECORDED, of_it | {"person": who.person_id})
    authors = db.session.scalars(AUTHORS, of_it)
    return barring(
        who,
        Entry(proposal.id, proposal.agency_id, frozenset(authors)),
        parents(edition.organisation_id),
        list(recorded),
    )


def conflicts_of_person(person: Person, proposal: Proposal) -> set[ConflictKind]:
    """Return the conflicts that bar this person, in any of their roles, from the proposal."""
    edition = proposal.edition
    return conflicts_between(evaluator_in(edition, person), proposal, edition)


def barred_for(
    who: Evaluator, edition: Edition, statuses: Collection[Status] = SUBMITTED_ONCE
) -> set[int]:
    """Return the ids of the proposals that a conflict bars the evaluator from.

    Only those are looked at that could be: of related agencies, one's own, or with a record.
    """
    tree = parents(edition.organisation_id) if who.agencies else {}
    own = ConflictOfInterest.person_id == who.person_id
    candidates = entries_in(
        edition,
        statuses,
        or_(
            Proposal.agency_id.in_(related(who, tree)),
            Proposal.id.in_(select(Author.proposal_id).where(Author.person_id == who.person_id)),
            Proposal.id.in_(select(ConflictOfInterest.proposal_id).where(own)),
        ),
    )
    if not candidates:
        return set()
    of_the_edition = select(ConflictOfInterest).join(ConflictOfInterest.proposal)
    recorded = list(
        db.session.scalars(of_the_edition.where(Proposal.edition_id == edition.id, own))
    )
    return {what.proposal_id for what in candidates if barring(who, what, tree, recorded)}


def evaluator_in(edition: Edition, person: Person) -> Evaluator:
    """Return the person as conflicts of interest see them, by all their roles in the edition."""
    agencies = db.session.scalars(
        select(Membership.agency_id).where(
            Membership.edition_id == edition.id,
            Membership.person_id == person.id,
            Membership.agency_id.is_not(None),
        )
    )
    return Evaluator(person.id, frozenset(each for each in agencies if each))


@dataclass(frozen=True)
class ConflictRow:
    """A conflict of interest as the list shows it."""

    person: Person
    proposal: Proposal
    kind: ConflictKind
    reason: str
    is_dismissed: bool
    is_confirmed: bool

    def is_found(self, search: str, kind: str) -> bool:
        """Tell whether a part of name or title is `search`, and the kind is `kind`, if given."""
        named = f"{self.person.name}\n{self.proposal.title}\n{self.proposal.code}".lower()
        return search.lower() in named and kind in {"", self.kind.value}


def conflict_table(edition: Edition) -> list[ConflictRow]:
    """Return the conflicts that stand, then those dismissed, by proposal and person."""
    found: set[tuple[int, int, ConflictKind]] = set()
    for role in (Role.JUDGE, Role.SCREENER):
        for (person_id, proposal_id), kinds in conflicts_by_pair(
            edition, role, SUBMITTED_ONCE
        ).items():
            found |= {(proposal_id, person_id, kind) for kind in kinds}
    recorded = {(row.proposal_id, row.person_id, row.kind): row for row in conflicts_of(edition)}
    dismissed = {key for key, row in recorded.items() if row.is_dismissed}
    keys = found | dismissed
    people = _by_id(Person, {person_id for _, person_id, _ in keys})
    proposals = _by_id(Proposal, {proposal_id for proposal_id, _, _ in keys})
    rows = [
        ConflictRow(
            people[person_id],
            proposals[proposal_id],
            kind,
            recorded[key].reason if (key := (proposal_id, person_id, kind)) in recorded else "",
            is_dismissed=key in dismissed,
            is_confirmed=kind.is_detected and key in recorded and key not in dismissed,
        )
        for proposal_id, person_id, kind in keys
    ]
    return sorted(
        rows, key=lambda row: (row.is_dismissed, row.proposal.number, row.person.name, row.kind)
    )


def _by_id(model: type[Any], ids: set[int]) -> dict[int, Any]:
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}
