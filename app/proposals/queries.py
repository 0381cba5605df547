"""Finding proposals, always within what the user may see."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.parts import DocumentRequirement, Section, answer
from app.editions.permissions import User
from app.editions.units import Agency
from app.proposals.models import Attachment, Author, Proposal, SectionText, Submission, Upload
from app.workflow import COMPETING, EDITABLE, RUNNING, SUBMITTED_ONCE, Status


def visible_proposals(user: User, edition: Edition) -> Select[Proposal]:
    """Select the proposals that the user may see, by number.

    Authors see their own, an agency's delegate all of its entries, the others go by the status.
    """
    return _visible(visible_statuses(user)).params(_whose(user, edition))


def visible_statuses(user: User) -> frozenset[Status]:
    """Return the statuses in which the user may read any proposal.

    The organiser reads all, the committee what was submitted, a judge what is presented.
    """
    if user.is_a(Role.ORGANISER):
        return frozenset(Status)
    if user.is_a(Role.SCREENER, Role.OBSERVER):
        return SUBMITTED_ONCE
    return COMPETING if user.is_a(Role.JUDGE) else frozenset()


def visible_proposal(user: User, edition: Edition, number: int) -> Proposal | None:
    """Return the proposal of this number, if the user may see it."""
    values = _whose(user, edition) | {"number": number}
    return db.session.scalar(_visible_numbered(visible_statuses(user)), values)


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


def writes_in(person: Person, edition: Edition) -> bool:
    """Return whether the person is an author in the edition."""
    written = (
        select(Author.proposal_id)
        .join(Proposal, Proposal.id == Author.proposal_id)
        .where(Proposal.edition_id == edition.id, Author.person_id == person.id)
        .limit(1)
    )
    return db.session.scalar(written) is not None


def acting_authors(proposal: Proposal) -> set[int]:
    """Return the ids of the authors who hold the role to act for the proposal."""
    statement = select(Author.person_id).where(
        Author.proposal_id == proposal.id,
        Author.person_id.in_(_innovators(proposal.edition_id)),
    )
    return set(db.session.scalars(statement))


def written_alone(membership: Membership) -> list[Proposal]:
    """Return what takes part and has no acting author but the holder of this innovator's role."""
    if membership.role is not Role.INNOVATOR:
        return []
    others = select(Author.proposal_id).where(
        Author.person_id != membership.person_id,
        Author.person_id.in_(_innovators(membership.edition_id)),
    )
    statement = (
        select(Proposal)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == membership.edition_id,
            Proposal.status.in_(RUNNING),
            Author.person_id == membership.person_id,
            Proposal.id.not_in(others),
        )
        .order_by(Proposal.number)
    )
    return list(db.session.scalars(statement))


def status_counts(edition: Edition) -> dict[Status, int]:
    """Return how many proposals of the edition have each status that any has."""
    rows = db.session.execute(
        select(Proposal.status, func.count())
        .where(Proposal.edition_id == edition.id)
        .group_by(Proposal.status)
    )
    return dict(rows.all())


def unsubmitted(edition: Edition) -> Select[Proposal]:
    """Select the drafts that have never been submitted, with their authors and answers."""
    return (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status == Status.DRAFT)
        .options(
            joinedload(Proposal.agency),
            selectinload(Proposal.authors),
            selectinload(Proposal.texts),
            selectinload(Proposal.attachments),
        )
        .order_by(Proposal.number)
    )


def without_entry(edition: Edition) -> list[tuple[Person, Agency]]:
    """Return the innovators, with their agencies, of agencies that have started nothing.

    Nobody, where the edition doesn't ask every agency for an innovation.
    """
    if not edition.shows_coverage:
        return []
    entered = select(Proposal.agency_id).where(
        Proposal.edition_id == edition.id, Proposal.status != Status.WITHDRAWN
    )
    pairs = db.session.execute(
        select(Person, Agency)
        .join(Membership, Membership.person_id == Person.id)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(
            Membership.edition_id == edition.id,
            Membership.role == Role.INNOVATOR,
            Agency.id.not_in(entered),
        )
        .order_by(Agency.name, Agency.id, Person.name, Person.id)
    )
    return [(person, agency) for person, agency in pairs]


def presenters(proposal: Proposal) -> set[int]:
    """Return the ids of the authors who present the proposal."""
    statement = select(Author.person_id).where(
        Author.proposal_id == proposal.id, Author.is_presenter
    )
    return set(db.session.scalars(statement))


def entries_of(edition: Edition, agency_id: int) -> list[Proposal]:
    """Return an agency's entries in the agency's own order, then by number."""
    statement = (
        select(Proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.agency_id == agency_id,
            Proposal.status != Status.WITHDRAWN,
        )
        .options(selectinload(Proposal.authors))
        .order_by(Proposal.agency_rank.is_(None), Proposal.agency_rank, Proposal.number)
    )
    return list(db.session.scalars(statement))


def unendorsed(edition: Edition, agency_id: int) -> int:
    """Count the agency's entries that wait for its delegate's endorsement."""
    statement = select(func.count()).where(
        Proposal.edition_id == edition.id,
        Proposal.agency_id == agency_id,
        Proposal.status.in_((Status.SUBMITTED, Status.ELIGIBLE)),
        Proposal.endorsed_at.is_(None),
    )
    return db.session.scalar(statement) or 0


def is_unranked(edition: Edition, agency_id: int) -> bool:
    """Return whether the agency has more entries than its quota, and not all are ranked."""
    if edition.agency_quota is None:
        return False
    count, placed = db.session.execute(
        select(func.count(), func.count(Proposal.agency_rank)).where(
            Proposal.edition_id == edition.id,
            Proposal.agency_id == agency_id,
            Proposal.status != Status.WITHDRAWN,
        )
    ).one()
    return count > edition.agency_quota and placed < count


def entered_beside(proposal: Proposal) -> int:
    """Count the agency's other entries that take a place of its quota.

    They are submitted, or ranked within the quota by the agency's delegate.
    """
    quota = proposal.edition.agency_quota or 0
    is_submitted = Proposal.status.in_(SUBMITTED_ONCE - {Status.WITHDRAWN})
    is_ranked = Proposal.agency_rank <= (quota if proposal.agency_rank is None else 0)
    statement = select(func.count()).where(
        Proposal.edition_id == proposal.edition_id,
        Proposal.agency_id == proposal.agency_id,
        Proposal.id != proposal.id,
        or_(is_submitted, is_ranked),
    )
    return db.session.scalar(statement) or 0


def lacking(
    edition: Edition, part: Section | DocumentRequirement | None, *, only_if: str
) -> tuple[int, int]:
    """Count the proposals without this part of the form: those that can be changed, and others.

    A part that doesn't exist yet (None) is missing from all. One that depends on an answer
    (`only_if`, as `Section.only_if` names it) is missing only from those that give it.
    """
    counting = select(Proposal.status, func.count()).where(Proposal.edition_id == edition.id)
    if isinstance(part, Section):
        answered = (SectionText.section_id == part.id) & (SectionText.text != "")
        counting = counting.where(
            Proposal.id.not_in(select(SectionText.proposal_id).where(answered))
        )
    elif part is not None:
        attached = select(Attachment.proposal_id).where(Attachment.requirement_id == part.id)
        counting = counting.where(Proposal.id.not_in(attached))
    if only_if:
        counting = counting.where(Proposal.id.in_(_answering(edition, only_if)))
    counted = db.session.execute(counting.group_by(Proposal.status))
    count = {row[0]: row[1] for row in counted}
    others = SUBMITTED_ONCE - EDITABLE - {Status.WITHDRAWN}
    return sum(count.get(status, 0) for status in EDITABLE), sum(
        count.get(status, 0) for status in others
    )


def _answering(edition: Edition, only_if: str) -> Select[int]:
    """Select the ids of the proposals that give this answer."""
    options = [(section, option) for section in edition.sections for option in section.offered]
    found = [pair for pair in options if answer(pair[0].name, pair[1].name) == only_if]
    section_id, name = (found[0][0].id, found[0][1].name) if found else (0, "")
    return select(SectionText.proposal_id).where(
        SectionText.section_id == section_id,
        or_(
            SectionText.text == name,
            ("\n" + SectionText.text + "\n").contains(f"\n{name}\n", autoescape=True),
        ),
    )


def editable_texts(edition: Edition, section: Section) -> Sequence[str]:
    """Return what the proposals that can still be changed say in the section."""
    return db.session.scalars(
        select(SectionText.text)
        .join(Proposal, Proposal.id == SectionText.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(EDITABLE),
            SectionText.section_id == section.id,
            SectionText.text != "",
        )
        .order_by(Proposal.id)
    ).all()


def next_number(edition: Edition) -> int:
    """Return the next registration number, which no proposal had; the caller holds the lock."""
    last = db.session.scalar(
        select(func.max(Proposal.number)).where(Proposal.edition_id == edition.id)
    )
    return max(last or 0, edition.last_deleted) + 1


def untouched_draft(edition: Edition, agency: Agency, author: Person) -> Proposal | None:
    """Return the draft that the author started last for the agency, if it is still as it was."""
    statement = (
        select(Proposal)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.agency_id == agency.id,
            Author.person_id == author.id,
            Proposal.status == Status.DRAFT,
            Proposal.title == "",
            Proposal.saved_at == Proposal.created_at,
            ~Proposal.attachments.any(),
        )
        .order_by(Proposal.number.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def drafts_of(edition: Edition, author: Person) -> int:
    """Count the drafts that the author writes in the edition, alone or with others."""
    statement = (
        select(func.count())
        .select_from(Author)
        .join(Proposal, Proposal.id == Author.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status == Status.DRAFT,
            Author.person_id == author.id,
        )
    )
    return db.session.scalar(statement) or 0


def submissions_of(proposal: Proposal) -> list[Submission]:
    """Return the receipts of the proposal, newest first."""
    statement = (
        select(Submission)
        .where(Submission.proposal_id == proposal.id)
        .options(joinedload(Submission.person))
        .order_by(Submission.id.desc())
    )
    return list(db.session.scalars(statement))


def uploaded_since(proposal: Proposal, since: datetime) -> int:
    """Return how many bytes were attached to the proposal since then, replaced ones included."""
    statement = select(func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.proposal_id == proposal.id, Upload.uploaded_at > since
    )
    return db.session.scalar(statement) or 0


def _innovators(edition_id: int) -> Select[int]:
    return select(Membership.person_id).where(
        Membership.edition_id == edition_id, Membership.role == Role.INNOVATOR
    )


@cache
def _visible(statuses: frozenset[Status]) -> Select[Proposal]:
    """Build, once, the selection of what may be read in these statuses and of the user's own."""
    every = (
        select(Proposal)
        .where(Proposal.edition_id == bindparam("edition"))
        .order_by(Proposal.number)
    )
    if statuses == frozenset(Status):
        return every
    own = select(Author.proposal_id).where(Author.person_id == bindparam("person"))
    is_read = Proposal.status.in_(statuses) & Proposal.submitted_at.is_not(None)
    is_agencys = Proposal.agency_id == bindparam("agency")
    return every.where(or_(is_read, is_agencys, Proposal.id.in_(own)))


@cache
def _visible_numbered(statuses: frozenset[Status]) -> Select[Proposal]:
    is_it = Proposal.number == bindparam("number")
    return _visible(statuses).where(is_it).options(joinedload(Proposal.agency))


def _whose(user: User, edition: Edition) -> dict[str, int]:
    return {
        "edition": edition.id,
        "person": user.person.id if user.person else 0,
        "agency": user.delegate_agency or 0,
    }
