"""What an agency enters: its co-authors, and its delegate's endorsement and ranking."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update

from app.accounts import throttle
from app.accounts.actions import LinkTo, invite, person_named
from app.accounts.models import Person
from app.accounts.queries import person_with
from app.audit.chain import record
from app.clock import real_now
from app.database import db
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.queries import memberships_of
from app.editions.roles import end_role, grant_role
from app.editions.ties import ties_changed
from app.mail import outbox
from app.names import quoted
from app.proposals import queries
from app.proposals.deadlines import check_open
from app.proposals.models import MOST_AUTHORS, Author, Proposal
from app.workflow import N_, DomainError, Message, NotAllowedNow, Overtaken, Status, check_reason

LAST_PLACE = 999
MADE_AUTHOR = N_("Co-author of “%(title)s”")
CO_AUTHOR = N_(
    "Hello %(name)s,\n\n%(by)s has made you a co-author of “%(title)s” in %(edition)s.\n\n%(link)s"
)
NO_LONGER_AUTHOR = N_("You are no longer an author of “%(title)s”")
REMOVED = N_(
    "Hello %(name)s,\n\n%(by)s has removed you as an author of “%(title)s” in %(edition)s. If this "
    "is a mistake, tell them or the organiser."
)


def add_author(
    proposal: Proposal,
    *,
    email: str,
    name: str,
    link: str,
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> Person:
    """Make somebody from the proposal's agency a co-author, as an author while it can be changed.

    A new person is invited.
    """
    check_open(proposal, now=now)
    return _add(proposal, email, name, {}, link=link, link_to=link_to, by=by, now=now)


def appoint_author(
    proposal: Proposal,
    *,
    email: str,
    name: str,
    reason: str,
    link: str,
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> Person:
    """Make somebody an author as the organiser or delegate, at any time and with a reason."""
    check_reason(reason)
    facts = {"reason": reason}
    return _add(proposal, email, name, facts, link=link, link_to=link_to, by=by, now=now)


def remove_author(proposal: Proposal, person: Person, *, by: Person, now: datetime) -> None:
    """Remove an author, as an author while the proposal can be changed; one always stays.

    A role that came with being made an author goes with the last proposal.
    """
    check_open(proposal, now=now)
    _remove(proposal, person, {}, by=by, now=now)


def dismiss_author(
    proposal: Proposal, person: Person, *, reason: str, by: Person, now: datetime
) -> None:
    """Remove an author as the organiser or delegate, at any time and with a reason."""
    check_reason(reason)
    _remove(proposal, person, {"reason": reason}, by=by, now=now)


def check_not_alone(membership: Membership) -> None:
    """Raise `NotAllowedNow` if proposals that take part would have no author who may act."""
    alone = queries.written_alone(membership)
    if alone:
        raise NotAllowedNow(
            N_(
                "Only %(name)s can act for these proposals, which are still in the "
                "competition: %(codes)s. Open each one and name another author first; the role "
                "stays until then."
            ),
            remedy="proposals.index",
            name=membership.person.name,
            codes=", ".join(proposal.code for proposal in alone),
        )


def name_presenters(
    proposal: Proposal, presenters: Collection[int], *, by: Person, now: datetime
) -> None:
    """Set which authors (ids) present it; the schedule is made around their other duties."""
    check_unconfirmed(proposal.edition, SCHEDULE_STANDS)
    if not set(presenters) & {author.id for author in proposal.authors}:
        raise DomainError(N_("At least one author must present it."))
    rows = db.session.scalars(select(Author).where(Author.proposal_id == proposal.id))
    for row in rows:
        row.is_presenter = row.person_id in presenters
    chosen = sorted(presenters)
    code = proposal.code
    record(proposal.edition_id, "author.present", by=by, now=now, subject=code, presenters=chosen)


def endorse_entry(proposal: Proposal, *, version: int, by: Person, now: datetime) -> None:
    """Endorse this version of an entry for its agency; that holds until the text changes."""
    _check_running(proposal)
    if proposal.version != version:
        raise Overtaken(N_("The proposal has changed since you opened this page. Read it again."))
    proposal.endorsed_at, proposal.endorsed_by_id = now, by.id
    record(proposal.edition_id, "proposal.endorse", by=by, now=now, subject=proposal.code)


def take_back_endorsement(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Take the endorsement back."""
    _check_running(proposal)
    proposal.endorsed_at = proposal.endorsed_by_id = None
    record(proposal.edition_id, "proposal.unendorse", by=by, now=now, subject=proposal.code)


def rank_entries(
    edition: Edition, agency_id: int, places: Mapping[int, int | None], *, by: Person, now: datetime
) -> None:
    """Rank an agency's entries; `places` has each proposal's number with its place, or None.

    Where a quota applies, only that many can be submitted, from the first place on.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so screening is over."))
    given = [place for place in places.values() if place is not None]
    if len(set(given)) < len(given) or any(not 1 <= place <= LAST_PLACE for place in given):
        raise DomainError(N_("Give each proposal a different priority, starting from 1."))
    entries = queries.entries_of(edition, agency_id)
    for entry in entries:
        entry.agency_rank = None
    db.session.flush()  # before the new ones: two entries may swap their places
    for entry in entries:
        entry.agency_rank = places.get(entry.number)
    order = {entry.code: entry.agency_rank for entry in entries}
    record(edition.id, "entries.rank", by=by, now=now, subject=f"agency {agency_id}", order=order)


def _add(
    proposal: Proposal,
    email: str,
    name: str,
    facts: dict[str, str],
    *,
    link: str,
    link_to: LinkTo,
    by: Person,
    now: datetime,
) -> Person:
    if len(proposal.authors) >= MOST_AUTHORS:
        raise DomainError(N_("A proposal has at most %(count)s authors."), count=MOST_AUTHORS)
    person = person_with(email)
    is_member = person is not None and _is_innovator(person, proposal)
    if person in proposal.authors:
        raise Overtaken(N_("This person is already an author."))
    if person is None or person.password_hash is None:
        _check_invited(by)
    if person is None:
        person = person_named(email, name, now=now)
    if not is_member:
        _give_role(person, proposal, by=by, now=now)
    proposal.authors.append(person)
    db.session.flush()
    subject = f"{proposal.code} person {person.id}"
    record(proposal.edition_id, "author.add", by=by, now=now, subject=subject, **facts)
    ties_changed(proposal.edition, person=person, by=by, now=now)
    if _is_news("author", person, proposal, by=by):
        if person.password_hash is None and not is_member:
            invite(
                person,
                edition=proposal.edition,
                role=Role.INNOVATOR.label,
                link_to=link_to,
                now=real_now(),
            )
        _tell(person, proposal, MADE_AUTHOR, CO_AUTHOR, link=link, by=by, now=now)
    return person


def _remove(
    proposal: Proposal, person: Person, facts: dict[str, str], *, by: Person, now: datetime
) -> None:
    if not queries.acting_authors(proposal) - {person.id}:
        raise NotAllowedNow(N_("The last author can't be removed."))
    proposal.authors.remove(person)
    db.session.flush()
    if not queries.presenters(proposal):
        db.session.execute(
            update(Author).where(Author.proposal_id == proposal.id).values(is_presenter=True)
        )
    subject = f"{proposal.code} person {person.id}"
    record(proposal.edition_id, "author.remove", by=by, now=now, subject=subject, **facts)
    if person.id != by.id and _is_news("no author", person, proposal, by=by):
        _tell(person, proposal, NO_LONGER_AUTHOR, REMOVED, by=by, now=now)
    held = memberships_of(person, proposal.edition)
    is_only_author = len(held) == 1 and held[0].is_from_authorship and not held[0].is_delegate
    if is_only_author and not queries.writes_in(person, proposal.edition):
        end_role(held[0], by=by, now=now)


def _is_innovator(person: Person, proposal: Proposal) -> bool:
    """Return whether the person is an innovator of the proposal's agency.

    Raise `DomainError` for whoever can't become one, in the same words for all: an author must not
    find out by them who judges, runs or administers the competition.
    """
    held = memberships_of(person, proposal.edition)
    is_other = any(
        membership.role is not Role.INNOVATOR or membership.agency_id != proposal.agency_id
        for membership in held
    )
    if is_other or person.is_site_admin:
        raise DomainError(
            N_("This person can't be an author of this proposal. The organiser can tell you more.")
        )
    return bool(held)


def _check_invited(by: Person) -> None:
    """Raise `DomainError` when somebody has invited too many people within a day."""
    key = f"invited by {by.id}"
    limit = throttle.INVITED_A_DAY
    if not throttle.try_again(key, limit=limit, now=real_now(), period=throttle.DAY):
        raise DomainError(
            N_(
                "You have invited %(count)s new people in one day. They stay invited, but "
                "nobody was added this time. Continue tomorrow, or ask the organiser to invite "
                "them."
            ),
            count=limit,
        )


def _give_role(person: Person, proposal: Proposal, *, by: Person, now: datetime) -> None:
    membership = grant_role(
        proposal.edition, person, Role.INNOVATOR, agency=proposal.agency, by=by, now=now
    )
    membership.is_from_authorship = True


def _is_news(what: str, person: Person, proposal: Proposal, *, by: Person) -> bool:
    """Return whether a letter may tell of it: whoever is added and removed gets no flood."""
    counted = (
        (f"{what} {person.id} of {proposal.id}", 1),
        (f"{what} {person.id} by {by.id}", throttle.ADDED_AN_HOUR),
    )
    now, period = real_now(), throttle.HOUR
    return all(
        throttle.try_again(key, limit=limit, now=now, period=period) for key, limit in counted
    )


def _tell(
    person: Person,
    proposal: Proposal,
    subject: Message,
    body: Message,
    *,
    link: str = "",
    by: Person,
    now: datetime,
) -> None:
    values = {
        "name": quoted(person.name, instead=person.email),
        "by": quoted(by.name, instead=by.email),
        "title": quoted(proposal.title, instead=proposal.code),
        "link": link,
    }
    outbox.queue_letter(
        person,
        subject=subject,
        body=body,
        values=values | {"edition": proposal.edition},
        edition_id=proposal.edition_id,
        now=now,
    )


def _check_running(proposal: Proposal) -> None:
    if proposal.edition.is_frozen or proposal.status in {Status.WITHDRAWN, Status.DISQUALIFIED}:
        raise NotAllowedNow(
            N_("This can't be done while the proposal's status is “%(status)s”."),
            status=proposal.status.label,
        )
