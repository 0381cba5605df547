"""Decisions of the committee: prepared privately, announced together; the reserve list.

A decision on merit needs every desk sheet; anything but good news needs a reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Standing
from app.evaluation.queries import standings_of
from app.mail import outbox
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.actions import check_screening
from app.screening.letters import letter_of
from app.screening.models import Decision, Outcome
from app.workflow import N_, DomainError, NotAllowedNow, Status, can_take

LinkTo = Callable[[Proposal], str]

GOOD_NEWS = frozenset({Outcome.FINALIST, Outcome.ELIGIBLE})
"""The outcomes that need no reason."""
JUDGED = frozenset({Outcome.FINALIST, Outcome.RESERVE, Outcome.NOT_SELECTED})
"""The outcomes that rest on the desk evaluation, not on eligibility alone."""


@dataclass(frozen=True)
class Verdict:
    """What is decided: the outcome, its reason, and when a correction is due."""

    outcome: Outcome
    reason: str = ""
    correct_until: datetime | None = None

    def check(self, *, now: datetime) -> None:
        """Raise `DomainError` if the outcome lacks its reason or its deadline for correction."""
        if self.outcome not in GOOD_NEWS and not self.reason:
            raise DomainError(N_("Give a reason: the proposers will read it."))
        until = self.correct_until
        if self.outcome is Outcome.RETURNED and (until is None or until <= now):
            raise DomainError(N_("Enter a deadline for the correction that is still to come."))


def prepare_decisions(
    proposals: Sequence[Proposal], verdict: Verdict, edition: Edition, *, by: Person, now: datetime
) -> None:
    """Prepare the same decision on these proposals, on all or on none.

    Their statuses stay as they are until the announcement. What the same person has prepared
    already is not recorded again. Raise the first refusal there is.
    """
    check_screening(edition, now=now)
    for refusal in refusals(proposals, verdict.outcome, edition).values():
        raise refusal
    verdict.check(now=now)
    known = queries.prepared_among(proposals)
    is_returned = verdict.outcome is Outcome.RETURNED
    changed = []
    for proposal in proposals:
        decision = known.get(proposal.id) or Decision(proposal_id=proposal.id)
        until = verdict.correct_until if is_returned else None
        told = (decision.outcome, decision.reason, decision.correct_until)
        if (*told, decision.prepared_by_id) == (verdict.outcome, verdict.reason, until, by.id):
            continue
        changed.append(proposal.code)
        if told != (verdict.outcome, verdict.reason, until):
            decision.letter = ""  # it was written for another decision
        decision.outcome, decision.reason = verdict.outcome, verdict.reason
        decision.correct_until = until
        decision.prepared_by_id, decision.prepared_at = by.id, now
        db.session.add(decision)
    db.session.flush()
    if changed:
        subject = changed[0] if len(changed) == 1 else ""
        facts: dict[str, Any] = {"outcome": verdict.outcome, "proposals": changed}
        facts["reason"] = verdict.reason
        record(edition.id, "decision.prepare", by=by, now=now, subject=subject, **facts)


def refusals(
    proposals: Sequence[Proposal], outcome: Outcome, edition: Edition
) -> dict[int, NotAllowedNow]:
    """Return why these proposals (by id) can't be decided this way now; empty if all can."""
    standings = standings_of(proposals, SheetKind.DESK) if outcome in JUDGED else {}
    found = {
        proposal.id: _refusal(proposal, outcome, edition, standings.get(proposal.id))
        for proposal in proposals
    }
    return {proposal_id: refusal for proposal_id, refusal in found.items() if refusal}


def obstacle(proposal: Proposal, edition: Edition, *, now: datetime) -> NotAllowedNow | None:
    """Return why nothing can be decided on the proposal now, None if something can."""
    try:
        check_screening(edition, now=now)
    except NotAllowedNow as refusal:
        return refusal
    if any(can_take(proposal.status, outcome.step) for outcome in Outcome):
        return None
    return _stands(proposal)


def word_letter(decision: Decision, letter: str, *, by: Person, now: datetime) -> None:
    """Word the decision's letter in the committee's own words, or (empty) in the usual ones."""
    decision.letter = letter
    proposal = decision.proposal
    record(proposal.edition_id, "decision.word", by=by, now=now, subject=proposal.code)


def drop_decision(decision: Decision, *, by: Person, now: datetime) -> None:
    """Drop a prepared decision."""
    proposal = decision.proposal
    db.session.delete(decision)
    record(proposal.edition_id, "decision.drop", by=by, now=now, subject=proposal.code)


def announce_decisions(edition: Edition, *, link_to: LinkTo, by: Person, now: datetime) -> int:
    """Announce all prepared decisions: statuses change, letters go out. Return how many.

    A decision overtaken by events, such as a withdrawal, is dropped.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so screening is over."))
    decisions = []
    for decision in db.session.scalars(queries.prepared_in(edition)).all():
        if can_take(decision.proposal.status, decision.outcome.step):
            decisions.append(decision)
        else:
            drop_decision(decision, by=by, now=now)
    if not decisions:
        raise NotAllowedNow(N_("There is no prepared decision to announce."))
    late = (
        decision
        for decision in decisions
        if decision.correct_until and decision.correct_until <= now
    )
    if missed := next(late, None):
        raise NotAllowedNow(
            N_("The time to correct “%(title)s” is already over. Decide on it again."),
            title=missed.proposal.title,
        )
    for decision in decisions:
        _announce(decision, edition, link_to=link_to, now=now)
    _extend_reserve(
        [decision for decision in decisions if decision.outcome is Outcome.RESERVE], edition
    )
    outcomes = {decision.proposal.code: decision.outcome for decision in decisions}
    record(edition.id, "decision.announce", by=by, now=now, outcomes=outcomes)
    return len(decisions)


def promote_from_reserve(proposal: Proposal, *, link_to: LinkTo, by: Person, now: datetime) -> None:
    """Move the first proposal on the reserve list up to the finalists; tell its authors at once.

    This also works while scoring is open, to replace a finalist who did not come.
    """
    edition = proposal.edition
    if edition.is_confirmed:
        raise NotAllowedNow(N_("The result is confirmed, so nobody can move up any more."))
    first = next(iter(queries.reserve_list(edition)), None)
    if first is None or first.id != proposal.id:
        raise NotAllowedNow(N_("Only the first proposal on the reserve list can move up."))
    decision = Decision(
        proposal=proposal, outcome=Outcome.FINALIST, prepared_by_id=by.id, prepared_at=now
    )
    db.session.add(decision)
    _announce(decision, edition, link_to=link_to, now=now)
    db.session.flush()
    record(edition.id, "reserve.promote", by=by, now=now, subject=proposal.code)


def _refusal(
    proposal: Proposal, outcome: Outcome, edition: Edition, standing: Standing | None
) -> NotAllowedNow | None:
    if not can_take(proposal.status, outcome.step):
        return _stands(proposal)
    expected, locked = (standing.sheets_expected, standing.sheets_locked) if standing else (0, 0)
    needed = max(edition.screeners_each, expected)
    if outcome not in JUDGED or not edition.desk_share or locked >= needed:
        return None
    return NotAllowedNow(
        N_("Desk sheets submitted: %(locked)s of %(needed)s. This decision needs all of them."),
        locked=locked,
        needed=needed,
    )


def _stands(proposal: Proposal) -> NotAllowedNow:
    return NotAllowedNow(
        N_("This can't be decided while the proposal's status is “%(status)s”."),
        status=proposal.status.label,
    )


def _announce(decision: Decision, edition: Edition, *, link_to: LinkTo, now: datetime) -> None:
    proposal = decision.proposal
    proposal.reserve_place = None
    proposal.take(decision.outcome.step)
    proposal.correct_until = decision.correct_until
    decision.announced_at = now
    for author in proposal.authors:
        letter = letter_of(decision, author, edition, link=link_to(proposal))
        outbox.queue_letter(author, **letter, edition_id=edition.id, now=now)


def _extend_reserve(decisions: Sequence[Decision], edition: Edition) -> None:
    """Append the decisions' proposals to the reserve list, highest desk mean first."""
    proposals = [decision.proposal for decision in decisions]
    standings = standings_of(proposals, SheetKind.DESK)
    means = {
        proposal.id: standings[proposal.id].mean if proposal.id in standings else None
        for proposal in proposals
    }
    last = db.session.scalar(
        select(func.max(Proposal.reserve_place)).where(
            Proposal.edition_id == edition.id, Proposal.status == Status.RESERVE
        )
    )
    in_order = sorted(proposals, key=lambda proposal: (-(means[proposal.id] or 0), proposal.number))
    for place, proposal in enumerate(in_order, (last or 0) + 1):
        proposal.reserve_place = place
    db.session.flush()
