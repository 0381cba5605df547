"""What screening changes: findings on eligibility, and who has a desk sheet."""

from collections.abc import Mapping
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.actions import settle_criteria
from app.editions.kinds import Role, SheetKind, Stage
from app.editions.models import Edition
from app.editions.queries import memberships_of
from app.evaluation.models import Sheet
from app.evaluation.queries import own_sheet, standings_of
from app.evaluation.recusals import conflicts_of_person
from app.evaluation.standings import update_standings
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.models import EligibilityFinding, Finding
from app.workflow import N_, DomainError, NotAllowedNow


def record_findings(
    proposal: Proposal,
    findings: Mapping[int, tuple[Finding, str]],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Record findings on the eligibility checklist: finding and note by checklist line id.

    What stands there already is not recorded again.
    """
    check_screening(proposal.edition, now=now)
    _check_screened(proposal)
    present, is_changed = queries.findings_of(proposal), False
    for item_id, (finding, note) in findings.items():
        if finding is not Finding.MEETS and not note:
            raise DomainError(N_("Write a note for each requirement that is not met."))
        kept = present.get(item_id)
        if kept is None:
            kept = EligibilityFinding(proposal_id=proposal.id, item_id=item_id)
            db.session.add(kept)
        elif (kept.finding, kept.note) == (finding, note):
            continue
        kept.finding, kept.note, kept.person_id, kept.found_at = finding, note, by.id, now
        is_changed = True
    if not is_changed:
        return
    facts = {str(line): [finding.value, note] for line, (finding, note) in findings.items()}
    record(
        proposal.edition_id, "eligibility.find", by=by, now=now, subject=proposal.code, found=facts
    )


def assign_evaluator(proposal: Proposal, evaluator: Person, *, by: Person, now: datetime) -> bool:
    """Give the evaluator a desk sheet for the proposal, unless a conflict bars them.

    Return whether they had none yet.
    """
    check_screening(proposal.edition, now=now)
    _check_screened(proposal)
    settle_criteria(proposal.edition, by=by, now=now)
    if conflicts_of_person(evaluator, proposal):
        raise DomainError(N_("This evaluator has a conflict of interest with this proposal."))
    if own_sheet(evaluator, proposal, SheetKind.DESK) is not None:
        return False
    _check_unread(proposal, evaluator)
    db.session.add(_sheet(proposal.id, evaluator.id))
    update_standings(proposal.edition_id, [proposal.id], SheetKind.DESK)
    subject = f"{proposal.code} person {evaluator.id}"
    record(proposal.edition_id, "sheet.assign", by=by, now=now, subject=subject)
    return True


def take_back_sheet(sheet: Sheet, *, by: Person, now: datetime) -> None:
    """Take a desk sheet back from its evaluator, unless it is submitted."""
    proposal = sheet.proposal
    check_screening(proposal.edition, now=now)
    if sheet.is_locked:
        raise NotAllowedNow(N_("This score sheet is locked and can no longer be changed."))
    if sheet.evaluator_id == by.id:
        raise DomainError(N_("Only another organiser can remove your own sheet."))
    subject = f"{proposal.code} person {sheet.evaluator_id}"
    db.session.delete(sheet)
    update_standings(proposal.edition_id, [proposal.id], SheetKind.DESK)
    record(proposal.edition_id, "sheet.unassign", by=by, now=now, subject=subject)


def check_screening(edition: Edition, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless screening is open."""
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so screening is over."))
    if not edition.is_open(Stage.SCREENING, now=now):
        raise NotAllowedNow(N_("Screening is not open."))


def is_screening_open(edition: Edition, *, now: datetime) -> bool:
    """Return whether `check_screening` lets anything be found or decided now."""
    return not edition.is_frozen and edition.is_open(Stage.SCREENING, now=now)


def _check_screened(proposal: Proposal) -> None:
    if proposal.status not in queries.SCREENABLE:
        raise NotAllowedNow(
            N_("This can't be done while the proposal's status is “%(status)s”."),
            status=proposal.status.label,
        )


def _check_unread(proposal: Proposal, evaluator: Person) -> None:
    """Refuse a sheet to an organiser who may already have read the others' scores."""
    standing = standings_of([proposal], SheetKind.DESK).get(proposal.id)
    is_whole = standing is not None and standing.is_whole
    roles = {membership.role for membership in memberships_of(evaluator, proposal.edition)}
    if is_whole and Role.ORGANISER in roles:
        raise DomainError(N_("An organiser who can read the scores can no longer evaluate."))


def _sheet(proposal_id: int, person_id: int) -> Sheet:
    return Sheet(proposal_id=proposal_id, evaluator_id=person_id, kind=SheetKind.DESK)
