"""Withdrawing a proposal: by its authors, or by the organiser at their request."""

from datetime import datetime
from typing import Protocol

from app.accounts.models import Person
from app.audit.chain import record
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import Role
from app.editions.queries import holders
from app.later import later
from app.mail import letters, outbox
from app.names import quoted
from app.proposals.models import Proposal
from app.workflow import N_, Message, NotAllowedNow, Status, Step, check_reason

WITHDRAWN = N_("%(title)s has been withdrawn")
BY_CO_AUTHOR = N_(
    "Hello %(name)s,\n\n%(by)s has withdrawn “%(title)s” from %(edition)s. If this is a mistake, "
    "tell the organiser, who can bring it back until scoring opens."
)
AT_REQUEST = N_(
    "Hello %(name)s,\n\nAt its authors' request, “%(title)s” has been withdrawn from "
    "%(edition)s.\n\nReason: %(reason)s"
)
ENTRY_WITHDRAWN = N_("Withdrawn: %(title)s (%(code)s)")
ENTRY = N_(
    "Hello %(name)s,\n\n“%(title)s” (%(code)s) has been withdrawn from %(edition)s. Its "
    "status was: %(status)s.\n\nReason: %(reason)s\n\n%(link)s"
)
FINALIST = N_(
    "Hello %(name)s,\n\nThe finalist “%(title)s” (%(code)s) has been withdrawn from "
    "%(edition)s. A proposal from the reserve list can move up in its place.\n\nReason: "
    "%(reason)s\n\n%(link)s"
)
SCHEDULED = N_(
    "Hello %(name)s,\n\nThe finalist “%(title)s” (%(code)s) has been withdrawn from "
    "%(edition)s. Its presentation was planned for %(moment)s, %(location)s. Publish the "
    "schedule again so that the judges are told; a proposal from the reserve list can move up "
    "in its place.\n\nReason: %(reason)s\n\n%(link)s"
)


class Place(Protocol):
    """When and where a proposal is presented, as published."""

    starts_at: datetime
    location: str


@later
def appearance_of(proposal: Proposal) -> Place | None:
    """Return when and where the proposal is presented, None if that isn't published."""
    raise NotImplementedError


def published_place(proposal: Proposal) -> Place | None:
    """Return when and where a finalist is presented, None if that isn't published."""
    return appearance_of(proposal) if proposal.status is Status.FINALIST else None


def withdraw_proposal(
    proposal: Proposal, *, reason: str, link: str, by: Person, now: datetime
) -> None:
    """Take the proposal out of the competition as one of its authors, until scoring opens.

    The other authors are told and, unless it was a draft, the organisers.
    """
    if proposal.edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: ask the organiser to withdraw the proposal."))
    _withdraw(proposal, "proposal.withdraw", reason=reason, link=link, by=by, now=now)
    for author in proposal.authors:
        if author.id != by.id:
            _tell(author, proposal, WITHDRAWN, BY_CO_AUTHOR, {"by": by.name}, now=now)


def withdraw_at_request(
    proposal: Proposal, *, reason: str, link: str, by: Person, now: datetime
) -> None:
    """Take the proposal out at its authors' request, as the organiser, until the confirmation."""
    check_reason(reason)
    check_unconfirmed(proposal.edition, SHEETS_STAND)
    _withdraw(proposal, "proposal.withdraw_at_request", reason=reason, link=link, by=by, now=now)
    for author in proposal.authors:
        _tell(author, proposal, WITHDRAWN, AT_REQUEST, {"reason": reason}, now=now)


def _withdraw(
    proposal: Proposal, action: str, *, reason: str, link: str, by: Person, now: datetime
) -> None:
    place = published_place(proposal)
    proposal.take(Step.WITHDRAW)
    proposal.agency_rank = None
    proposal.edition.revise(now=now)
    record(proposal.edition_id, action, by=by, now=now, subject=proposal.code, reason=reason)
    if proposal.submitted_at is not None:
        _tell_organisers(proposal, place, reason=reason, link=link, by=by, now=now)


def _tell_organisers(
    proposal: Proposal,
    place: Place | None,
    *,
    reason: str,
    link: str,
    by: Person,
    now: datetime,
) -> None:
    edition = proposal.edition
    is_finalist = proposal.stood_at is Status.FINALIST
    body = SCHEDULED if place else FINALIST if is_finalist else ENTRY
    for held in holders(edition, Role.ORGANISER):
        values = {"status": proposal.stood_at.label, "reason": reason, "link": link}
        if place:
            language = held.person.language
            values["moment"] = letters.moment(place.starts_at, edition.zone, language)
            values["location"] = place.location or "–"
        if held.person_id != by.id:
            _tell(held.person, proposal, ENTRY_WITHDRAWN, body, values, now=now)


def _tell(
    person: Person,
    proposal: Proposal,
    subject: Message,
    body: Message,
    values: dict[str, str],
    *,
    now: datetime,
) -> None:
    title = quoted(proposal.title, instead=proposal.code)
    common = {"name": person.name, "title": title, "code": proposal.code}
    outbox.queue_letter(
        person,
        subject=subject,
        body=body,
        values=values | common | {"edition": proposal.edition},
        edition_id=proposal.edition_id,
        now=now,
    )
