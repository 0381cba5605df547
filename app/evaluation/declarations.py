"""Declaring a conflict of interest, and settling one that was detected or declared late."""

from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.evaluation.models import ConflictKind, ConflictOfInterest, Participation, Sheet
from app.evaluation.permissions import can_read_scores
from app.evaluation.queries import own_sheets, standings_of
from app.evaluation.recusals import conflicts_of, conflicts_of_person
from app.evaluation.recusing import count_again, recuse_conflicted
from app.evaluation.sheets import check_others_left
from app.evaluation.standings import update_standings
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, NotAllowedNow, check_reason


def declare_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> ConflictOfInterest:
    """Declare a conflict of interest: the person's sheets for the proposal no longer count.

    Once their sheet is locked, or others' scores can be read, they could choose which scores count:
    the conflict is then recorded, and counts when somebody else agrees (`agree_to_conflict`).
    """
    edition = proposal.edition
    if edition.is_frozen:
        check_others_left(proposal, person)
    if kind.is_detected:
        raise DomainError(
            N_("The system has already detected this conflict; you don't need to declare it.")
        )
    check_unconfirmed(edition, SHEETS_STAND)
    conflict = _record_conflict(proposal, person, kind, reason, "conflict.declare", by=by, now=now)
    conflict.is_pending = is_late(proposal, person)
    if not conflict.is_pending:
        _recuse(proposal, person)
    edition.revise(now=now)  # the judge's calendar leaves this presentation out
    return conflict


def is_late(proposal: Proposal, person: Person) -> bool:
    """Return whether the person has locked a sheet for the proposal, or may read others' scores."""
    return any(
        sheet.is_locked or can_read_scores(standings_of([proposal], sheet.kind).get(proposal.id))
        for sheet in own_sheets(person, proposal)
    )


def agree_to_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Agree to a conflict that was declared late: from now on it counts."""
    conflict = _pending_conflict(proposal, person, kind, by=by)
    if proposal.edition.is_frozen:
        check_others_left(proposal, person)
    conflict.is_pending = False
    _record(conflict, proposal, "conflict.agree", reason=reason, by=by, now=now)
    _recuse(proposal, person)
    proposal.edition.revise(now=now)


def decline_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Decline a conflict that was declared late, with a reason: the sheet goes on counting."""
    conflict = _pending_conflict(proposal, person, kind, by=by)
    check_reason(reason)
    conflict.is_pending, conflict.is_dismissed = False, True
    _record(conflict, proposal, "conflict.decline", reason=reason, by=by, now=now)


def confirm_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Confirm a detected conflict, with a reason; from then on it stands for good."""
    _check_detected(proposal, person, kind)
    _record_conflict(proposal, person, kind, reason, "conflict.confirm", by=by, now=now)
    recuse_conflicted(proposal.edition, person=person, by=by, now=now)


def dismiss_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Dismiss a detected conflict, with a reason; nobody can dismiss their own.

    If no other one bars them, what they wrote before counts again.
    """
    if person.id == by.id:
        raise DomainError(N_("Nobody can dismiss their own conflict."))
    _check_detected(proposal, person, kind)
    conflict = _record_conflict(proposal, person, kind, reason, "conflict.dismiss", by=by, now=now)
    conflict.is_dismissed = True
    db.session.flush()
    if not conflicts_of_person(person, proposal):
        for sheet in _recused_sheets(proposal, person):
            count_again(sheet, reason=reason, by=by, now=now)
    proposal.edition.revise(now=now)  # the judge's calendar holds this presentation from now on


def _pending_conflict(
    proposal: Proposal, person: Person, kind: ConflictKind, *, by: Person
) -> ConflictOfInterest:
    check_unconfirmed(proposal.edition, SHEETS_STAND)
    if person.id == by.id:
        raise DomainError(N_("Someone else must agree to this."))
    for conflict in conflicts_of(proposal.edition, ConflictOfInterest.proposal_id == proposal.id):
        if conflict.person_id == person.id and conflict.kind is kind and conflict.is_pending:
            return conflict
    raise NotAllowedNow(N_("This has already been decided."))


def _check_detected(proposal: Proposal, person: Person, kind: ConflictKind) -> None:
    if not kind.is_detected or kind not in conflicts_of_person(person, proposal):
        raise DomainError(N_("Only a detected conflict can be confirmed or dismissed."))
    if proposal.edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so recusals can no longer be changed."))


def _record_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    reason: str,
    action: str,
    *,
    by: Person,
    now: datetime,
) -> ConflictOfInterest:
    check_reason(reason)
    recorded = conflicts_of(proposal.edition, ConflictOfInterest.proposal_id == proposal.id)
    if any((earlier.person_id, earlier.kind) == (person.id, kind) for earlier in recorded):
        raise NotAllowedNow(N_("This has already been recorded."))
    conflict = ConflictOfInterest(
        proposal_id=proposal.id,
        person_id=person.id,
        kind=kind,
        reason=reason,
        recorded_by_id=by.id,
        recorded_at=now,
    )
    db.session.add(conflict)
    db.session.flush()
    _record(conflict, proposal, action, reason=reason, by=by, now=now)
    return conflict


def _record(
    conflict: ConflictOfInterest,
    proposal: Proposal,
    action: str,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    subject, kind = f"{proposal.code} person {conflict.person_id}", conflict.kind
    record(proposal.edition_id, action, by=by, now=now, subject=subject, reason=reason, kind=kind)


def _recuse(proposal: Proposal, person: Person) -> None:
    sheets = own_sheets(person, proposal)
    for sheet in sheets:
        sheet.participation = Participation.RECUSED
    for kind in {sheet.kind for sheet in sheets}:
        update_standings(proposal.edition_id, [proposal.id], kind)


def _recused_sheets(proposal: Proposal, person: Person) -> list[Sheet]:
    return [
        sheet
        for sheet in own_sheets(person, proposal)
        if sheet.participation is Participation.RECUSED
    ]
