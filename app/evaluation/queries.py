"""Reading sheets, their scores and their standings."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Select, bindparam, case, func, not_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import ConflictOfInterest, Look, Score, Sheet, SheetRequest, Standing
from app.programme.models import Appearance
from app.programme.queries import appearance_of
from app.proposals.models import Proposal
from app.workflow import Status

# Built once for all requests for a sheet: building a statement costs more than running it.
OWN_SHEET = (
    select(Sheet)
    .where(
        Sheet.proposal_id == bindparam("proposal"),
        Sheet.evaluator_id == bindparam("person"),
        Sheet.kind == bindparam("kind"),
        Sheet.look == bindparam("look"),
    )
    .options(joinedload(Sheet.scores))
)


GONE = (Status.WITHDRAWN, Status.DISQUALIFIED, Status.INELIGIBLE)


@dataclass(frozen=True)
class EvaluatorProgress:
    """How far one evaluator has come with their sheets."""

    person: Person
    locked: int
    total: int


def sheets_by_proposal(proposals: Sequence[Proposal], kind: SheetKind) -> dict[int, list[Sheet]]:
    """Return the counting sheets of these proposals, by proposal id."""
    rows = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.proposal_id.in_([proposal.id for proposal in proposals]),
            Sheet.kind == kind,
            Sheet.counts,
        )
        .options(joinedload(Sheet.evaluator))
        .order_by(Sheet.id)
    )
    found = defaultdict(list)
    for sheet in rows:
        found[sheet.proposal_id].append(sheet)
    return found


def sheets_of(person: Person, edition: Edition, kind: SheetKind) -> Select[Sheet]:
    """Select the person's own sheets, open ones first."""
    return (
        select(Sheet)
        .join(Sheet.proposal)
        .where(*counting_in(edition, kind), Sheet.evaluator_id == person.id)
        .options(contains_eager(Sheet.proposal).joinedload(Proposal.agency))
        .order_by(Sheet.is_locked, Proposal.number)
    )


def sheet_counts(
    edition: Edition, looks: Collection[Look] = tuple(Look)
) -> dict[SheetKind, tuple[int, int]]:
    """Return how many sheets of each kind are locked, and how many count, in these looks."""
    rows = db.session.execute(
        select(Sheet.kind, func.sum(case((Sheet.is_locked, 1), else_=0)), func.count())
        .join(Sheet.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.not_in(GONE),
            Sheet.counts,
            Sheet.look.in_(looks),
        )
        .group_by(Sheet.kind)
    )
    found = {kind: (int(locked), total) for kind, locked, total in rows}
    return {kind: found.get(kind, (0, 0)) for kind in SheetKind}


def evaluator_progress(edition: Edition, kind: SheetKind) -> list[EvaluatorProgress]:
    """Return how many of their sheets evaluators have locked: completeness, no values."""
    rows = db.session.execute(
        select(Person, func.count(), func.sum(case((Sheet.is_locked, 1), else_=0)))
        .join(Sheet, Sheet.evaluator_id == Person.id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .where(*counting_in(edition, kind))
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    return [EvaluatorProgress(person, int(locked), total) for person, total, locked in rows]


def whole_sheets(edition: Edition, kind: SheetKind, *, without: Collection[int]) -> list[Sheet]:
    """Return the counting sheets, with scores and evaluators, of proposals whose sheets are whole.

    They are in order of proposal number; those of proposals in `without` (ids) are left out.
    """
    statement = (
        select(Sheet)
        .join(Sheet.proposal)
        .join(Standing, (Standing.proposal_id == Proposal.id) & (Standing.kind == kind))
        .where(
            Proposal.edition_id == edition.id,
            Proposal.id.not_in(without),
            Sheet.kind == kind,
            Sheet.counts,
            Standing.is_whole,
        )
        .options(
            contains_eager(Sheet.proposal).load_only(Proposal.number),
            joinedload(Sheet.evaluator),
            selectinload(Sheet.scores),
        )
        .order_by(Proposal.number, Sheet.id)
    )
    return list(db.session.scalars(statement))


def own_sheet(
    person: Person, proposal: Proposal, kind: SheetKind, look: Look = Look.FIRST
) -> Sheet | None:
    """Return the person's sheet for the proposal with its scores, None if they have none."""
    whose = {"proposal": proposal.id, "person": person.id, "kind": kind, "look": look}
    return db.session.scalars(OWN_SHEET, whose).unique().one_or_none()


def own_sheets(person: Person, proposal: Proposal) -> list[Sheet]:
    """Return all the person's sheets for the proposal, of either kind and look."""
    statement = select(Sheet).where(
        Sheet.proposal_id == proposal.id, Sheet.evaluator_id == person.id
    )
    return list(db.session.scalars(statement.order_by(Sheet.id)))


def standings_of(proposals: Sequence[Proposal], kind: SheetKind) -> dict[int, Standing]:
    """Return the standings of these proposals for this kind of sheet, by proposal id."""
    rows = db.session.scalars(
        select(Standing).where(
            Standing.kind == kind,
            Standing.proposal_id.in_([proposal.id for proposal in proposals]),
        )
    )
    return {standing.proposal_id: standing for standing in rows}


def proposal_in(edition: Edition, proposal_id: int) -> Proposal | None:
    """Return the edition's proposal with this id."""
    proposal = db.session.get(Proposal, proposal_id)
    return proposal if proposal and proposal.edition_id == edition.id else None


def own_sheets_in_order(person: Person, edition: Edition, kind: SheetKind) -> Select[Sheet]:
    """Select the person's sheets, open ones first, those for presentations in running order."""
    found = sheets_of(person, edition, kind)
    return found if kind is SheetKind.DESK else _in_running_order(found)


def next_open_sheet(
    person: Person, edition: Edition, kind: SheetKind, *, after: Proposal
) -> Sheet | None:
    """Return the person's next open sheet after the proposal `after`, wrapping at the end.

    For presentations the next in running order; at the desk the one with the fewest evaluations.
    """
    waiting = own_sheets_in_order(person, edition, kind).where(
        not_(Sheet.is_locked), Sheet.proposal_id != after.id
    )
    if kind is SheetKind.DESK:
        other = aliased(Sheet)
        locked = (
            select(func.count())
            .where(
                other.proposal_id == Sheet.proposal_id,
                other.kind == kind,
                other.is_locked,
                other.counts,
            )
            .scalar_subquery()
        )
        return _first_sheet(waiting, locked, Proposal.number < after.number)
    present = appearance_of(after)
    begun = present.starts_at if present else edition.created_at
    start = Appearance.starts_at
    waiting = waiting.where(Appearance.missed_at.is_(None))
    return _first_sheet(waiting, (start < begun).nulls_last(), start.nulls_last())


def _first_sheet(sheets: Select[Sheet], *order: Any) -> Sheet | None:
    ordered = sheets.order_by(None).order_by(*order, Proposal.number)
    return db.session.scalar(ordered.limit(1))


def _in_running_order(sheets: Select[Sheet]) -> Select[Sheet]:
    held = (Appearance.proposal_id == Sheet.proposal_id) & Appearance.cancelled_at.is_(None)
    order = (Sheet.is_locked, Appearance.starts_at.nulls_last(), Proposal.number)
    return sheets.outerjoin(Appearance, held).order_by(None).order_by(*order)


def counting_sheets(proposal: Proposal, kind: SheetKind) -> list[Sheet]:
    """Return the sheets of this kind that count, or will once they are locked."""
    return sheets_by_proposal([proposal], kind).get(proposal.id, [])


def all_sheets(proposal: Proposal, kind: SheetKind) -> list[Sheet]:
    """Return every sheet of this kind with its evaluator, including those that don't count."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.proposal_id == proposal.id, Sheet.kind == kind)
            .options(joinedload(Sheet.evaluator))
            .order_by(Sheet.id)
        )
    )


def notes_by_criterion(proposals: Sequence[Proposal]) -> dict[tuple[int, int], list[str]]:
    """Return the notes on locked scores that count, by proposal id and criterion id."""
    rows = db.session.execute(
        select(Sheet.proposal_id, Score.criterion_id, Score.note)
        .join(Sheet, Sheet.id == Score.sheet_id)
        .where(
            Sheet.proposal_id.in_([proposal.id for proposal in proposals]),
            Sheet.is_locked,
            Sheet.counts,
            Score.note != "",
        )
        .order_by(Score.criterion_id, Score.sheet_id)
    )
    found = defaultdict(list)
    for proposal_id, criterion_id, note in rows:
        found[proposal_id, criterion_id].append(note)
    return found


def agreements_waiting(edition: Edition, chair_id: int | None) -> tuple[int, int]:
    """Return what waits for the agreement of the chair, and what for that of an organiser.

    The chair agrees to conflicts declared late, an organiser to the chair's own ones (all, where
    nobody chairs) and to what the chair asks for.
    """
    rows = db.session.execute(
        select(ConflictOfInterest.person_id, func.count())
        .join(ConflictOfInterest.proposal)
        .where(Proposal.edition_id == edition.id, ConflictOfInterest.is_pending)
        .group_by(ConflictOfInterest.person_id)
    )
    declared = dict(rows.all())
    asked = db.session.scalar(
        select(func.count())
        .select_from(SheetRequest)
        .join(SheetRequest.sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id)
    )
    others = sum(count for person, count in declared.items() if person != chair_id)
    of_chair = sum(declared.values()) - others
    if chair_id is None:
        others, of_chair = 0, others
    return others, of_chair + (asked or 0)


def counting_in(edition: Edition, kind: SheetKind) -> tuple[ColumnExpressionArgument[bool], ...]:
    """Return the conditions of an edition's counting sheets of this kind still in the running."""
    return (
        Proposal.edition_id == edition.id,
        Proposal.status.not_in(GONE),
        Sheet.kind == kind,
        Sheet.counts,
    )


def locked_sheets(person: Person, edition: Edition) -> list[Sheet]:
    """Return the sheets that the person locked in the edition, by kind and proposal."""
    statement = (
        select(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id, Sheet.evaluator_id == person.id, Sheet.is_locked)
        .options(joinedload(Sheet.proposal), selectinload(Sheet.scores))
        .order_by(Sheet.kind, Proposal.number, Sheet.look)
    )
    return list(db.session.scalars(statement))
