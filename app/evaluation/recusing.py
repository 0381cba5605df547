"""Sheets follow conflicts: whoever comes to have one is recused in the same transaction.

The list of conflicts and the sums ask one truth. A confirmed result stays as it was judged, and
nobody is let back by a mere change of roles: that is an act of its own, with a reason.
"""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import SheetKind
from app.editions.models import Edition, Membership
from app.editions.queries import parents_in
from app.evaluation.conflicts import Evaluator, barring
from app.evaluation.models import ConflictKind, ConflictOfInterest, Participation, Sheet
from app.evaluation.recusals import conflicts_of, conflicts_of_person, entries_in
from app.evaluation.standings import update_standings
from app.mail import outbox
from app.proposals.models import Proposal
from app.workflow import N_, SUBMITTED_ONCE, DomainError, NotAllowedNow, check_reason

RECUSED = N_(
    "Hello %(name)s,\n\nBecause of a change in %(edition)s, a conflict of interest now bars "
    "you from “%(title)s”: %(kind)s. Your score sheet for it no longer counts. If this is "
    "a mistake, tell the organiser."
)


def recuse_conflicted(
    edition: Edition, *, person: Person | None = None, by: Person | None, now: datetime
) -> int:
    """Recuse whom a conflict now bars from a sheet of theirs; return how many sheets that were.

    Five queries for everybody, or for one person's sheets. A confirmed edition is left alone.
    """
    if edition.is_confirmed:
        return 0
    db.session.flush()
    own = true() if person is None else Sheet.evaluator_id == person.id
    sheets = _sheets(edition, Sheet.counts, own)
    barred = [(sheet, kinds) for sheet, kinds in _conflicts(edition, sheets) if kinds]
    for sheet, kinds in barred:
        _recuse(sheet, edition, min(kinds), by=by, now=now)
    changed: dict[SheetKind, set[int]] = defaultdict(set)
    for sheet, _ in barred:
        changed[sheet.kind].add(sheet.proposal_id)
    for kind, proposals in changed.items():
        update_standings(edition.id, proposals, kind)
    return len(barred)


def recused_without_conflict(edition: Edition) -> list[Sheet]:
    """Return the recused sheets whose evaluators no conflict bars (any more)."""
    sheets = _sheets(edition, Sheet.participation == Participation.RECUSED)
    return [sheet for sheet, kinds in _conflicts(edition, sheets) if not kinds]


def restore_sheet(sheet: Sheet, *, reason: str, by: Person, now: datetime) -> None:
    """Let a recused sheet count again, once no conflict bars its evaluator any more.

    That is somebody else's act, before the result is confirmed; what was locked stays locked.
    """
    proposal = sheet.proposal
    check_unconfirmed(proposal.edition, SHEETS_STAND)
    if sheet.participation is not Participation.RECUSED:
        raise NotAllowedNow(N_("This score sheet already counts."))
    if sheet.evaluator_id == by.id:
        raise DomainError(N_("Nobody can end their own recusal."))
    check_reason(reason)
    if conflicts_of_person(sheet.evaluator, proposal):
        raise NotAllowedNow(N_("This evaluator still has a conflict of interest."))
    count_again(sheet, reason=reason, by=by, now=now)


def count_again(sheet: Sheet, *, reason: str, by: Person, now: datetime) -> None:
    """Let a recused sheet count again. The caller has made sure that no conflict bars it."""
    sheet.participation = Participation.COUNTS
    proposal = sheet.proposal
    subject = f"{proposal.code} person {sheet.evaluator_id}"
    record(
        proposal.edition_id,
        "sheet.restore",
        by=by,
        now=now,
        subject=subject,
        reason=reason,
        kind=sheet.kind,
    )
    update_standings(proposal.edition_id, [proposal.id], sheet.kind)


def _sheets(edition: Edition, *conditions: ColumnExpressionArgument[bool]) -> list[Sheet]:
    statement = (
        select(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id, *conditions)
        .options(contains_eager(Sheet.proposal), joinedload(Sheet.evaluator))
        .order_by(Sheet.id)
    )
    return list(db.session.scalars(statement))


def _conflicts(edition: Edition, sheets: list[Sheet]) -> list[tuple[Sheet, set[ConflictKind]]]:
    """Return each sheet with the conflicts that bar its evaluator."""
    proposals = {sheet.proposal_id for sheet in sheets}
    entries = entries_in(edition, SUBMITTED_ONCE)
    entry_of = {entry.proposal_id: entry for entry in entries if entry.proposal_id in proposals}
    tree = parents_in(edition)
    agencies = _agencies(edition, {sheet.evaluator_id for sheet in sheets})
    recorded: dict[tuple[int, int], list[ConflictOfInterest]] = defaultdict(list)
    for conflict in conflicts_of(edition):
        recorded[conflict.person_id, conflict.proposal_id].append(conflict)
    return [
        (
            sheet,
            barring(
                Evaluator(sheet.evaluator_id, frozenset(agencies[sheet.evaluator_id])),
                entry_of[sheet.proposal_id],
                tree,
                recorded[sheet.evaluator_id, sheet.proposal_id],
            ),
        )
        for sheet in sheets
        if sheet.proposal_id in entry_of
    ]


def _agencies(edition: Edition, people: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    memberships = db.session.scalars(select(Membership).where(Membership.edition_id == edition.id))
    for membership in memberships:
        if membership.agency_id and membership.person_id in people:
            found[membership.person_id].add(membership.agency_id)
    return found


def _recuse(
    sheet: Sheet, edition: Edition, kind: ConflictKind, *, by: Person | None, now: datetime
) -> None:
    sheet.participation = Participation.RECUSED
    proposal, evaluator = sheet.proposal, sheet.evaluator
    record(
        edition.id,
        "sheet.recuse",
        by=by,
        now=now,
        subject=f"{proposal.code} person {evaluator.id}",
        kind=sheet.kind,
        conflict=kind,
        was_locked=sheet.is_locked,
    )
    outbox.queue_letter(
        evaluator,
        subject=N_("Conflict of interest: “%(title)s”"),
        body=RECUSED,
        values={
            "name": evaluator.name,
            "edition": edition,
            "title": proposal.title or proposal.code,
            "kind": kind.label,
        },
        edition_id=edition.id,
        now=now,
    )
