"""What papers ask of the database."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, func, null, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from app.accounts.models import Person
from app.database import db
from app.editions.branding.queries import branding_numbered
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.evaluation.models import Look, Participation, Sheet
from app.papers.kinds import Copy, PaperKind
from app.papers.models import Paper, PaperFile, PaperRule, Signatory, Stationery
from app.proposals.models import Proposal
from app.screening.models import Decision
from app.workflow import SUBMITTED_ONCE, Status

JUDGED = SUBMITTED_ONCE - {Status.WITHDRAWN, Status.DISQUALIFIED}


def stationery_of(edition: Edition) -> Stationery:
    """Return how the edition's papers look; a usual one, not yet kept, if nothing was set."""
    found = db.session.get(Stationery, edition.id)
    return found or Stationery(edition_id=edition.id)


def emblem_of(edition: Edition) -> bytes | None:
    """Return the emblem on the edition's papers (PNG): its own, else that of the organisation."""
    own = stationery_of(edition).emblem
    if own is not None:
        return own
    branding = branding_numbered(edition.organisation_id)
    return branding.emblem if branding else None


def signatories_of(edition: Edition) -> list[Signatory]:
    """Return who signs the edition's papers, in the order in which they were added."""
    statement = select(Signatory).where(Signatory.edition_id == edition.id).order_by(Signatory.id)
    return list(db.session.scalars(statement))


def rules_of(edition: Edition) -> dict[PaperKind, PaperRule]:
    """Return how the edition wants its papers, by kind; those that it left as usual are missing."""
    statement = (
        select(PaperRule)
        .where(PaperRule.edition_id == edition.id)
        .options(joinedload(PaperRule.signatory))
        .order_by(PaperRule.kind)
    )
    return {rule.kind: rule for rule in db.session.scalars(statement)}


def standing_papers(edition: Edition, kind: PaperKind | None = None) -> list[Paper]:
    """Return the papers that no newer one replaces, by kind, number and subject, with files."""
    statement = (
        select(Paper)
        .where(Paper.edition_id == edition.id, Paper.replaced_at.is_(None))
        .options(selectinload(Paper.files))
        .order_by(Paper.kind, Paper.serial, Paper.id)
    )
    if kind is not None:
        statement = statement.where(Paper.kind == kind)
    return list(db.session.scalars(statement))


def paper_with(edition: Edition, paper_id: int) -> Paper | None:
    """Return the edition's paper with this id."""
    return db.session.scalar(
        select(Paper)
        .where(Paper.id == paper_id, Paper.edition_id == edition.id)
        .options(selectinload(Paper.files), joinedload(Paper.made_by))
    )


def earlier_papers(paper: Paper) -> list[Paper]:
    """Return the papers that were replaced by this one or an earlier one, newest first."""
    statement = (
        select(Paper)
        .where(
            Paper.edition_id == paper.edition_id,
            Paper.kind == paper.kind,
            Paper.subject == paper.subject,
            Paper.language == paper.language,
            Paper.id < paper.id,
        )
        .options(selectinload(Paper.files))
        .order_by(Paper.id.desc())
    )
    return list(db.session.scalars(statement))


def made_since(edition_id: int, kind: PaperKind, language: str, moment: datetime) -> int:
    """Return how many papers of a kind in a language stand that were made since a moment."""
    statement = select(func.count(Paper.id)).where(
        Paper.edition_id == edition_id,
        Paper.kind == kind,
        Paper.language == language,
        Paper.made_at >= moment,
        Paper.replaced_at.is_(None),
    )
    return db.session.scalar(statement) or 0


def file_of(paper: Paper, copy: Copy) -> PaperFile | None:
    """Return a file of the paper, with its content."""
    return db.session.scalar(
        select(PaperFile)
        .where(PaperFile.paper_id == paper.id, PaperFile.copy == copy)
        .options(joinedload(PaperFile.added_by))
    )


def last_serials(edition: Edition) -> dict[PaperKind, int]:
    """Return the highest number that a paper of each kind ever had."""
    statement = (
        select(Paper.kind, func.max(Paper.serial))
        .where(Paper.edition_id == edition.id, Paper.serial.is_not(None))
        .group_by(Paper.kind)
        .order_by(Paper.kind)
    )
    return {kind: serial or 0 for kind, serial in db.session.execute(statement)}


def unset_count(edition_id: int) -> int:
    """Return of how many standing papers the PDF is still to be made."""
    return db.session.scalar(select(func.count()).select_from(_unset(edition_id).subquery())) or 0


def unset_papers(edition_id: int, most: int) -> list[Paper]:
    """Return some standing papers whose PDF is still to be made, oldest first."""
    chosen = _unset(edition_id).order_by(Paper.id).limit(most)
    statement = select(Paper).where(Paper.id.in_(chosen)).order_by(Paper.id)
    return list(db.session.scalars(statement.options(undefer(Paper.content))))


def _unset(edition_id: int) -> Select[int]:
    made = select(PaperFile.paper_id).where(PaperFile.copy == Copy.ORIGINAL)
    return select(Paper.id).where(
        Paper.edition_id == edition_id,
        Paper.replaced_at.is_(None),
        Paper.refusal == "",
        Paper.id.not_in(made),
    )


def paper_by_code(code: str) -> tuple[Paper, Edition, Copy | None] | None:
    """Return the newest paper of a public edition whose code, or one of whose files, this is.

    A code (hex, 16 to 64 characters) begins the digest; a file is found by its whole SHA-256, and
    then it is said which copy it is.
    """
    found = (
        select(Paper, Edition, null())
        .join(Edition, Edition.id == Paper.edition_id)
        .where(
            Edition.is_public,
            Paper.digest >= code,
            Paper.digest <= code + "g",  # beyond every hexadecimal digit
        )
        .order_by(Paper.id.desc())
        .limit(1)
    )
    by_file = (
        select(Paper, Edition, PaperFile.copy)
        .join(Edition, Edition.id == Paper.edition_id)
        .join(PaperFile, PaperFile.paper_id == Paper.id)
        .where(Edition.is_public, PaperFile.sha256 == code)
        .order_by(Paper.id.desc())
        .limit(1)
    )
    row = db.session.execute(found).first() or db.session.execute(by_file).first()
    return (row[0], row[1], row[2]) if row else None


def every_file(edition: Edition) -> Iterator[tuple[Paper, PaperFile]]:
    """Return every file of the edition's standing papers, a few contents in memory at a time."""
    statement = (
        select(Paper, PaperFile)
        .join(PaperFile, PaperFile.paper_id == Paper.id)
        .where(Paper.edition_id == edition.id, Paper.replaced_at.is_(None))
        .options(undefer(PaperFile.content))
        .order_by(Paper.kind, Paper.serial, Paper.id, PaperFile.copy)
        .execution_options(yield_per=20)
    )
    for row in db.session.execute(statement):
        yield row[0], row[1]


def members(edition: Edition, roles: Collection[Role]) -> list[Membership]:
    """Return the memberships with one of these roles, by name, with people and agencies."""
    statement = (
        select(Membership)
        .join(Membership.person)
        .where(Membership.edition_id == edition.id, Membership.role.in_(roles))
        .options(contains_eager(Membership.person), joinedload(Membership.agency))
        .order_by(Membership.role, Person.name, Membership.id)
    )
    return list(db.session.scalars(statement))


def unusual_sheets(edition: Edition) -> list[Sheet]:
    """Return the sheets that were reopened, excused, or asked for as a second look."""
    statement = (
        select(Sheet)
        .join(Sheet.proposal)
        .join(Sheet.evaluator)
        .where(
            Proposal.edition_id == edition.id,
            or_(
                Sheet.reopened_at.is_not(None),
                Sheet.participation == Participation.EXCUSED,
                Sheet.look == Look.SECOND,
            ),
        )
        .options(contains_eager(Sheet.proposal), contains_eager(Sheet.evaluator))
        .order_by(Proposal.number, Sheet.kind, Sheet.look, Person.name, Sheet.id)
    )
    return list(db.session.scalars(statement))


def evaluators(edition: Edition) -> list[Person]:
    """Return who submitted sheets that count, by name."""
    statement = (
        select(Person)
        .where(
            Person.id.in_(
                select(Sheet.evaluator_id)
                .join(Sheet.proposal)
                .where(Proposal.edition_id == edition.id, Sheet.is_locked, Sheet.counts)
            )
        )
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(statement))


def announced_in(edition: Edition) -> Sequence[Decision]:
    """Return the announced decision that stands on each proposal, by number."""
    statement = (
        select(Decision)
        .join(Decision.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Decision.announced_at.is_not(None),
            Decision.taken_back_at.is_(None),
        )
        .options(contains_eager(Decision.proposal).joinedload(Proposal.agency))
        .order_by(Proposal.number, Decision.id)
    )
    newest = {decision.proposal_id: decision for decision in db.session.scalars(statement)}
    return list(newest.values())


def has_announced(edition: Edition) -> bool:
    """Return whether a decision on a proposal was announced."""
    found = (
        select(Decision.id)
        .join(Decision.proposal)
        .where(Proposal.edition_id == edition.id, Decision.announced_at.is_not(None))
        .limit(1)
    )
    return db.session.scalar(found) is not None


def competing(edition: Edition, ids: Collection[int]) -> dict[int, Proposal]:
    """Return these proposals by id, with agencies and authors."""
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.id.in_(ids))
        .options(joinedload(Proposal.agency), selectinload(Proposal.authors))
        .order_by(Proposal.number)
    )
    return {proposal.id: proposal for proposal in db.session.scalars(statement)}


def judged(edition: Edition) -> list[Proposal]:
    """Return the proposals that were submitted and kept, by number, with agencies."""
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(JUDGED))
        .options(joinedload(Proposal.agency))
        .order_by(Proposal.number)
    )
    return list(db.session.scalars(statement))


def nips_of(edition: Edition) -> dict[int, str]:
    """Return the civil-servant numbers of the edition's members (ids) who gave theirs."""
    statement = (
        select(Person.id, Person.nip)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.edition_id == edition.id, Person.nip != "")
        .order_by(Person.id)
    )
    return dict(db.session.execute(statement).all())
