"""Telling the people whom a published change affects, once, with an invitation for calendars.

Publishing writes the changes; the worker writes their letters here, each change's together with
the mark that it has been told, so that a crash neither loses nor repeats one.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.calendars import queries
from app.calendars.entries import (
    calendar_zone,
    category_of,
    presentation_of,
    proposal_in,
    uid_of,
)
from app.calendars.ics import (
    Attendee,
    Frame,
    Method,
    Party,
    Presentation,
    digest,
    entry,
    invitation,
)
from app.calendars.replies import Reply
from app.calendars.tickets import Ticket
from app.database import db, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.mail import letters, outbox
from app.programme.models import Answer, Appearance, Change, ChangeKind, Invitation, Version
from app.proposals.models import Proposal
from app.workflow import COMPETING, N_, DomainError, Message, NotAllowedNow

SUBJECT = N_("Presentation: %(title)s")
NEW = N_(
    "Hello %(name)s,\n\n“%(title)s” will be presented:\n\n%(moment)s\n%(place)s\n\nTell us "
    "whether you can attend:\n%(link)s"
)
TO_JUDGE = N_(
    "Hello %(name)s,\n\nYou have been asked to judge "
    "“%(title)s”:\n\n%(moment)s\n%(place)s\n\nTell us whether you can attend:\n%(link)s"
)
MOVED = N_(
    "Hello %(name)s,\n\nThe presentation of “%(title)s” has moved.\n\nBefore: "
    "%(before)s\n%(was_place)s\n\nNow: %(moment)s\n%(place)s\n\nTell us whether you can "
    "attend:\n%(link)s"
)
CANCELLED = N_(
    "Hello %(name)s,\n\nThe presentation of “%(title)s” no longer has a slot.\n\nIt was: "
    "%(before)s\n%(was_place)s"
)
RELEASED = N_(
    "Hello %(name)s,\n\nYou are no longer judging the presentation of "
    "“%(title)s”:\n\n%(moment)s\n%(place)s"
)
ANSWERED = N_(
    "Hello %(name)s,\n\nYour e-mailed answer to the invitation to “%(title)s” has been "
    "recorded: %(answer)s.\n\nIf you did not send it, or your answer has changed, answer "
    "here:\n%(link)s"
)
BATCH = 50


@dataclass(frozen=True)
class Sender:
    """The addresses that stand in a letter, and `believes`: which answers by mail are genuine."""

    organizer_of: Callable[[Ticket], str]
    page_of: Callable[[Edition, Proposal], str]
    answer_at: Callable[[Ticket], str]
    believes: Callable[[Reply, Ticket], bool]


def tell_changes(sender: Sender, *, now: datetime) -> int:
    """Write the letters of all changes not told yet; return how many changes there were."""
    told = 0
    while batch := tell_some(sender, now=now):
        told += batch
    return told


def tell_some(sender: Sender, *, now: datetime) -> int:
    """Write the letters of the oldest changes of one edition; return how many changes."""
    with transaction(writing=True):
        slug = db.session.scalar(
            select(Edition.slug)
            .join(Version, Version.edition_id == Edition.id)
            .join(Change, Change.version_id == Version.id)
            .where(Change.told_at.is_(None))
            .order_by(Change.id)
            .limit(1)
        )
        edition = locked_edition(slug) if slug else None
        if edition is None:
            return 0
        waiting = db.session.scalars(_waiting(edition)).all()
        for change in waiting:
            _tell_change(change, edition, sender, now=now)
            _keep_entry(change, edition, sender)
            change.told_at = now
        return len(waiting)


def lock_invitation(found: Invitation) -> Edition:
    """Lock the invitation's edition; reread the invitation, which may have changed meanwhile."""
    edition = locked_edition(found.proposal.edition.slug) or found.proposal.edition
    db.session.refresh(found)
    return edition


def keep_answer(
    found: Invitation, given: Answer, edition: Edition, *, revision: int, now: datetime
) -> None:
    """Save an answer to the invitation as it was at this revision.

    Raise `NotAllowedNow` if it has been withdrawn or has moved since, or is over.
    """
    if found.withdrawn_at is not None or edition.is_confirmed:
        raise NotAllowedNow(N_("This invitation has been withdrawn: there is nothing to answer."))
    if revision < found.revision:
        raise NotAllowedNow(
            N_("This answer is for an earlier time; the presentation has moved since.")
        )
    if db.session.get_one(Appearance, found.proposal_id).ends_at <= now:
        raise NotAllowedNow(N_("The presentation is over, so no answer is needed."))
    found.answer, found.answered_at, found.answer_stamp, found.comment = given, now, now, ""
    subject = f"{found.proposal.code} {given}"
    record(edition.id, "invitation.answer", by=found.person, now=now, subject=subject)


def accept_all(edition: Edition, person: Person, *, now: datetime) -> int:
    """Accept all the invitations that the person has not answered yet; return how many."""
    found = db.session.scalars(queries.unanswered(person, edition, now=now)).all()
    for pending in found:
        keep_answer(pending, Answer.ACCEPTED, edition, revision=pending.revision, now=now)
    return len(found)


def take_reply(reply: Reply, sender: Sender, *, now: datetime) -> Invitation:
    """Save the answer that a calendar program sent by mail, and tell who gave it.

    Return the invitation. Raise `DomainError` if it answers no invitation of ours or nothing proves
    it to be genuine, `NotAllowedNow` if it answers an older time than the current one, or a later
    answer is known (RFC 5546, 2.1.5).
    """
    found = db.session.scalar(
        select(Invitation)
        .join(Invitation.person)
        .join(Invitation.proposal)
        .where(Person.email == reply.attendee, Proposal.id == proposal_in(reply.uid))
        .options(joinedload(Invitation.person), joinedload(Invitation.proposal))
    )
    if found is None or uid_of(found.proposal, found.proposal.edition) != reply.uid:
        raise DomainError(N_("This invitation does not exist."))
    if reply.sender != reply.attendee:
        raise DomainError(N_("The answer was not sent by the person it names."))
    ticket = Ticket(found.proposal_id, found.person_id)
    if not sender.believes(reply, ticket):
        raise DomainError(N_("There is no proof that the answer comes from the person it names."))
    edition = lock_invitation(found)
    if reply.sequence > found.revision:
        raise DomainError(N_("This invitation does not exist."))
    if found.answer_stamp and reply.stamp < found.answer_stamp:
        raise NotAllowedNow(N_("A later answer has already been recorded."))
    keep_answer(found, reply.answer, edition, revision=reply.sequence, now=now)
    found.answer_stamp, found.comment = reply.stamp, reply.comment
    _tell_of_answer(found, edition, sender.answer_at(ticket), now=now)
    return found


def _tell_of_answer(found: Invitation, edition: Edition, link: str, *, now: datetime) -> None:
    """Write to the person whose answer came by mail, so that they notice if it was not theirs."""
    title = found.proposal.title
    outbox.queue_letter(
        found.person,
        subject=N_("Your answer: %(title)s"),
        body=ANSWERED,
        values={
            "name": found.person.name,
            "title": title,
            "answer": found.answer.label,
            "link": link,
        },
        edition_id=edition.id,
        now=now,
    )


@dataclass(frozen=True)
class _News:
    """One change to tell people about, with the invitations sent before it."""

    change: Change
    edition: Edition
    sender: Sender
    known: Mapping[int, Invitation]
    authors: frozenset[int]
    now: datetime

    def invite(self, person: Person) -> None:
        """Invite the person, or tell them that it has moved; an earlier answer becomes void."""
        held = self.known.get(person.id)
        is_new = held is None or held.withdrawn_at is not None
        if held is None:
            held = Invitation(proposal_id=self.change.proposal_id, person_id=person.id)
            db.session.add(held)
        held.revision, held.withdrawn_at = self.change.revision, None
        held.answer, held.answered_at = Answer.OPEN, None
        held.answer_stamp, held.comment = None, ""
        first = NEW if person.id in self.authors else TO_JUDGE
        body = first if is_new or self.change.was_starts_at is None else MOVED
        link = self.sender.answer_at(Ticket(self.change.proposal_id, person.id))
        self._write(person, body, "REQUEST", link)

    def let_go(self, person: Person) -> None:
        """Tell the person that it is cancelled, or that they no longer judge it."""
        held = self.known.get(person.id)
        if held is not None:
            held.withdrawn_at, held.revision = self.now, self.change.revision
        is_cancelled = self.change.kind is ChangeKind.CANCELLED
        self._write(person, CANCELLED if is_cancelled else RELEASED, "CANCEL")

    def _write(self, person: Person, body: Message, method: Method, link: str = "") -> None:
        change = self.change
        outbox.queue_letter(
            person,
            subject=SUBJECT,
            body=body,
            values={
                "name": person.name,
                "title": change.proposal.title,
                "moment": self._moment(change.starts_at, person),
                "place": change.location,
                "before": self._moment(change.was_starts_at, person),
                "was_place": change.was_location,
                "link": link,
            },
            edition_id=self.edition.id,
            calendar=invitation(self._frame(), self._presentation(person), method).decode(),
            now=self.now,
        )

    def _moment(self, value: datetime | None, person: Person) -> str:
        return letters.moment(value, self.edition.zone, person.language) if value else ""

    def _frame(self) -> Frame:
        year = self.change.version.published_at.year
        around = datetime(year, 7, 1, tzinfo=UTC)
        return Frame(self.edition.name, calendar_zone(self.edition), around)

    def _presentation(self, person: Person) -> Presentation:
        """Return the calendar entry; a cancellation names the former time."""
        change = self.change
        ticket = Ticket(change.proposal_id, person.id)
        starts_at = change.starts_at or change.was_starts_at or change.version.published_at
        return Presentation(
            uid=uid_of(change.proposal, self.edition),
            revision=change.revision,
            stamp=change.version.published_at,
            starts_at=starts_at,
            ends_at=change.ends_at or change.was_ends_at or starts_at,
            timezone=calendar_zone(self.edition),
            title=change.proposal.title,
            location=change.location or change.was_location,
            url=self.sender.page_of(self.edition, change.proposal),
            category=category_of(change.proposal),
            description=change.proposal.agency.name,
            organizer=Party(self.edition.name, self.sender.organizer_of(ticket)),
            attendees=(Attendee(person.name, person.email),),
        )


def _waiting(edition: Edition) -> Select[Change]:
    return (
        select(Change)
        .join(Change.version)
        .where(Change.told_at.is_(None), Version.edition_id == edition.id)
        .options(
            contains_eager(Change.version),
            joinedload(Change.proposal).joinedload(Proposal.agency),
            joinedload(Change.proposal).joinedload(Proposal.category),
            joinedload(Change.proposal).selectinload(Proposal.authors),
        )
        .order_by(Change.id)
        .limit(BATCH)
    )


def _tell_change(change: Change, edition: Edition, sender: Sender, *, now: datetime) -> None:
    """Write the letters of one change to those it affects; people without news get none."""
    is_gone = change.proposal.status not in COMPETING
    if is_gone and change.kind is not ChangeKind.CANCELLED:
        return  # withdrawn since; the next version cancels it
    if change.kind is not ChangeKind.CANCELLED and change.ends_at and change.ends_at <= now:
        return  # over before anybody could be told
    known = {sent.person_id: sent for sent in _invitations(change.proposal)}
    authors = frozenset(author.id for author in change.proposal.authors)
    invited = {person_id for person_id, sent in known.items() if sent.withdrawn_at is None}
    wanted = set() if change.kind is ChangeKind.CANCELLED else authors | set(change.judges)
    asked = wanted - invited if change.kind is ChangeKind.JUDGES else wanted
    let_go = invited - wanted
    news = _News(change, edition, sender, known, authors, now)
    for person in _people(asked | let_go):
        if person.id in asked:
            news.invite(person)
        else:
            news.let_go(person)


def _keep_entry(change: Change, edition: Edition, sender: Sender) -> None:
    """Store the presentation's lines for every feed that holds it."""
    appearance = db.session.get_one(Appearance, change.proposal_id)
    page = sender.page_of(edition, change.proposal)
    presentation = presentation_of(edition, appearance, page)
    appearance.entry, appearance.entry_digest = entry(presentation), digest(presentation)


def _invitations(proposal: Proposal) -> list[Invitation]:
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.proposal_id == proposal.id)
            .order_by(Invitation.person_id)
        )
    )


def _people(ids: Collection[int]) -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)))
