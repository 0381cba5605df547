"""What screening changes: findings, assignments, conflicts, decisions and their announcement."""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.actions import settle_criteria
from app.editions.models import Edition, Role, SheetKind, Stage
from app.mail import outbox
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.letters import letter_of
from app.screening.models import (
    Conflict,
    ConflictKind,
    Decision,
    EligibilityFinding,
    Finding,
    Outcome,
    Sheet,
)
from app.workflow import N_, DomainError, NotAllowedNow, can_take

LinkTo = Callable[[Proposal], str]

GOOD_NEWS = frozenset({Outcome.FINALIST, Outcome.ELIGIBLE})
"""The outcomes that need no reason."""
JUDGED = frozenset({Outcome.FINALIST, Outcome.RESERVE, Outcome.NOT_SELECTED})
"""The outcomes that rest on the desk evaluation, not on eligibility alone."""


def find(
    proposal: Proposal,
    findings: Mapping[int, tuple[Finding, str]],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Record the findings on the eligibility checklist: by line, the finding and its note."""
    _check_screening(proposal.edition, now=now)
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
    _check_screening(proposal.edition, now=now)
    _check_screened(proposal)
    settle_criteria(proposal.edition, by=by, now=now)
    if _conflicts(evaluator, proposal):
        raise DomainError(N_("A conflict of interest bars this evaluator from this proposal."))
    sheet = _desk_sheet(proposal, evaluator)
    db.session.flush()
    subject = f"{proposal.code} person {evaluator.id}"
    record(proposal.edition_id, "sheet.assign", by=by, now=now, subject=subject)
    return sheet


def assign_evenly(edition: Edition, *, by: Person, now: datetime) -> int:
    """Give every proposal in screening its evaluators, the least loaded first; return how many.

    What is assigned already stays, and nobody gets a proposal that a conflict bars them from.
    """
    _check_screening(edition, now=now)
    settle_criteria(edition, by=by, now=now)
    proposals = list(db.session.scalars(queries.screened(edition)))
    barred = queries.standing_conflicts(edition, Role.SCREENER, queries.SCREENABLE)
    sheets = queries.sheets_by_proposal(proposals, SheetKind.DESK)
    load = {each.person_id: 0 for each in queries.evaluators(edition, Role.SCREENER)}
    for sheet in (sheet for row in sheets.values() for sheet in row):
        if sheet.evaluator_id in load:
            load[sheet.evaluator_id] += 1
    made = 0
    for proposal in proposals:
        has = {sheet.evaluator_id for sheet in sheets.get(proposal.id, ())}
        free = [each for each in load if each not in has and (each, proposal.id) not in barred]
        needed = max(0, edition.screeners_each - len(has))
        for person_id in sorted(free, key=lambda each: (load[each], each))[:needed]:
            db.session.add(_sheet(proposal.id, person_id))
            load[person_id] += 1
            made += 1
    db.session.flush()
    record(edition.id, "sheet.assign_evenly", by=by, now=now, sheets=made)
    return made


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
    found = _conflicts(person, proposal)
    if not kind.is_detected or kind not in found:
        raise DomainError(N_("Only a detected conflict can be dismissed."))
    if proposal.edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: recusals stand."))
    _record_conflict(proposal, person, kind, reason, is_dismissed=True, by=by, now=now)
    proposal.edition.revision += 1  # the judge's calendar holds this presentation from now on


def prepare(
    proposal: Proposal,
    outcome: Outcome,
    *,
    reason: str,
    correct_until: datetime | None = None,
    by: Person,
    now: datetime,
) -> Decision:
    """Prepare a decision privately; until it is announced the proposal stands as before."""
    _check_screening(proposal.edition, now=now)
    if not can_take(proposal.status, outcome.step):
        raise NotAllowedNow(
            N_("This can't be decided while the proposal stands at “%(status)s”."),
            status=proposal.status.label,
        )
    if outcome in JUDGED:
        _check_desk_sheets(proposal)
    if outcome not in GOOD_NEWS and not reason:
        raise DomainError(N_("Give the reason: the proposers will read it."))
    is_returned = outcome is Outcome.RETURNED
    if is_returned and (correct_until is None or correct_until <= now):
        raise DomainError(N_("Say until when the correction is due, a time still to come."))
    decision = queries.prepared_for(proposal) or Decision(proposal_id=proposal.id)
    decision.outcome, decision.reason = outcome, reason
    decision.correct_until = correct_until if is_returned else None
    decision.prepared_by_id, decision.prepared_at = by.id, now
    db.session.add(decision)
    db.session.flush()
    record(
        proposal.edition_id,
        "decision.prepare",
        by=by,
        now=now,
        subject=proposal.code,
        reason=reason,
        outcome=outcome,
    )
    return decision


def unassign(sheet: Sheet, *, by: Person, now: datetime) -> None:
    """Take a desk sheet back from its evaluator, unless it is submitted."""
    proposal = sheet.proposal
    _check_screening(proposal.edition, now=now)
    if sheet.is_locked:
        raise NotAllowedNow(N_("This sheet is locked and can't be changed any more."))
    subject = f"{proposal.code} person {sheet.evaluator_id}"
    db.session.delete(sheet)
    record(proposal.edition_id, "sheet.unassign", by=by, now=now, subject=subject)


def drop(decision: Decision, *, by: Person, now: datetime) -> None:
    """Take a prepared decision back."""
    proposal = decision.proposal
    db.session.delete(decision)
    record(proposal.edition_id, "decision.drop", by=by, now=now, subject=proposal.code)


def announce(edition: Edition, *, link_to: LinkTo, by: Person, now: datetime) -> int:
    """Announce every prepared decision together: statuses move, letters leave. Return how many.

    A decision that was overtaken, as by a withdrawal, is dropped.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: screening is over."))
    decisions = []
    for decision in queries.prepared(edition):
        if can_take(decision.proposal.status, decision.outcome.step):
            decisions.append(decision)
        else:
            drop(decision, by=by, now=now)
    if not decisions:
        raise NotAllowedNow(N_("There is no prepared decision to announce."))
    late = (each for each in decisions if each.correct_until and each.correct_until <= now)
    if missed := next(late, None):
        raise NotAllowedNow(
            N_("The time to correct “%(title)s” is over already. Decide on it anew."),
            title=missed.proposal.title,
        )
    for decision in decisions:
        proposal = decision.proposal
        proposal.take(decision.outcome.step)
        proposal.correct_until = decision.correct_until
        decision.announced_at = now
        for author in proposal.authors:
            letter = letter_of(decision, author, edition, link=link_to(proposal))
            outbox.queue(author, **letter, edition_id=edition.id, now=now)
    outcomes = {each.proposal.code: each.outcome for each in decisions}
    record(edition.id, "decision.announce", by=by, now=now, outcomes=outcomes)
    return len(decisions)


def _check_screening(edition: Edition, *, now: datetime) -> None:
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


def _check_desk_sheets(proposal: Proposal) -> None:
    """Raise `NotAllowedNow` unless enough evaluators have submitted, and none is still missing."""
    found = queries.sheets_by_proposal([proposal], SheetKind.DESK).get(proposal.id, [])
    locked = sum(sheet.is_locked for sheet in found)
    needed = max(proposal.edition.screeners_each, len(found))
    if proposal.edition.desk_share and locked < needed:
        raise NotAllowedNow(
            N_("%(locked)s of %(needed)s desk sheets are submitted: this decision needs them all."),
            locked=locked,
            needed=needed,
        )


def _desk_sheet(proposal: Proposal, evaluator: Person) -> Sheet:
    sheet = queries.own_sheet(evaluator, proposal, SheetKind.DESK)
    if sheet is None:
        sheet = _sheet(proposal.id, evaluator.id)
        db.session.add(sheet)
    return sheet


def _sheet(proposal_id: int, person_id: int) -> Sheet:
    return Sheet(proposal_id=proposal_id, evaluator_id=person_id, kind=SheetKind.DESK)


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
        (row.proposal_id, row.person_id, row.kind) for row in queries.conflicts_of(proposal.edition)
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
    action = "conflict.dismiss" if is_dismissed else "conflict.declare"
    subject = f"{proposal.code} person {person.id}"
    record(proposal.edition_id, action, by=by, now=now, subject=subject, reason=reason, kind=kind)


def _conflicts(person: Person, proposal: Proposal) -> set[ConflictKind]:
    who = queries.evaluator_in(proposal.edition, person)
    return queries.conflicts_between(who, proposal, proposal.edition)


def _recuse(proposal: Proposal, person: Person) -> None:
    for kind in SheetKind:
        sheet = queries.own_sheet(person, proposal, kind)
        if sheet is not None:
            sheet.is_recused = True
    db.session.flush()
