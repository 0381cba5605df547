"""Taking an announced decision back, until scoring opens: the proposal is undecided again.

Its rows stay as history; a new decision is prepared and announced as usual.
"""

from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.mail import outbox
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.claims import release_claims
from app.screening.models import Decision, Outcome
from app.workflow import N_, DomainError, NotAllowedNow, Status, Step, can_take

TAKEN_BACK = N_(
    "Hello %(name)s,\n\nThe decision “%(outcome)s” on “%(title)s” in %(edition)s has "
    "been revoked and no longer applies.\n\nReason: %(reason)s\n\nThe proposal stays in the "
    "competition; you will be told when a new decision is made:\n\n%(link)s"
)


def decision_in_force(proposal: Proposal) -> Decision | None:
    """Return the announced decision that can be taken back now, None if there is none."""
    if proposal.edition.is_frozen or not can_take(proposal.status, Step.TAKE_BACK):
        return None
    return next(iter(queries.announced_for(proposal)), None)


def take_back_decision(
    proposal: Proposal, *, reason: str, link: str, by: Person, now: datetime
) -> None:
    """Take the announced decision back and tell the authors why.

    The proposal is submitted again, or eligible if that was announced before. Who had been moved up
    from the reserve list is not on it any more; a finalist loses their slot.
    """
    if proposal.edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so decisions can no longer be changed."))
    decision = decision_in_force(proposal)
    if decision is None:
        raise NotAllowedNow(N_("There is no announced decision to revoke."))
    if not reason:
        raise DomainError(N_("Give a reason: the proposers will read it."))
    is_still_eligible = _take_back(queries.announced_for(proposal), now=now)
    was_finalist = proposal.status is Status.FINALIST
    proposal.take(Step.TAKE_BACK)
    if is_still_eligible:
        proposal.take(Step.FIND_ELIGIBLE)
    proposal.reserve_place = None
    if was_finalist:
        release_claims(proposal, now)
        proposal.edition.revise(now=now)
    facts = {"outcome": decision.outcome, "reason": reason}
    code = proposal.code
    record(proposal.edition_id, "decision.take_back", by=by, now=now, subject=code, **facts)
    _tell_authors(proposal, decision.outcome, reason=reason, link=link, now=now)


def _take_back(announced: list[Decision], *, now: datetime) -> bool:
    """Take back what was decided last; return whether the proposal was found eligible before.

    Announced decisions come newest first. Those on merit go together, such as the place on the
    reserve list from which somebody moved up; a return for correction stays.
    """
    for place, decision in enumerate(announced):
        if place and decision.outcome in {Outcome.ELIGIBLE, Outcome.RETURNED}:
            return decision.outcome is Outcome.ELIGIBLE
        decision.taken_back_at = now
    return False


def _tell_authors(
    proposal: Proposal, outcome: Outcome, *, reason: str, link: str, now: datetime
) -> None:
    for author in proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("%(title)s: “%(outcome)s” has been revoked"),
            body=TAKEN_BACK,
            values={
                "name": author.name,
                "title": proposal.title,
                "outcome": outcome.label,
                "edition": proposal.edition,
                "reason": reason,
                "link": link,
            },
            edition_id=proposal.edition_id,
            now=now,
        )
