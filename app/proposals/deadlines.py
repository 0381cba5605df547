"""Until when a proposal can be submitted, extensions and reminders included."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.audit.chain import record
from app.editions.kinds import Stage
from app.editions.models import Agency, Edition
from app.mail import letters, outbox
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, Message, NotAllowedNow

EXTENDED = N_(
    "Hello %(name)s,\n\n“%(title)s” can be submitted to %(edition)s until %(until)s.\n\n"
    "Reason: %(reason)s\n\n%(link)s"
)
REMINDER = N_(
    "Hello %(name)s,\n\n“%(title)s” is a draft and not submitted yet. It can be submitted to "
    "%(edition)s until %(until)s:\n\n%(link)s"
)
NO_ENTRY = N_(
    "Hello %(name)s,\n\nno innovation of %(agency)s has been entered in %(edition)s yet. Every "
    "agency is asked for at least one a year. Submission is open until %(until)s."
)


LinkTo = Callable[[Proposal], str]


def deadline(proposal: Proposal, edition: Edition) -> datetime | None:
    """Return its deadline: its own correction window or extension, or the one for all."""
    window = edition.window(Stage.SUBMISSION)
    ends = [window.closes_at] if window else []
    if proposal.extended_until:
        ends.append(proposal.extended_until)
    return proposal.correct_until or max(ends, default=None)


def extend_deadline(
    drafts: Sequence[Proposal],
    edition: Edition,
    *,
    until: datetime,
    reason: str,
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> None:
    """Give these drafts a later deadline, with a reason; the authors are told (rule 2)."""
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: screening is over."))
    if not reason:
        raise DomainError(N_("Give a reason: it stands in the minutes."))
    if until <= now:
        raise DomainError(N_("The new deadline must be a time still to come."))
    for proposal in drafts:
        proposal.extended_until = until
        values = {"reason": reason, "link": link_to(proposal)}
        _write_about(proposal, EXTENDED, until, values, now=now)
    facts: dict[str, Any] = {"until": str(until), "proposals": [draft.code for draft in drafts]}
    record(edition.id, "deadline.extend", by=by, now=now, reason=reason, **facts)


def remind_authors(
    drafts: Sequence[Proposal], edition: Edition, *, link_to: LinkTo, by: Person, now: datetime
) -> int:
    """Remind the authors of drafts that can still be submitted; return how many drafts.

    Raise `NotAllowedNow` if none can.
    """
    open_ones = [draft for draft in drafts if (deadline(draft, edition) or now) > now]
    if not open_ones:
        raise NotAllowedNow(
            N_("Nobody was reminded: the deadline of these drafts has passed. Extend it first."),
            remedy="drafts.index",
        )
    for proposal in open_ones:
        proposal.reminded_at = now
        until = deadline(proposal, edition) or now
        _write_about(proposal, REMINDER, until, {"link": link_to(proposal)}, now=now)
    codes = [draft.code for draft in open_ones]
    record(edition.id, "draft.remind", by=by, now=now, proposals=codes)
    return len(open_ones)


def invite_entries(
    people: Sequence[tuple[Person, Agency]], edition: Edition, *, by: Person, now: datetime
) -> int:
    """Remind people whose agencies have no entry yet; return how many letters are queued."""
    window = edition.window(Stage.SUBMISSION)
    if window is None or not edition.is_open(Stage.SUBMISSION, now=now):
        raise NotAllowedNow(N_("Submission is not open."))
    for person, agency in people:
        values = {"name": person.name, "edition": edition, "agency": agency.name}
        values["until"] = letters.moment(window.closes_at, edition.zone, person.language)
        subject = N_("%(agency)s has no innovation in %(edition)s yet")
        outbox.queue_letter(
            person, subject=subject, body=NO_ENTRY, values=values, edition_id=edition.id, now=now
        )
    codes = sorted({agency.code for _, agency in people})
    record(edition.id, "agency.remind", by=by, now=now, agencies=codes)
    return len(people)


def check_open(proposal: Proposal, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless the proposal can be changed now."""
    if not proposal.is_editable:
        raise NotAllowedNow(N_("This proposal has been submitted and can't be changed any more."))
    if is_over(proposal, now=now):
        raise NotAllowedNow(N_("The deadline has passed. What was saved before is kept."))


def is_over(proposal: Proposal, *, now: datetime) -> bool:
    """Return whether the proposal's own time, or that for all, has passed or not begun."""
    end = deadline(proposal, proposal.edition)
    is_own = bool(proposal.correct_until or proposal.extended_until)
    is_open = is_own or proposal.edition.is_open(Stage.SUBMISSION, now=now)
    return not is_open or end is None or now >= end


def _write_about(
    proposal: Proposal, body: Message, until: datetime, values: dict[str, str], *, now: datetime
) -> None:
    edition = proposal.edition
    for author in proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("%(title)s: not submitted yet"),
            body=body,
            values={
                "name": author.name,
                "title": proposal.title or proposal.code,
                "edition": edition,
                "until": letters.moment(until, edition.zone, author.language),
            }
            | values,
            edition_id=edition.id,
            now=now,
        )
