"""Finding feeds, and which presentations each of them holds."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.accounts.secrets import digest
from app.calendars.models import Feed
from app.calendars.tickets import Ticket
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import memberships_of
from app.proposals.models import Author, Proposal
from app.schedule.published import Appearance, Invitation
from app.schedule.queries import appearances
from app.screening.recusals import barred_for, evaluator_in


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


def appearances_for(person: Person, edition: Edition) -> list[Appearance]:
    """Return what belongs into the person's calendar, by their roles.

    The committee has all presentations, a judge those they are not recused from, an innovator
    their own; who has several roles gets what any of them gives.
    """
    every = appearances(edition)
    roles = {membership.role for membership in memberships_of(person, edition)}
    if roles & {Role.ORGANISER, Role.SCREENER, Role.OBSERVER}:
        return every
    own = set(db.session.scalars(select(Author.proposal_id).where(Author.person_id == person.id)))
    shown = own if Role.INNOVATOR in roles else set()
    if Role.JUDGE in roles:
        judge = evaluator_in(edition, person)
        shown |= {each.proposal_id for each in every} - barred_for(judge, edition)
    return [each for each in every if each.proposal_id in shown]
