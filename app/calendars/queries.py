"""Finding feeds, and which presentations each of them holds."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.accounts.secrets import digest
from app.calendars.models import Feed
from app.calendars.tickets import Ticket
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import memberships_of
from app.evaluation.recusals import barred_for, evaluator_in
from app.programme.models import Answer, Appearance, Invitation
from app.programme.queries import appearances
from app.proposals.lists import matching
from app.proposals.models import Author, Proposal
from app.workflow import COMPETING


def feed_with(token: str) -> Feed | None:
    """Return the live feed whose address holds this token."""
    return db.session.scalar(
        select(Feed)
        .where(Feed.token_hash == digest(token), Feed.revoked_at.is_(None))
        .options(joinedload(Feed.person), joinedload(Feed.edition))
    )


def live_feed(edition: Edition, person: Person) -> Feed | None:
    """Return the person's feed of the edition, if they have opened one."""
    return db.session.scalar(
        select(Feed).where(
            Feed.edition_id == edition.id,
            Feed.person_id == person.id,
            Feed.revoked_at.is_(None),
        )
    )


def invitation_for(ticket: Ticket) -> Invitation | None:
    """Return the invitation that a ticket lets somebody answer."""
    return db.session.scalar(
        select(Invitation)
        .where(
            Invitation.proposal_id == ticket.proposal_id, Invitation.person_id == ticket.person_id
        )
        .options(
            joinedload(Invitation.person),
            joinedload(Invitation.proposal).joinedload(Proposal.edition),
        )
    )


def invitations_of(person: Person, edition: Edition) -> Select[Invitation]:
    """Select the person's invitations, in order of time."""
    return (
        select(Invitation)
        .join(Invitation.proposal)
        .join(Appearance, Appearance.proposal_id == Invitation.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Invitation.person_id == person.id,
            Proposal.status.in_(COMPETING),
            Invitation.withdrawn_at.is_(None),
            Appearance.cancelled_at.is_(None),
        )
        .options(contains_eager(Invitation.proposal))
        .order_by(Appearance.starts_at, Invitation.proposal_id)
    )


def invited(edition: Edition, *, search: str, answer: Answer | None) -> Select[Invitation]:
    """Select the invitations that stand, by name and time, narrowed by name, title or agency."""
    statement = (
        _standing(edition)
        .options(contains_eager(Invitation.person), contains_eager(Invitation.proposal))
        .order_by(Person.name, Person.id, Appearance.starts_at, Invitation.proposal_id)
    )
    if search:
        in_name = func.lower(Person.name).contains(search.lower(), autoescape=True)
        statement = statement.where(or_(in_name, matching(search)))
    return statement.where(Invitation.answer == answer) if answer else statement


def answer_counts(edition: Edition) -> dict[Answer, int]:
    """Count the invitations that stand by what was answered."""
    answers = _standing(edition).with_only_columns(
        Invitation.answer, func.count(), maintain_column_froms=True
    )
    rows = db.session.execute(answers.group_by(Invitation.answer))
    return dict(rows.all())


def _standing(edition: Edition) -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Invitation.person)
        .join(Invitation.proposal)
        .join(Appearance, Appearance.proposal_id == Invitation.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Invitation.withdrawn_at.is_(None),
            Appearance.cancelled_at.is_(None),
        )
    )


def unanswered(person: Person, edition: Edition, *, now: datetime) -> Select[Invitation]:
    """Select the person's unanswered invitations to presentations that are not over."""
    return invitations_of(person, edition).where(
        Invitation.answer == Answer.OPEN, Appearance.ends_at > now
    )


def unanswered_count(person: Person, edition: Edition, *, now: datetime) -> int:
    """Count the person's unanswered invitations to presentations that are not over."""
    statement = unanswered(person, edition, now=now)
    counting = statement.with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(counting.options().order_by(None)) or 0


def appearances_for(person: Person, edition: Edition, only: Role | None = None) -> list[Appearance]:
    """Return what belongs in the person's calendar, by their roles or by one of them.

    The committee and observers get all presentations, judges those before their panel that no
    conflict bars them from, innovators their own; people with several roles get what any gives.
    """
    every = appearances(edition)
    held = {membership.role for membership in memberships_of(person, edition)}
    roles = held & {only} if only else held
    if roles & {Role.ORGANISER, Role.SCREENER, Role.OBSERVER}:
        return every
    shown: set[int] = set()
    if Role.INNOVATOR in roles:
        own = select(Author.proposal_id).where(Author.person_id == person.id)
        shown |= set(db.session.scalars(own))
    if Role.JUDGE in roles:
        shown |= _judged(every, person) - barred_for(evaluator_in(edition, person), edition)
    return [appearance for appearance in every if appearance.proposal_id in shown]


def _judged(every: list[Appearance], person: Person) -> set[int]:
    """Return the ids of proposals the person judges; without published judges, everyone does."""
    return {
        appearance.proposal_id
        for appearance in every
        if not appearance.judges or person.id in appearance.judges
    }
