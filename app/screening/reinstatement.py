"""Bringing a withdrawn proposal back, as the organiser, until scoring opens."""

from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.editions.kinds import Picking
from app.mail import outbox
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.claims import release_claims
from app.screening.decisions import drop_decision
from app.workflow import N_, Message, NotAllowedNow, Status, Step, check_reason

BACK = N_(
    "Hello %(name)s,\n\n“%(title)s” is back in %(edition)s. Its status is: "
    "%(status)s.\n\nReason: %(reason)s\n\n%(link)s"
)
FINALIST_BACK = N_(
    "Hello %(name)s,\n\n“%(title)s” is back in %(edition)s. Its status is: %(status)s. It "
    "has no slot, because its slot was released in the meantime: pick one again on the slots "
    "page.\n\nReason: %(reason)s\n\n%(link)s"
)
WISHING_FINALIST_BACK = N_(
    "Hello %(name)s,\n\n“%(title)s” is back in %(edition)s. Its status is: %(status)s. It "
    "has no slot, because its slot was released in the meantime; your slot preferences are "
    "kept.\n\nReason: %(reason)s\n\n%(link)s"
)


def reinstate_proposal(
    proposal: Proposal, *, reason: str, link: str, by: Person, now: datetime
) -> None:
    """Let a withdrawn proposal stand again where it stood; its authors are told.

    What it had then is gone: its slot, its place among the agency's entries, a prepared decision. A
    reserve has its old place unless somebody else has it now, else the last one.
    """
    check_reason(reason)
    if proposal.edition.is_frozen:
        raise NotAllowedNow(
            N_("Scoring has opened, so the list of participants can no longer be changed.")
        )
    if prepared := queries.prepared_for(proposal):
        drop_decision(prepared, by=by, now=now)
    if proposal.stood_at is Status.RESERVE:
        proposal.reserve_place = _place_again(proposal)
    proposal.take(Step.REINSTATE)
    proposal.edition.revise(now=now)
    release_claims(proposal, now)
    facts = {"status": proposal.status, "reason": reason}
    record(
        proposal.edition_id, "proposal.reinstate", by=by, now=now, subject=proposal.code, **facts
    )
    _tell_authors(proposal, reason=reason, link=link, now=now)


def _place_again(proposal: Proposal) -> int:
    """Return the place that it takes on the reserve list."""
    taken = {reserve.reserve_place or 0 for reserve in queries.reserve_list(proposal.edition)}
    own = proposal.reserve_place
    return own if own and own not in taken else max(taken, default=0) + 1


def _words(proposal: Proposal) -> Message:
    if proposal.status is not Status.FINALIST:
        return BACK
    is_wishing = proposal.edition.picking is Picking.WISHES
    return WISHING_FINALIST_BACK if is_wishing else FINALIST_BACK


def _tell_authors(proposal: Proposal, *, reason: str, link: str, now: datetime) -> None:
    title = proposal.title or proposal.code
    for author in proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("%(title)s is back in the competition"),
            body=_words(proposal),
            values={
                "name": author.name,
                "title": title,
                "edition": proposal.edition,
                "status": proposal.status.label,
                "reason": reason,
                "link": link,
            },
            edition_id=proposal.edition_id,
            now=now,
        )
