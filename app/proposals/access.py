"""Which proposal an address means: only one that the user may see."""

from collections.abc import Collection

from app.accounts.models import Person
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.parts import DocumentRequirement
from app.editions.permissions import User
from app.later import later
from app.proposals import queries
from app.proposals.models import Attachment, Proposal
from app.proposals.permissions import can_hand_over, can_start, can_write
from app.workflow import Status


@later
def barred_from(user: User, edition: Edition, statuses: Collection[Status]) -> set[int]:
    """Return the ids of the proposals in these statuses that a conflict bars the user from."""
    raise NotImplementedError


def barred_drafts(user: User, edition: Edition) -> set[int]:
    """Return the ids of the drafts that the user can't decide on."""
    return barred_from(user, edition, {Status.DRAFT})


def is_barred(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Return whether a conflict bars the user from the proposal."""
    return proposal.id in barred_from(user, edition, {proposal.status})


def proposal_of(number: int, *, user: User, edition: Edition) -> Proposal | None:
    """Return the visible proposal of this number."""
    return queries.visible_proposal(user, edition, number)


def requirement_of(
    requirement_id: int, *, user: User, edition: Edition, **_records: object
) -> DocumentRequirement | None:
    """Return the document that the edition asks for."""
    return next(
        (requirement for requirement in edition.documents if requirement.id == requirement_id), None
    )


def attachment_of(
    attachment_id: int, *, user: User, proposal: Proposal, **_records: object
) -> Attachment | None:
    """Return the proposal's file."""
    return next(
        (attachment for attachment in proposal.attachments if attachment.id == attachment_id), None
    )


def author(user: User, proposal: Proposal, **_records: object) -> bool:
    """Allow the proposal's authors."""
    return can_write(user, proposal)


def author_or_organiser(user: User, proposal: Proposal, **_records: object) -> bool:
    """Allow the proposal's authors and organisers, who see it and take off what harms."""
    return can_write(user, proposal) or user.is_a(Role.ORGANISER)


def author_or_keeper(user: User, proposal: Proposal, **_records: object) -> bool:
    """Allow the proposal's authors, and who may hand it over to others."""
    return can_write(user, proposal) or can_hand_over(user, proposal)


def author_named(
    person_id: int, *, user: User, proposal: Proposal, **_records: object
) -> Person | None:
    """Return the author of the proposal with this id."""
    return next((person for person in proposal.authors if person.id == person_id), None)


def delegate(user: User, **_records: object) -> bool:
    """Allow anyone who endorses the entries of an agency."""
    return user.delegate_agency is not None


def delegate_of_it(user: User, proposal: Proposal, **_records: object) -> bool:
    """Allow the delegate of the proposal's agency."""
    return user.delegate_agency == proposal.agency_id


def innovator(user: User, **_records: object) -> bool:
    """Allow anyone who may start proposals."""
    return can_start(user)


def proposal_reader(user: User, proposal: Proposal, **_records: object) -> bool:
    """Allow everyone for whom the proposal could be loaded, as long as they hold a role."""
    return bool(user.memberships) and proposal is not None
