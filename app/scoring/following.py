"""Keeping the judges' sheets in line with the published schedule once scoring has opened.

A presentation moved to another panel, or a finalist who moved up, needs sheets for its new judges.
Judges who no longer judge it lose their sheet only if nothing was ever written on it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.evaluation.models import Look, Sheet
from app.evaluation.recusals import conflicts_by_pair
from app.evaluation.standings import update_standings
from app.programme.queries import appearances
from app.proposals.models import Proposal
from app.workflow import COMPETING, N_, NotAllowedNow


@dataclass(frozen=True)
class Mismatch:
    """How sheets differ from the published schedule; missing ones as proposal id and judge id."""

    missing: tuple[tuple[int, int], ...]
    needless: tuple[Sheet, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.missing or self.needless)


def sheet_mismatch(edition: Edition) -> Mismatch:
    """Return how the sheets of the presentations differ from their published judges."""
    if not edition.is_frozen or edition.is_confirmed:
        return Mismatch((), ())
    present: dict[int, dict[int, Sheet]] = defaultdict(dict)
    for sheet in db.session.scalars(_sheets(edition)):
        present[sheet.proposal_id][sheet.evaluator_id] = sheet
    barred = conflicts_by_pair(edition, {Role.JUDGE}, COMPETING)
    missing: list[tuple[int, int]] = []
    needless: list[Sheet] = []
    for appearance in appearances(edition):
        if not appearance.judges:
            continue
        sheets = present[appearance.proposal_id]
        missing += [
            (appearance.proposal_id, judge_id)
            for judge_id in appearance.judges
            if judge_id not in sheets and (judge_id, appearance.proposal_id) not in barred
        ]
        needless += [
            sheet
            for judge_id, sheet in sheets.items()
            if judge_id not in appearance.judges and sheet.saved_at is None and sheet.counts
        ]
    return Mismatch(tuple(missing), tuple(needless))


def follow_schedule(edition: Edition, *, by: Person, now: datetime) -> Mismatch:
    """Hand out missing sheets and take back needless ones; the standings follow."""
    found = sheet_mismatch(edition)
    if not found:
        raise NotAllowedNow(N_("The score sheets already match the schedule."))
    kind = SheetKind.PRESENTATION
    db.session.add_all(
        Sheet(proposal_id=proposal_id, evaluator_id=judge_id, kind=kind)
        for proposal_id, judge_id in found.missing
    )
    for sheet in found.needless:
        db.session.delete(sheet)
    db.session.flush()
    touched = {proposal_id for proposal_id, _ in found.missing}
    touched |= {sheet.proposal_id for sheet in found.needless}
    update_standings(edition.id, touched, kind)
    record(
        edition.id,
        "scoring.follow_schedule",
        by=by,
        now=now,
        handed_out=[list(pair) for pair in found.missing],
        taken_back=[[sheet.proposal_id, sheet.evaluator_id] for sheet in found.needless],
    )
    return found


def _sheets(edition: Edition) -> Select[Sheet]:
    return (
        select(Sheet)
        .join(Sheet.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Sheet.kind == SheetKind.PRESENTATION,
            Sheet.look == Look.FIRST,
        )
        .order_by(Sheet.proposal_id, Sheet.evaluator_id)
    )
