"""What screening changes: findings, assignments, conflicts."""

from collections.abc import Mapping
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.actions import settle_criteria
from app.editions.kinds import Role, SheetKind, Stage
from app.editions.models import Edition
from app.editions.queries import memberships_of
from app.proposals.models import Proposal
from app.screening import queries, recusals
from app.screening.models import (
    Conflict,
    ConflictKind,
    EligibilityFinding,
    Finding,
    Sheet,
)
from app.screening.standings import update_desk
from app.workflow import N_, DomainError, NotAllowedNow


def find(
    proposal: Proposal,
    findings: Mapping[int, tuple[Finding, str]],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Record the findings on the eligibility checklist: by line, the finding and its note."""
    check_screening(proposal.edition, now=now)
    _check_screened(proposal)
    present = queries.findings_of(proposal)
    for item_id, (finding, note) in findings.items():
        if finding is not Finding.MEETS and not note:
            raise DomainError(N_("Write a note where a requirement is not met."))
        row = present.get(item_id)
        if row is None:
            row = EligibilityFinding(proposal_id=proposal.id, item_id=item_id)
            db.session.add(row)
        elif (row.finding, row.note) == (finding, note):
            continue
        row.finding, row.note, row.person_id, row.found_at = finding, note, by.id, now
    facts = {str(item): [finding.value, note] for item, (finding, note) in findings.items()}
    record(
        proposal.edition_id, "eligibility.find", by=by, now=now, subject=proposal.code, found=facts
    )


def assign(proposal: Proposal, evaluator: Person, *, by: Person, now: datetime) -> Sheet:
    """Give the evaluator a desk sheet for the proposal, unless a conflict bars them."""
    check_screening(proposal.edition, now=now)
    _check_screened(proposal)
    settle_criteria(proposal.edition, by=by, now=now)
    if _conflicts(evaluator, proposal):
        raise DomainError(N_("A conflict of interest bars this evaluator from this proposal."))
    if queries.own_sheet(evaluator, proposal, SheetKind.DESK) is None:
        _check_unread(proposal, evaluator)
    sheet = _desk_sheet(proposal, evaluator)
    update_desk(proposal.edition_id, [proposal.id])
    subject = f"{proposal.code} person {evaluator.id}"
    record(proposal.edition_id, "sheet.assign", by=by, now=now, subject=subject)
    return sheet


def declare(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Declare a conflict of interest: the person's sheets for the proposal count no more."""
    if kind.is_detected:
        raise DomainError(N_("This conflict is detected by the system; it needs no declaration."))
    if proposal.edition.closed_at is not None:
        raise NotAllowedNow(N_("The result is confirmed: its sheets stand."))
    _record_conflict(proposal, person, kind, reason, is_dismissed=False, by=by, now=now)
    _recuse(proposal, person)


def confirm(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Confirm, with a reason, that a detected conflict is one; from then on it can't go."""
    _check_detected(proposal, person, kind)
    _record_conflict(proposal, person, kind, reason, is_dismissed=False, by=by, now=now)


def dismiss(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Confirm, with a reason, that a detected conflict is none; nobody does so for themselves."""
    if person.id == by.id:
        raise DomainError(N_("Nobody can dismiss a conflict of their own."))
    _check_detected(proposal, person, kind)
    _record_conflict(proposal, person, kind, reason, is_dismissed=True, by=by, now=now)
    proposal.edition.revise(now=now)  # the judge's calendar holds this presentation from now on


def unassign(sheet: Sheet, *, by: Person, now: datetime) -> None:
    """Take a desk sheet back from its evaluator, unless it is submitted."""
    proposal = sheet.proposal
    check_screening(proposal.edition, now=now)
    if sheet.is_locked:
        raise NotAllowedNow(N_("This sheet is locked and can't be changed any more."))
    if sheet.evaluator_id == by.id:
        raise DomainError(N_("Another organiser takes your own sheet back."))
    subject = f"{proposal.code} person {sheet.evaluator_id}"
    db.session.delete(sheet)
    update_desk(proposal.edition_id, [proposal.id])
    record(proposal.edition_id, "sheet.unassign", by=by, now=now, subject=subject)


def check_screening(edition: Edition, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless screening is open."""
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: screening is over."))
    if not edition.is_open(Stage.SCREENING, now=now):
        raise NotAllowedNow(N_("Screening is not open."))


def _check_screened(proposal: Proposal) -> None:
    if proposal.status not in queries.SCREENABLE:
        raise NotAllowedNow(
            N_("This can't be done while the proposal stands at “%(status)s”."),
            status=proposal.status.label,
        )


def _check_unread(proposal: Proposal, evaluator: Person) -> None:
    """Refuse a sheet to an organiser who could have read the others' scores already."""
    standing = queries.desk_standings([proposal]).get(proposal.id)
    is_whole = standing is not None and standing.is_whole
    roles = {each.role for each in memberships_of(evaluator, proposal.edition)}
    if is_whole and Role.ORGANISER in roles:
        raise DomainError(N_("An organiser who can read the scores evaluates no more."))


def _desk_sheet(proposal: Proposal, evaluator: Person) -> Sheet:
    sheet = queries.own_sheet(evaluator, proposal, SheetKind.DESK)
    if sheet is None:
        sheet = _sheet(proposal.id, evaluator.id)
        db.session.add(sheet)
    return sheet


def _sheet(proposal_id: int, person_id: int) -> Sheet:
    return Sheet(proposal_id=proposal_id, evaluator_id=person_id, kind=SheetKind.DESK)


def _check_detected(proposal: Proposal, person: Person, kind: ConflictKind) -> None:
    if not kind.is_detected or kind not in _conflicts(person, proposal):
        raise DomainError(N_("Only a detected conflict can be confirmed or dismissed."))
    if proposal.edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: recusals stand."))


def _record_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    reason: str,
    *,
    is_dismissed: bool,
    by: Person,
    now: datetime,
) -> None:
    if not reason:
        raise DomainError(N_("Give a reason: it stands in the minutes."))
    known = {
        (row.proposal_id, row.person_id, row.kind)
        for row in recusals.conflicts_of(proposal.edition)
    }
    if (proposal.id, person.id, kind) in known:
        raise NotAllowedNow(N_("This has been recorded already."))
    db.session.add(
        Conflict(
            proposal_id=proposal.id,
            person_id=person.id,
            kind=kind,
            reason=reason,
            is_dismissed=is_dismissed,
            recorded_by_id=by.id,
            recorded_at=now,
        )
    )
    db.session.flush()
    stands = "conflict.confirm" if kind.is_detected else "conflict.declare"
    action = "conflict.dismiss" if is_dismissed else stands
    subject = f"{proposal.code} person {person.id}"
    record(proposal.edition_id, action, by=by, now=now, subject=subject, reason=reason, kind=kind)


def _conflicts(person: Person, proposal: Proposal) -> set[ConflictKind]:
    who = recusals.evaluator_in(proposal.edition, person)
    return recusals.conflicts_between(who, proposal, proposal.edition)


def _recuse(proposal: Proposal, person: Person) -> None:
    for kind in SheetKind:
        sheet = queries.own_sheet(person, proposal, kind)
        if sheet is not None:
            sheet.is_recused = True
    update_desk(proposal.edition_id, [proposal.id])
