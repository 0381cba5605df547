"""The decree: until one makes it final, a published result is provisional (rule 16)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.awards.letters import tell_entrants
from app.awards.models import Result
from app.awards.publication import queries
from app.awards.publication.models import Decree
from app.awards.publication.objections import objecting_until
from app.awards.queries import result_of
from app.database import db, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.proposals.files import check_pdf, digest_of
from app.workflow import N_, NN_, DomainError, NotAllowedNow

MEGABYTES = 10


@dataclass(frozen=True)
class DecreeFacts:
    """What a decree says of itself, and from when on it makes the result final."""

    number: str
    dated: date
    signed_by: str
    final_at: datetime


def record_decree(
    edition: Edition, facts: DecreeFacts, scan: bytes | None, *, by: Person, now: datetime
) -> Decree:
    """Record the decree on a public result, or correct it until it makes the result final.

    Without a new `scan` (a PDF) an earlier one stays. Raise `NotAllowedNow` while entrants can
    still object, or an objection has no answer.
    """
    check_decreeable(edition, result_of(edition), now=now)
    decree = queries.decree_of(edition)
    if decree is not None and decree.is_final(now):
        raise NotAllowedNow(N_("The decree has made the result final. It can only be withdrawn."))
    if facts.final_at < now:
        raise DomainError(N_("This time is in the past. Choose a later time."))
    if facts.dated > facts.final_at.astimezone(edition.zone).date():
        raise DomainError(N_("The result can't become final before the date of its decree."))
    if decree is None:
        decree = Decree(edition_id=edition.id, scan_sha256="")
        db.session.add(decree)
    decree.number, decree.dated, decree.signed_by = facts.number, facts.dated, facts.signed_by
    decree.final_at, decree.recorded_by_id, decree.recorded_at = facts.final_at, by.id, now
    if scan is not None:
        check_pdf(scan, megabytes=MEGABYTES)
        decree.scan, decree.scan_sha256 = scan, digest_of(scan)
    db.session.flush()
    record(
        edition.id,
        "decree.record",
        by=by,
        now=now,
        number=facts.number,
        dated=str(facts.dated),
        final_at=str(facts.final_at),
        scan=decree.scan_sha256,
    )
    return decree


def tell_of_finality(*, link_to: Callable[[str], str], now: datetime) -> int:
    """Tell entrants, as the worker, that a decree has made their result final; return of how many.

    `link_to` gives the address of the results of the edition with this slug.
    """
    with transaction(writing=False):
        slugs = queries.slugs_of_untold(now=now)
    for slug in slugs:
        with transaction(writing=True):
            edition = locked_edition(slug)
            decree = queries.decree_of(edition) if edition else None
            if edition and decree and decree.is_final(now) and decree.told_at is None:
                decree.told_at = now
                _tell_entrants(edition, decree, link_to(slug), now=now)
    return len(slugs)


def _tell_entrants(edition: Edition, decree: Decree, link: str, *, now: datetime) -> None:
    tell_entrants(
        edition,
        subject=N_("The result of %(edition)s is final"),
        body=N_(
            "Hello %(name)s,\n\nThe result of %(edition)s is final, by decree %(number)s. These "
            "are your proposals:\n\n%(entries)s"
        ),
        values={"number": decree.number},
        link_to=lambda _proposal: link,
        due_at=now,
        now=now,
    )


def can_be_decreed(edition: Edition, *, now: datetime) -> bool:
    """Return whether a decree on the edition's result can be recorded now."""
    try:
        check_decreeable(edition, result_of(edition), now=now)
    except NotAllowedNow:
        return False
    return True


def check_decreeable(edition: Edition, result: Result | None, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless a decree on the result can be recorded now."""
    if result is None or not result.is_public(now):
        raise NotAllowedNow(N_("The decree follows the publication of the result."))
    until = objecting_until(edition, result)
    if until is not None and now < until:
        raise NotAllowedNow(N_("Entrants can object until %(moment)s."), moment=until)
    unanswered = queries.unanswered_in(edition)
    if unanswered:
        raise NotAllowedNow(
            NN_(
                "%(count)s objection has no answer yet.",
                "%(count)s objections have no answer yet.",
            ),
            remedy="objections.index",
            count=unanswered,
        )
    if queries.withdrawal_of(edition) is not None:
        raise NotAllowedNow(N_("Somebody has asked to withdraw this result."))
