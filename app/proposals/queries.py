"""Finding proposals, always within what the user may see."""

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.database import db
from app.editions.models import Agency, Edition, Role
from app.editions.permissions import User
from app.proposals.models import Author, Proposal, Submission
from app.workflow import COMPETING, SUBMITTED_ONCE, Status


def visible_proposals(user: User, edition: Edition) -> Select[Proposal]:
    """Select the proposals that the user may see, by number."""
    own = select(Author.proposal_id).where(
        Author.person_id == (user.person.id if user.person else 0)
    )
    return (
        select(Proposal)
        .where(
            Proposal.edition_id == edition.id,
            or_(
                and_(
                    Proposal.status.in_(visible_statuses(user)),
                    or_(Proposal.submitted_at.is_not(None), literal(user.is_a(Role.ORGANISER))),
                ),
                Proposal.id.in_(own),
            ),
        )
        .order_by(Proposal.number)
    )


def visible_statuses(user: User) -> frozenset[Status]:
    """Return the statuses in which the user may read any proposal of the edition.

    The committee reads what was submitted, a judge what is presented; an author's own come on top.
    """
    if user.is_a(Role.ORGANISER):
        return frozenset(Status)
    if user.is_a(Role.SCREENER, Role.OBSERVER):
        return SUBMITTED_ONCE
    if user.is_a(Role.JUDGE):
        return COMPETING
    return frozenset()


def visible_proposal(user: User, edition: Edition, number: int) -> Proposal | None:
    """Return the proposal of this number with everything its page shows, if the user may see it."""
    return db.session.scalar(
        visible_proposals(user, edition)
        .where(Proposal.number == number)
        .options(
            joinedload(Proposal.agency),
            joinedload(Proposal.category),
            selectinload(Proposal.authors),
            selectinload(Proposal.texts),
            selectinload(Proposal.attachments),
        )
    )


def proposals_of(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals that the user writes."""
    person_id = user.person.id if user.person else 0
    statement = (
        select(Proposal)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(Proposal.edition_id == edition.id, Author.person_id == person_id)
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number)
    )
    return list(db.session.scalars(statement))


def filtered(
    proposals: Select[Proposal], *, search: str, status: Status | None
) -> Select[Proposal]:
    """Narrow a selection by a part of title or agency, and by status."""
    statement = proposals.join(Agency, Agency.id == Proposal.agency_id).options(
        joinedload(Proposal.agency)
    )
    if search:
        pattern = f"%{_escaped(search.lower())}%"
        statement = statement.where(
            or_(
                func.lower(Proposal.title).like(pattern, escape="\\"),
                func.lower(Agency.name).like(pattern, escape="\\"),
            )
        )
    return statement.where(Proposal.status == status) if status else statement


def next_number(edition: Edition) -> int:
    """Return the registration number that comes next; the caller holds the edition's lock."""
    last = db.session.scalar(
        select(func.max(Proposal.number)).where(Proposal.edition_id == edition.id)
    )
    return (last or 0) + 1


def submissions_of(proposal: Proposal) -> list[Submission]:
    """Return the receipts of the proposal, the newest first."""
    statement = (
        select(Submission)
        .where(Submission.proposal_id == proposal.id)
        .options(joinedload(Submission.person))
        .order_by(Submission.id.desc())
    )
    return list(db.session.scalars(statement))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
