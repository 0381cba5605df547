"""Reading findings, sheets, conflicts and decisions."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.screening.models import (
    Decision,
    DeskStanding,
    EligibilityFinding,
    Finding,
    Sheet,
)
from app.workflow import SUBMITTED_ONCE, Status

# What each look at a sheet asks is built once: building a statement costs more than running it.
OWN_SHEET = (
    select(Sheet)
    .where(
        Sheet.proposal_id == bindparam("proposal"),
        Sheet.evaluator_id == bindparam("person"),
        Sheet.kind == bindparam("kind"),
    )
    .options(joinedload(Sheet.scores))
)

GONE = (Status.WITHDRAWN, Status.DISQUALIFIED, Status.INELIGIBLE)
SCREENABLE = (Status.SUBMITTED, Status.ELIGIBLE, Status.RETURNED)


@dataclass(frozen=True)
class Progress:
    """How far one evaluator's sheets are."""

    person: Person
    locked: int
    total: int


def screened(edition: Edition) -> Select[Proposal]:
    """Select the proposals that are in screening."""
    return (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(SCREENABLE))
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number)
    )


def findings_of(proposal: Proposal) -> dict[int, EligibilityFinding]:
    """Return the eligibility findings of the proposal by checklist line."""
    rows = db.session.scalars(
        select(EligibilityFinding)
        .where(EligibilityFinding.proposal_id == proposal.id)
        .options(joinedload(EligibilityFinding.person))
    )
    return {row.item_id: row for row in rows}


def prepared_in(edition: Edition, *, without: Collection[int] = ()) -> Select[Decision]:
    """Select the decisions that wait for their announcement, less those on these proposals."""
    return (
        select(Decision)
        .join(Decision.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Decision.announced_at.is_(None),
            Proposal.id.not_in(without),
        )
        .options(
            contains_eager(Decision.proposal).options(
                joinedload(Proposal.agency), selectinload(Proposal.authors)
            )
        )
        .order_by(Decision.outcome, Proposal.number)
    )


def prepared_for(proposal: Proposal) -> Decision | None:
    """Return the prepared decision on the proposal, if there is one."""
    return db.session.scalar(
        select(Decision).where(Decision.proposal_id == proposal.id, Decision.announced_at.is_(None))
    )


def announced_for(proposal: Proposal) -> list[Decision]:
    """Return what was announced on the proposal, the newest first."""
    return list(
        db.session.scalars(
            select(Decision)
            .where(Decision.proposal_id == proposal.id, Decision.announced_at.is_not(None))
            .order_by(Decision.id.desc())
        )
    )


def sheets_by_proposal(proposals: Sequence[Proposal], kind: SheetKind) -> dict[int, list[Sheet]]:
    """Return the sheets of these proposals that count: those of evaluators not recused."""
    rows = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.proposal_id.in_([proposal.id for proposal in proposals]),
            Sheet.kind == kind,
            Sheet.is_recused.is_(False),
        )
        .options(joinedload(Sheet.evaluator))
        .order_by(Sheet.id)
    )
    found = defaultdict(list)
    for sheet in rows:
        found[sheet.proposal_id].append(sheet)
    return found


def sheets_of(person: Person, edition: Edition, kind: SheetKind) -> Select[Sheet]:
    """Select the person's own sheets, those still open first."""
    return (
        select(Sheet)
        .join(Sheet.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.not_in(GONE),
            Sheet.evaluator_id == person.id,
            Sheet.kind == kind,
            Sheet.is_recused.is_(False),
        )
        .options(contains_eager(Sheet.proposal).joinedload(Proposal.agency))
        .order_by(Sheet.locked_at.is_not(None), Proposal.number)
    )


def open_sheets(person: Person, edition: Edition, kind: SheetKind) -> int:
    """Count the person's sheets that still wait for them."""
    statement = (
        select(func.count())
        .select_from(Sheet)
        .join(Sheet.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.not_in(GONE),
            Sheet.evaluator_id == person.id,
            Sheet.kind == kind,
            Sheet.is_recused.is_(False),
            Sheet.locked_at.is_(None),
        )
    )
    return db.session.scalar(statement) or 0


def progress(edition: Edition, kind: SheetKind) -> list[Progress]:
    """Return how many sheets each evaluator has locked, of how many: completeness, no values."""
    rows = db.session.execute(
        select(Person, func.count(), func.sum(case((Sheet.locked_at.is_not(None), 1), else_=0)))
        .join(Sheet, Sheet.evaluator_id == Person.id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.not_in(GONE),
            Sheet.kind == kind,
            Sheet.is_recused.is_(False),
        )
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    return [Progress(person, int(locked), total) for person, total, locked in rows]


def own_sheet(person: Person, proposal: Proposal, kind: SheetKind) -> Sheet | None:
    """Return the person's sheet for the proposal with its scores, if they are assigned."""
    whose = {"proposal": proposal.id, "person": person.id, "kind": kind}
    return db.session.scalars(OWN_SHEET, whose).unique().one_or_none()


def finding_counts(proposals: Sequence[Proposal]) -> dict[int, dict[Finding, int]]:
    """Return for each of these proposals how many checklist lines have which finding."""
    rows = db.session.execute(
        select(EligibilityFinding.proposal_id, EligibilityFinding.finding, func.count())
        .where(EligibilityFinding.proposal_id.in_([proposal.id for proposal in proposals]))
        .group_by(EligibilityFinding.proposal_id, EligibilityFinding.finding)
    )
    counts: dict[int, dict[Finding, int]] = defaultdict(dict)
    for proposal_id, finding, count in rows:
        counts[proposal_id][finding] = count
    return counts


def prepared_among(proposals: Sequence[Proposal]) -> dict[int, Decision]:
    """Return the prepared decisions on these proposals."""
    rows = db.session.scalars(
        select(Decision).where(
            Decision.proposal_id.in_([proposal.id for proposal in proposals]),
            Decision.announced_at.is_(None),
        )
    )
    return {row.proposal_id: row for row in rows}


def desk_standings(proposals: Sequence[Proposal]) -> dict[int, DeskStanding]:
    """Return what the desk sheets of these proposals come to, by proposal id."""
    rows = db.session.scalars(
        select(DeskStanding).where(DeskStanding.proposal_id.in_([each.id for each in proposals]))
    )
    return {row.proposal_id: row for row in rows}


def reserve_list(edition: Edition) -> list[Proposal]:
    """Return the reserve list in its order."""
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status == Status.RESERVE)
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.reserve_place, Proposal.number)
    )
    return list(db.session.scalars(statement))


def prepared_count(edition: Edition) -> int:
    """Count the decisions that wait for their announcement."""
    statement = (
        select(func.count())
        .select_from(Decision)
        .join(Decision.proposal)
        .where(Proposal.edition_id == edition.id, Decision.announced_at.is_(None))
    )
    return db.session.scalar(statement) or 0


def proposals_numbered(
    edition: Edition, numbers: Collection[int], *, without: Collection[int]
) -> list[Proposal]:
    """Return the edition's proposals with these numbers, less those with the ids `without`."""
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(SUBMITTED_ONCE))
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number)
    )
    found = db.session.scalars(statement.where(Proposal.number.in_(numbers)))
    return [each for each in found if each.id not in without]


def proposal_in(edition: Edition, proposal_id: int) -> Proposal | None:
    """Return the edition's proposal with this id."""
    proposal = db.session.get(Proposal, proposal_id)
    return proposal if proposal and proposal.edition_id == edition.id else None
