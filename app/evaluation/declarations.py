"""Declaring a conflict of interest, and settling one that was detected."""

from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import SheetKind
from app.evaluation.models import ConflictKind, ConflictOfInterest, Participation
from app.evaluation.queries import own_sheet
from app.evaluation.recusals import conflicts_of, conflicts_of_person
from app.evaluation.sheets import check_others_left
from app.evaluation.standings import update_standings
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, NotAllowedNow


def declare_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Declare a conflict of interest: the person's sheets for the proposal no longer count."""
    edition = proposal.edition
    if edition.is_frozen:
        check_others_left(proposal, person)
    if kind.is_detected:
        raise DomainError(N_("This conflict is detected by the system; it needs no declaration."))
    check_unconfirmed(edition, SHEETS_STAND)
    _record_conflict(proposal, person, kind, reason, "conflict.declare", by=by, now=now)
    _recuse(proposal, person)
    edition.revise(now=now)  # the judge's calendar leaves this presentation out


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


def dismiss_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Dismiss a detected conflict, with a reason; nobody can dismiss their own."""
    if person.id == by.id:
        raise DomainError(N_("Nobody can dismiss a conflict of their own."))
    _check_detected(proposal, person, kind)
    conflict = _record_conflict(proposal, person, kind, reason, "conflict.dismiss", by=by, now=now)
    conflict.is_dismissed = True
    db.session.flush()
    proposal.edition.revise(now=now)  # the judge's calendar holds this presentation from now on


def _check_detected(proposal: Proposal, person: Person, kind: ConflictKind) -> None:
    if not kind.is_detected or kind not in conflicts_of_person(person, proposal):
        raise DomainError(N_("Only a detected conflict can be confirmed or dismissed."))
    if proposal.edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: recusals stand."))


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
    if not reason:
        raise DomainError(N_("Give a reason: it stands in the minutes."))
    recorded = conflicts_of(proposal.edition, ConflictOfInterest.proposal_id == proposal.id)
    if any((earlier.person_id, earlier.kind) == (person.id, kind) for earlier in recorded):
        raise NotAllowedNow(N_("This has been recorded already."))
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
    subject = f"{proposal.code} person {person.id}"
    record(proposal.edition_id, action, by=by, now=now, subject=subject, reason=reason, kind=kind)
    return conflict


def _recuse(proposal: Proposal, person: Person) -> None:
    for kind in SheetKind:
        sheet = own_sheet(person, proposal, kind)
        if sheet is not None:
            sheet.participation = Participation.RECUSED
            update_standings(proposal.edition_id, [proposal.id], kind)
