"""Who is recused from what: the current conflicts of interest, derived each time."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, select, true, union
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.queries import parents_in
from app.evaluation.conflicts import Entry, Evaluator, barring, related
from app.evaluation.models import ConflictKind, ConflictOfInterest
from app.proposals.models import Author, Proposal
from app.workflow import SUBMITTED_ONCE, Status

# Built once for all requests: building a statement costs more than running it.
_WROTE = exists().where(Author.proposal_id == Proposal.id, Author.person_id == bindparam("person"))
_OWN = (ConflictOfInterest.proposal_id == Proposal.id) & (
    ConflictOfInterest.person_id == bindparam("person")
)
BETWEEN = (
    select(ConflictOfInterest, _WROTE.label("wrote"))
    .select_from(Proposal)
    .outerjoin(ConflictOfInterest, _OWN)
    .where(Proposal.id == bindparam("proposal"))
)
"""Each conflict on record between a person and a proposal, or None; and whether they wrote it."""
NEAR = union(
    select(Proposal.id).where(
        Proposal.edition_id == bindparam("edition"),
        Proposal.agency_id.in_(bindparam("agencies", expanding=True)),
    ),
    select(Author.proposal_id).where(Author.person_id == bindparam("person")),
    select(ConflictOfInterest.proposal_id).where(
        ConflictOfInterest.person_id == bindparam("person")
    ),
)
"""The proposals (ids) that a conflict may bar somebody from: looked up before they are read."""


def conflicts_of(
    edition: Edition, condition: ColumnElement[bool] | None = None
) -> list[ConflictOfInterest]:
    """Return the edition's declared and dismissed conflicts, of proposals meeting the condition."""
    statement = (
        select(ConflictOfInterest)
        .join(ConflictOfInterest.proposal)
        .where(Proposal.edition_id == edition.id, true() if condition is None else condition)
        .options(contains_eager(ConflictOfInterest.proposal), joinedload(ConflictOfInterest.person))
        .order_by(Proposal.number, ConflictOfInterest.id)
    )
    return list(db.session.scalars(statement))


def evaluators_in(edition: Edition, *roles: Role) -> list[Evaluator]:
    """Return who has one of these roles, with every agency they act for in the edition."""
    in_role = select(Membership.person_id).where(
        Membership.edition_id == edition.id, Membership.role.in_(roles)
    )
    rows = db.session.execute(
        select(Membership.person_id, Membership.agency_id)
        .where(Membership.edition_id == edition.id, Membership.person_id.in_(in_role))
        .order_by(Membership.person_id)
    )
    agencies: dict[int, set[int]] = {}
    for person_id, agency_id in rows:
        agencies.setdefault(person_id, set()).update({agency_id} if agency_id else ())
    return [Evaluator(person_id, frozenset(own)) for person_id, own in agencies.items()]


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
    """Return the proposals in these statuses that meet the condition, as conflicts see them."""
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
    return [
        Entry(proposal_id, agencies[proposal_id], frozenset(authors[proposal_id]))
        for proposal_id in agencies
    ]


def conflicts_by_pair(
    edition: Edition,
    roles: Collection[Role],
    statuses: Collection[Status],
    condition: ColumnElement[bool] | None = None,
) -> dict[tuple[int, int], set[ConflictKind]]:
    """Return the conflicts that bar who has one of the roles, by person and proposal id.

    In four queries.
    """
    tree, competing = parents_in(edition), entries_in(edition, statuses, condition)
    of_agency, of_person = defaultdict(set), defaultdict(set)
    for entry in competing:
        of_agency[entry.agency_id].add(entry)
        for author_id in entry.authors:
            of_person[author_id].add(entry)
    by_pair = defaultdict(list)
    entry_of = {entry.proposal_id: entry for entry in competing}
    for conflict in conflicts_of(edition, condition):
        if conflict.proposal_id in entry_of:
            of_person[conflict.person_id].add(entry_of[conflict.proposal_id])
            by_pair[conflict.person_id, conflict.proposal_id].append(conflict)
    found = {}
    for evaluator in evaluators_in(edition, *roles):
        near = (
            of_agency[agency_id] for agency_id in related(evaluator, tree) if agency_id in of_agency
        )
        for entry in of_person[evaluator.person_id].union(*near):
            pair = (evaluator.person_id, entry.proposal_id)
            if kinds := barring(evaluator, entry, tree, by_pair[pair]):
                found[pair] = kinds
    return found


def conflicts_between(
    evaluator: Evaluator, proposal: Proposal, edition: Edition
) -> set[ConflictKind]:
    """Return the conflicts that bar this evaluator from this proposal."""
    between = {"proposal": proposal.id, "person": evaluator.person_id}
    rows = db.session.execute(BETWEEN, between).all()
    author = {evaluator.person_id} if any(row.wrote for row in rows) else ()
    return barring(
        evaluator,
        Entry(proposal.id, proposal.agency_id, frozenset(author)),
        parents_in(edition) if evaluator.agencies else {},
        [row.ConflictOfInterest for row in rows if row.ConflictOfInterest],
    )


def conflicts_of_person(person: Person, proposal: Proposal) -> set[ConflictKind]:
    """Return the conflicts that bar this person, in any of their roles, from the proposal."""
    edition = proposal.edition
    return conflicts_between(evaluator_in(edition, person), proposal, edition)


def barred_for(
    evaluator: Evaluator, edition: Edition, statuses: Collection[Status] = SUBMITTED_ONCE
) -> set[int]:
    """Return the ids of the proposals that a conflict bars the evaluator from.

    Only candidates are looked at: those of related agencies, the evaluator's own, or on record.
    """
    tree = parents_in(edition) if evaluator.agencies else {}
    own = ConflictOfInterest.person_id == evaluator.person_id
    agencies = related(evaluator, tree)
    of_whom = {"edition": edition.id, "person": evaluator.person_id, "agencies": agencies}
    near = db.session.scalars(NEAR, of_whom).all()
    candidates = entries_in(edition, statuses, Proposal.id.in_(near)) if near else []
    if not candidates:
        return set()
    of_the_edition = select(ConflictOfInterest).join(ConflictOfInterest.proposal)
    recorded = list(
        db.session.scalars(of_the_edition.where(Proposal.edition_id == edition.id, own))
    )
    return {entry.proposal_id for entry in candidates if barring(evaluator, entry, tree, recorded)}


def evaluator_in(edition: Edition, person: Person) -> Evaluator:
    """Return the person as conflicts of interest see them, with the agencies of all their roles."""
    agencies = db.session.scalars(
        select(Membership.agency_id).where(
            Membership.edition_id == edition.id,
            Membership.person_id == person.id,
            Membership.agency_id.is_not(None),
        )
    )
    return Evaluator(person.id, frozenset(agency_id for agency_id in agencies if agency_id))


@dataclass(frozen=True)
class ConflictRow:
    """A conflict of interest as the list shows it."""

    person: Person
    proposal: Proposal
    kind: ConflictKind
    reason: str
    is_dismissed: bool
    is_confirmed: bool
    is_pending: bool

    def is_found(self, search: str, kind: str) -> bool:
        """Return whether name, title or code contains `search`, and the kind is `kind` if given."""
        named = f"{self.person.name}\n{self.proposal.title}\n{self.proposal.code}".lower()
        return search.lower() in named and kind in {"", self.kind.value}


def conflict_table(edition: Edition) -> list[ConflictRow]:
    """Return the conflicts in force or pending, then the dismissed ones, by proposal and person."""
    evaluating = {Role.JUDGE, Role.SCREENER}
    found = {
        (proposal_id, person_id, kind)
        for (person_id, proposal_id), kinds in conflicts_by_pair(
            edition, evaluating, SUBMITTED_ONCE
        ).items()
        for kind in kinds
    }
    recorded = {
        (conflict.proposal_id, conflict.person_id, conflict.kind): conflict
        for conflict in conflicts_of(edition)
    }
    dismissed = {key for key, conflict in recorded.items() if conflict.is_dismissed}
    pending = {key for key, conflict in recorded.items() if conflict.is_pending}
    keys = found | dismissed | pending
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
            is_pending=key in pending,
        )
        for proposal_id, person_id, kind in keys
    ]
    return sorted(
        rows, key=lambda row: (row.is_dismissed, row.proposal.number, row.person.name, row.kind)
    )


def _by_id(model: type[Any], ids: set[int]) -> dict[int, Any]:
    return {
        record.id: record for record in db.session.scalars(select(model).where(model.id.in_(ids)))
    }
