"""What a reader may see of score sheets and conflicts, before any page or file shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.models import Person
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from
from app.evaluation.models import ConflictKind, Sheet, Standing
from app.evaluation.permissions import can_read_scores
from app.evaluation.queries import sheets_by_proposal, standings_of
from app.evaluation.recusals import ConflictRow, conflict_table
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
    """A conflict of interest in the list; `can_be_settled` says whether the reader may do so."""

    person: Person
    proposal: Proposal
    kind: ConflictKind
    reason: str
    is_confirmed: bool
    can_be_settled: bool


@dataclass(frozen=True)
class ConflictLists:
    """The conflicts that are in force, and those dismissed with a reason."""

    in_force: list[ConflictLine]
    dismissed: list[ConflictLine]


def conflict_lists(user: User, edition: Edition, *, search: str, kind: str) -> ConflictLists:
    """Return the conflicts that match a search and a kind; an empty one matches all."""
    may_settle = organiser(user) and not edition.is_frozen
    barred = barred_from(user, edition)

    def line(row: ConflictRow) -> ConflictLine:
        is_open = row.kind.is_detected and not row.is_confirmed and not row.is_dismissed
        can_be_settled = may_settle and is_open and row.proposal.id not in barred
        return ConflictLine(
            row.person, row.proposal, row.kind, row.reason, row.is_confirmed, can_be_settled
        )

    rows = [row for row in conflict_table(edition) if row.is_found(search, kind)]
    return ConflictLists(
        in_force=[line(row) for row in rows if not row.is_dismissed],
        dismissed=[line(row) for row in rows if row.is_dismissed],
    )
