"""Until when a proposal can be submitted, extensions and reminders included."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.accounts.models import Person
from app.accounts.throttle import try_again
from app.audit.chain import record
from app.clock import real_now
from app.editions.kinds import Stage
from app.editions.models import Edition
from app.editions.units import Agency
from app.mail import letters, outbox
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, Message, NotAllowedNow, check_reason

NOT_SUBMITTED, LATER = N_("%(title)s: not submitted yet"), N_("%(title)s: new deadline")
EXTENDED = N_(
    "Hello %(name)s,\n\n“%(title)s” can now be submitted to %(edition)s until "
    "%(until)s.\n\nReason: %(reason)s\n\n%(link)s"
)
REMINDER = N_(
    "Hello %(name)s,\n\n“%(title)s” is still a draft and has not been submitted. You can "
    "submit it to %(edition)s until %(until)s:\n\n%(link)s"
)
MOVED = N_(
    "Hello %(name)s,\n\nThe deadline of “%(title)s” has moved: it can now be submitted to "
    "%(edition)s until %(until)s, instead of %(before)s."
)
NO_ENTRY = N_(
    "Hello %(name)s,\n\nNo innovation from %(agency)s has been entered in %(edition)s yet. "
    "Every agency is asked to enter at least one a year. Submission is open until %(until)s."
)


LinkTo = Callable[[Proposal], str]
RECENTLY = timedelta(minutes=5)  # within which the same letter is not written twice


class ShortensExtension(DomainError):
    """Some of the drafts have a later deadline than the new one."""

    def __init__(self) -> None:
        super().__init__(
            N_("Some of these drafts already have a later deadline, which this would shorten.")
        )


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
    may_shorten: bool = False,
    by: Person,
    now: datetime,
) -> int:
    """Give these drafts a later deadline, with a reason; the authors are told (rule 2).

    Return how many got it: those that have exactly this deadline stay as they are. Raise
    `ShortensExtension` if some have a later one, unless it `may_shorten`.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so screening is over."))
    check_reason(reason)
    if until <= now:
        raise DomainError(N_("The new deadline must be in the future."))
    window = edition.window(Stage.SUBMISSION)
    if window and until <= window.closes_at:
        raise DomainError(
            N_("The deadline for everyone is already this late or later: choose a later time.")
        )
    extended = [draft for draft in drafts if draft.extended_until != until]
    if any((draft.extended_until or until) > until for draft in extended) and not may_shorten:
        raise ShortensExtension
    if not extended:
        return 0
    for proposal in extended:
        proposal.extended_until = until
        values = {"reason": reason, "link": link_to(proposal)}
        _write_about(proposal, LATER, EXTENDED, until, values, now=now)
    facts: dict[str, Any] = {"until": str(until), "proposals": [draft.code for draft in extended]}
    record(edition.id, "deadline.extend", by=by, now=now, reason=reason, **facts)
    return len(extended)


def remind_authors(
    drafts: Sequence[Proposal], edition: Edition, *, link_to: LinkTo, by: Person, now: datetime
) -> int:
    """Remind the authors of drafts that can still be submitted; return how many drafts.

    Those who were reminded a moment ago get no second letter. Raise `NotAllowedNow` if the deadline
    of all has passed.
    """
    open_ones = [draft for draft in drafts if (deadline(draft, edition) or now) > now]
    if not open_ones:
        raise NotAllowedNow(
            N_("No reminders were sent: the deadline of these drafts has passed. Extend it first."),
            remedy="drafts.index",
        )
    reminded = [
        draft
        for draft in open_ones
        if not (draft.reminded_at and now - draft.reminded_at < RECENTLY)
    ]
    for proposal in reminded:
        proposal.reminded_at = now
        until = deadline(proposal, edition) or now
        values = {"link": link_to(proposal)}
        _write_about(proposal, NOT_SUBMITTED, REMINDER, until, values, now=now)
    if reminded:
        codes = [draft.code for draft in reminded]
        record(edition.id, "draft.remind", by=by, now=now, proposals=codes)
    return len(reminded)


def tell_moved(
    drafts: Iterable[Proposal], edition: Edition, *, before: datetime, now: datetime
) -> None:
    """Tell the authors of these drafts that everybody's deadline has moved, where theirs has."""
    for proposal in drafts:
        until, own = deadline(proposal, edition), proposal.extended_until
        was = max(before, own) if own else before
        if until and until != was:
            _write_about(proposal, LATER, MOVED, until, {}, now=now, before=was)


def invite_entries(
    people: Sequence[tuple[Person, Agency]], edition: Edition, *, by: Person, now: datetime
) -> int:
    """Remind people whose agencies have no entry yet; return how many letters are queued.

    None are within minutes of the last ones.
    """
    window = edition.window(Stage.SUBMISSION)
    if window is None or not edition.is_open(Stage.SUBMISSION, now=now):
        raise NotAllowedNow(N_("Submission is not open."))
    if not try_again(f"no entry {edition.id}", limit=1, now=real_now(), period=RECENTLY):
        return 0
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
    """Raise `NotAllowedNow` unless its authors can change the proposal now."""
    if not proposal.is_editable:
        raise NotAllowedNow(N_("This proposal has been submitted and can no longer be changed."))
    if is_over(proposal, now=now):
        raise NotAllowedNow(N_("The deadline has passed. What you saved before it is kept."))


def can_change(proposal: Proposal, *, now: datetime) -> bool:
    """Return whether its authors can change the proposal now."""
    return proposal.is_editable and not is_over(proposal, now=now)


def is_over(proposal: Proposal, *, now: datetime) -> bool:
    """Return whether the proposal's own time, or that for all, has passed or not begun."""
    end = deadline(proposal, proposal.edition)
    is_own = bool(proposal.correct_until or proposal.extended_until)
    is_open = is_own or proposal.edition.is_open(Stage.SUBMISSION, now=now)
    return not is_open or end is None or now >= end


def _write_about(
    proposal: Proposal,
    subject: Message,
    body: Message,
    until: datetime,
    values: dict[str, str],
    *,
    now: datetime,
    before: datetime | None = None,
) -> None:
    edition = proposal.edition
    for author in proposal.authors:
        moments = [
            letters.moment(value, edition.zone, author.language)
            for value in (until, before or until)
        ]
        outbox.queue_letter(
            author,
            subject=subject,
            body=body,
            values={
                "name": author.name,
                "title": proposal.title or proposal.code,
                "edition": edition,
                "until": moments[0],
                "before": moments[1],
            }
            | values,
            edition_id=edition.id,
            now=now,
        )
