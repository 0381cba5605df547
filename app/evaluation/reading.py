"""What a reader may see of score sheets and conflicts, before any page or file shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.models import Person
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_or_chair
from app.editions.queries import chair_of
from app.evaluation.access import barred_from
from app.evaluation.models import ConflictKind, Sheet, SheetAct, SheetRequest, Standing
from app.evaluation.permissions import can_agree, can_read_scores
from app.evaluation.queries import sheets_by_proposal, standings_of
from app.evaluation.quorum import Turnout, turnouts_in
from app.evaluation.recusals import ConflictRow, conflict_table
from app.evaluation.recusing import recused_without_conflict
from app.evaluation.second_person import requests_in
from app.proposals.models import Proposal


@dataclass(frozen=True)
class SheetLine:
    """A counting sheet as readers see it whom no conflict bars from its proposal.

    `points` (millionths) and `comment` are None until every sheet of the proposal is locked: nobody
    sees another's scores, or a running average, before that (rule 5 of the domain).
    """

    evaluator: Person
    is_locked: bool
    points: int | None
    comment: str | None


def sheet_lines(proposals: Sequence[Proposal], kind: SheetKind) -> dict[int, list[SheetLine]]:
    """Return the counting sheets of this kind, by proposal id, as they may be read now."""
    standings = standings_of(proposals, kind)
    return {
        proposal_id: [_sheet_line(sheet, standings.get(proposal_id)) for sheet in sheets]
        for proposal_id, sheets in sheets_by_proposal(proposals, kind).items()
    }


def _sheet_line(sheet: Sheet, standing: Standing | None) -> SheetLine:
    is_open = can_read_scores(standing)
    points, comment = (sheet.points, sheet.comment) if is_open else (None, None)
    return SheetLine(sheet.evaluator, sheet.is_locked, points, comment)


@dataclass(frozen=True)
class ConflictLine:
    """A conflict of interest in the list, and what the reader may do about it."""

    person: Person
    proposal: Proposal
    kind: ConflictKind
    reason: str
    is_confirmed: bool
    can_be_settled: bool
    can_be_agreed_to: bool


@dataclass(frozen=True)
class ConflictLists:
    """The conflicts declared late, those in force, and those dismissed with a reason."""

    pending: list[ConflictLine]
    in_force: list[ConflictLine]
    dismissed: list[ConflictLine]


def conflict_lists(user: User, edition: Edition, *, search: str, kind: str) -> ConflictLists:
    """Return the conflicts that match a search and a kind; an empty one matches all."""
    may_settle = organiser(user) and not edition.is_frozen
    barred = barred_from(user, edition)
    chair_id = chair_of(edition)

    def line(row: ConflictRow) -> ConflictLine:
        is_free = row.proposal.id not in barred
        is_open = row.kind.is_detected and not row.is_confirmed and not row.is_dismissed
        return ConflictLine(
            row.person,
            row.proposal,
            row.kind,
            row.reason,
            row.is_confirmed,
            can_be_settled=may_settle and is_open and is_free,
            can_be_agreed_to=row.is_pending and is_free and can_agree(user, row.person, chair_id),
        )

    rows = [row for row in conflict_table(edition) if row.is_found(search, kind)]
    return ConflictLists(
        pending=[line(row) for row in rows if row.is_pending],
        in_force=[line(row) for row in rows if not row.is_dismissed and not row.is_pending],
        dismissed=[line(row) for row in rows if row.is_dismissed],
    )


@dataclass(frozen=True)
class RecusedLine:
    """A recused sheet that no conflict bars any more, so that it may count again."""

    sheet_id: int
    evaluator: Person
    proposal: Proposal
    kind: SheetKind
    can_be_restored: bool


def recused_lines(user: User, edition: Edition) -> list[RecusedLine]:
    """Return the recused sheets whose evaluators no conflict bars any more."""
    may_restore = organiser(user) and not edition.is_confirmed
    barred = barred_from(user, edition)
    return [
        RecusedLine(
            sheet.id,
            sheet.evaluator,
            sheet.proposal,
            sheet.kind,
            can_be_restored=may_restore
            and sheet.proposal_id not in barred
            and sheet.evaluator_id != user.acting.id,
        )
        for sheet in recused_without_conflict(edition)
    ]


@dataclass(frozen=True)
class RequestLine:
    """What the chair asks for, and what the reader may do about it; no scores stand in it.

    `left` is the turnout after a judge is excused.
    """

    request: SheetRequest
    can_be_agreed_to: bool
    can_be_declined: bool
    left: Turnout | None


def request_lines(user: User, edition: Edition) -> list[RequestLine]:
    """Return what the chair asks for, without proposals that a conflict bars the user from."""
    if not organiser_or_chair(user):
        return []
    barred = barred_from(user, edition)
    requests = [each for each in requests_in(edition) if each.sheet.proposal_id not in barred]
    excused = {each.sheet.proposal_id for each in requests if each.act is SheetAct.EXCUSE}
    turnouts = turnouts_in(edition, excused) if excused else {}
    lines = []
    for request in requests:
        sheet, own = request.sheet, {request.asked_by_id, request.sheet.evaluator_id}
        may_agree = organiser(user) and user.acting.id not in own
        turnout = turnouts.get(sheet.proposal_id) if request.act is SheetAct.EXCUSE else None
        left = turnout.after_one_less if turnout else None
        lines.append(RequestLine(request, may_agree, may_agree or user.is_chair, left))
    return lines
