"""Asking what became of innovations, a year after the result, and saying so."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.accounts.models import Person
from app.audit.chain import record
from app.awards.queries import result_of
from app.database import db, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.gallery.follow_up.models import Afterwards, FollowUp, FollowUpCall
from app.gallery.follow_up.queries import LastCall, last_calls, newest_call, unreported
from app.mail import outbox
from app.proposals.models import Proposal
from app.workflow import COMPETING, N_, NotAllowedNow

YEAR = timedelta(days=365)
LinkToReport = Callable[[Proposal], str]


def year_in(edition: Edition, now: datetime) -> int:
    """Return the year that it is in the edition's zone."""
    return now.astimezone(edition.zone).year


def can_report(proposal: Proposal, *, now: datetime) -> bool:
    """Return whether its authors can say what became of it: once the result is public."""
    result = result_of(proposal.edition) if proposal.status in COMPETING else None
    return result is not None and result.is_public(now)


def report(
    proposal: Proposal,
    state: Afterwards,
    *,
    replicated_in: str,
    note: str,
    by: Person,
    now: datetime,
) -> None:
    """Say what became of an innovation; it replaces what was said earlier in the same year."""
    if not can_report(proposal, now=now):
        raise NotAllowedNow(N_("This can be told once the result is public."))
    year = year_in(proposal.edition, now)
    key = (proposal.id, year)
    own = db.session.get(FollowUp, key) or FollowUp(proposal_id=proposal.id, year=year)
    own.state, own.replicated_in, own.note = state, replicated_in, note
    own.reported_by_id, own.reported_at = by.id, now
    db.session.add(own)
    db.session.flush()
    record(
        proposal.edition_id,
        "follow_up.report",
        by=by,
        now=now,
        subject=proposal.code,
        state=state.value,
        year=year,
        places=len(own.places),
    )


def ask_authors(
    edition: Edition, *, link_to: LinkToReport, by: Person | None, now: datetime
) -> int:
    """Ask the authors of whose innovations nothing is known this year; return how many those are.

    Once a year; raise `NotAllowedNow` before the result is public, or if they were asked already.
    """
    year, call = year_in(edition, now), newest_call(edition)
    result = result_of(edition)
    if result is None or not result.is_public(now):
        raise NotAllowedNow(N_("This can be asked once the result is public."))
    if call is not None and call.year >= year:
        raise NotAllowedNow(N_("The innovators have already been asked this year."))
    asked = list(db.session.scalars(unreported(edition, year)))
    db.session.add(FollowUpCall(edition_id=edition.id, year=year, called_at=now))
    db.session.flush()
    record(edition.id, "follow_up.ask", by=by, now=now, year=year, innovations=len(asked))
    for proposal in asked:
        _write(proposal, link_to(proposal), now=now)
    return len(asked)


def ask_some(*, link_to: LinkToReport, now: datetime) -> int:
    """Ask the authors of one edition whose result is a year old; return of how many innovations."""
    with transaction(writing=False):
        calls = last_calls(since=now - 2 * YEAR, until=now - YEAR)
        slugs = [last.edition.slug for last in calls if _is_due(last, now)]
    for slug in slugs[:1]:
        with transaction(writing=True):
            edition = locked_edition(slug)
            if edition is not None:
                return ask_authors(edition, link_to=link_to, by=None, now=now)
    return 0


def _is_due(last: LastCall, now: datetime) -> bool:
    """Return whether authors weren't asked since the result was a year old, nor this year."""
    if last.called_at is None:
        return True
    is_earlier = year_in(last.edition, last.called_at) < year_in(last.edition, now)
    return is_earlier and last.called_at < last.publish_at + YEAR


def _write(proposal: Proposal, link: str, *, now: datetime) -> None:
    for author in proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("What became of “%(title)s”?"),
            body=N_(
                "Hello %(name)s,\n\n“%(title)s” took part in %(edition)s. Does it continue, has "
                "it stopped, where has it been replicated? Others learn from your answer, which "
                "everyone can read:\n\n%(link)s"
            ),
            values={
                "name": author.name,
                "title": proposal.title,
                "edition": proposal.edition,
                "link": link,
            },
            edition_id=proposal.edition_id,
            now=now,
        )
