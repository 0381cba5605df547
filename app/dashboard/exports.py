"""The tables that an edition exports, without what a conflict bars the reader from."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Person
from app.awards.models import Award
from app.awards.reading import confirmed_awards
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion, DocumentRequirement, EligibilityItem, Section
from app.editions.queries import in_tree_of, people_of
from app.editions.units import Agency
from app.evaluation.models import Sheet, Standing
from app.evaluation.queries import whole_sheets
from app.evaluation.recusals import conflict_table
from app.evaluation.statistics import from_units
from app.programme.queries import appearances
from app.proposals.models import Attachment, Proposal, Submission
from app.schedule.draft.queries import slot_lines as slots
from app.scoring.queries import proposals_in
from app.scoring.reading import final_ranking, presentation_sheets, ties_in
from app.screening.models import Decision, EligibilityFinding
from app.workflow import N_, SUBMITTED_ONCE, Message

PLACES = 10  # decimal places of an average
Rows = Iterator[tuple[Any, ...]]
Collect = Callable[[Edition, Collection[int]], Rows]


@dataclass(frozen=True)
class ExportTable:
    """A table that can be exported: its name, its label, its columns, and how its rows are read."""

    name: str
    label: Message
    columns: tuple[str, ...]
    collect: Collect

    def columns_in(self, edition: Edition) -> list[str]:
        """Return the columns; proposals have one more for each section of the form."""
        if self.name != "proposals":
            return list(self.columns)
        return [*self.columns, *(text_column(section) for section in edition.sections)]


def text_column(section: Section) -> str:
    """Return the name of the column that holds what proposals say in the section."""
    return f"text: {section.name}"


def _read(statement: Select[*tuple[Any, ...]]) -> Rows:
    yield from (tuple(row) for row in db.session.execute(statement))


def _agencies(edition: Edition, _without: Collection[int]) -> Rows:
    above = aliased(Agency)
    yield from _read(
        select(Agency.code, Agency.name, Agency.kind, above.code, Agency.travel_minutes)
        .outerjoin(above, above.id == Agency.parent_id)
        .where(in_tree_of(edition))
        .order_by(Agency.code)
    )


def _people(edition: Edition, _without: Collection[int]) -> Rows:
    for membership in db.session.scalars(people_of(edition)):
        agency = membership.agency.code if membership.agency else ""
        marks = (membership.is_chair, membership.is_delegate)
        yield (
            membership.person.name,
            membership.person.email,
            membership.role,
            agency,
            membership.title,
            *marks,
        )


def _proposals(edition: Edition, without: Collection[int]) -> Rows:
    proposals = db.session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition.id)
        .options(
            joinedload(Proposal.agency),
            joinedload(Proposal.category),
            selectinload(Proposal.texts),
            selectinload(Proposal.authors),
        )
        .order_by(Proposal.number)
    )
    for proposal in proposals:
        category = proposal.category.name if proposal.category else ""
        texts = {text.section_id: text.text for text in proposal.texts}
        facts = (proposal.started_on, proposal.video_url, proposal.status, proposal.submitted_at)
        yield (
            proposal.number,
            proposal.title,
            proposal.agency.code,
            proposal.agency.name,
            category,
            *facts,
            None if proposal.id in without else proposal.reserve_place,
            " ".join(author.email for author in proposal.authors),
            *(texts.get(section.id, "") for section in edition.sections),
        )


def _findings(edition: Edition, without: Collection[int]) -> Rows:
    yield from _read(
        select(
            Proposal.number,
            EligibilityItem.position,
            EligibilityItem.name,
            EligibilityFinding.finding,
            EligibilityFinding.note,
        )
        .join(EligibilityFinding, EligibilityFinding.proposal_id == Proposal.id)
        .join(EligibilityItem, EligibilityItem.id == EligibilityFinding.item_id)
        .where(Proposal.edition_id == edition.id, Proposal.id.not_in(without))
        .order_by(Proposal.number, EligibilityItem.position)
    )


def _tabulation(edition: Edition, without: Collection[int]) -> Rows:
    rows = db.session.execute(
        select(Proposal.number, Proposal.title, Standing)
        .join(Standing, Standing.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(SUBMITTED_ONCE),
            Proposal.id.not_in(without),
            Standing.kind == SheetKind.DESK,
        )
        .order_by(Proposal.number)
    )
    for number, title, standing in rows:
        values = map(from_units, (standing.mean, standing.median, standing.spread))
        yield number, title, standing.sheets_expected, standing.sheets_locked, *_figures(*values)


def _figures(*points: Fraction | None) -> Iterator[Any]:
    """Yield each as a decimal number, then as the exact fraction; two empty cells for None."""
    for value in points:
        yield from ("", "") if value is None else (_decimal(value), str(value))


def _decimal(points: Fraction) -> Decimal:
    """Return points with at most ten decimal places, rounded half up."""
    scale = 10**PLACES
    rounded = (2 * points.numerator * scale + points.denominator) // (2 * points.denominator)
    return Decimal(rounded).scaleb(-PLACES).normalize()


def _desk_scores(edition: Edition, without: Collection[int]) -> Rows:
    """Yield the desk scores of the proposals whose desk sheets have all been submitted."""
    sheets = whole_sheets(edition, SheetKind.DESK, without=without)
    yield from _scores(sheets, edition.criteria_of(SheetKind.DESK))


def _presentation_scores(edition: Edition, without: Collection[int]) -> Rows:
    """Yield the judges' scores of the presentations whose sheets have all been submitted."""
    sheets = presentation_sheets(edition, without=without)
    yield from _scores(sheets, edition.criteria_of(SheetKind.PRESENTATION))


def _scores(sheets: Iterable[Sheet], criteria: Sequence[Criterion]) -> Rows:
    for sheet in sheets:
        scores = {score.criterion_id: score for score in sheet.scores}
        for criterion in criteria:
            score = scores[criterion.id]
            facts = (criterion.position, criterion.name, criterion.weight, score.value, score.note)
            yield sheet.proposal.number, sheet.evaluator.name, *facts, sheet.look


def _documents(edition: Edition, _without: Collection[int]) -> Rows:
    yield from _read(
        select(
            Proposal.number,
            DocumentRequirement.name,
            Attachment.filename,
            Attachment.size,
            Attachment.sha256,
            Attachment.uploaded_at,
        )
        .join(Attachment, Attachment.proposal_id == Proposal.id)
        .join(DocumentRequirement, DocumentRequirement.id == Attachment.requirement_id)
        .where(Proposal.edition_id == edition.id)
        .order_by(Proposal.number, Attachment.id)
    )


def _submissions(edition: Edition, _without: Collection[int]) -> Rows:
    yield from _read(
        select(Proposal.number, Submission.submitted_at, Person.name, Submission.digest)
        .join(Submission, Submission.proposal_id == Proposal.id)
        .join(Person, Person.id == Submission.person_id)
        .where(Proposal.edition_id == edition.id)
        .order_by(Proposal.number, Submission.id)
    )


def _conflicts(edition: Edition, _without: Collection[int]) -> Rows:
    for row in conflict_table(edition):
        facts = (row.is_confirmed, row.is_dismissed, row.reason)
        yield row.proposal.number, row.person.name, row.kind, *facts


def _decisions(edition: Edition, without: Collection[int]) -> Rows:
    """Yield the prepared decisions and the announced ones, except those that were taken back."""
    yield from _read(
        select(
            Proposal.number,
            Decision.outcome,
            Decision.reason,
            Decision.correct_until,
            Decision.announced_at,
        )
        .join(Decision, Decision.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.id.not_in(without),
            Decision.taken_back_at.is_(None),
        )
        .order_by(Proposal.number, Decision.id)
    )


def _ranking(edition: Edition, without: Collection[int]) -> Rows:
    """Yield the final result in its order, once it is confirmed."""
    ranking = final_ranking(edition)
    lines = [line for line in ranking.lines if line.proposal_id not in without]
    proposals, ties = proposals_in(lines), ties_in(edition, ranking)
    others = {line.proposal_id: line for line in ranking.beside.lines} if ranking.beside else {}
    for line in lines:
        other, tie = others.get(line.proposal_id), ties.get(line.proposal_id)
        yield (
            line.rank,
            line.number,
            proposals[line.proposal_id].title,
            *_figures(line.desk, line.presentation, line.final),
            ranking.method,
            "; ".join(criterion.name for criterion in tie.criteria) if tie else "",
            other.rank if other else None,
            *_figures(other.final if other else None),
        )


def _awards(edition: Edition, without: Collection[int]) -> Rows:
    """Yield the awards, once the result is confirmed."""
    awards = [award for award in confirmed_awards(edition) if award.proposal_id not in without]
    for award in sorted(awards, key=_place):
        proposal = award.proposal
        yield (
            award.category.name,
            award.rank,
            award.calculated,
            proposal.number,
            proposal.title,
            award.reason,
        )


def _place(award: Award) -> tuple[int, int, int]:
    return award.category.position, award.rank or 0, award.proposal.number


def _schedule(edition: Edition, _without: Collection[int]) -> Rows:
    for place in slots(edition):
        start, end = place.slot.starts_at, place.slot.ends_at
        room, proposal = place.slot.room, place.proposal
        number, title = (proposal.number, proposal.title) if proposal else (None, "")
        yield start, end, room.name if room else "", number, title


def _published(edition: Edition, _without: Collection[int]) -> Rows:
    for appearance in appearances(edition):
        yield (
            appearance.starts_at,
            appearance.ends_at,
            appearance.location,
            appearance.proposal.number,
            appearance.proposal.title,
            appearance.revision,
        )


def _both(*names: str) -> tuple[str, ...]:
    return tuple(column for name in names for column in (name, f"{name}_exact"))


SCORE = ("number", "evaluator", "position", "criterion", "weight", "score", "note", "look")
PROPOSAL = ("number", "title", "agency_code", "agency", "category", "started_on", "video_url")
TABLES = {
    table.name: table
    for table in (
        ExportTable(
            "agencies",
            N_("Agencies"),
            ("code", "name", "kind", "parent_code", "travel_minutes"),
            _agencies,
        ),
        ExportTable(
            "people",
            N_("People"),
            ("name", "email", "role", "agency_code", "title", "is_chair", "is_delegate"),
            _people,
        ),
        ExportTable(
            "proposals",
            N_("Proposals"),
            (*PROPOSAL, "status", "submitted_at", "reserve_place", "authors"),
            _proposals,
        ),
        ExportTable(
            "findings",
            N_("Eligibility findings"),
            ("number", "line", "requirement", "finding", "note"),
            _findings,
        ),
        ExportTable(
            "tabulation",
            N_("Tabulation"),
            ("number", "title", "sheets", "submitted", *_both("mean", "median", "spread")),
            _tabulation,
        ),
        ExportTable(
            "scores",
            N_("Desk scores"),
            SCORE,
            _desk_scores,
        ),
        ExportTable(
            "presentation_scores",
            N_("Presentation scores"),
            SCORE,
            _presentation_scores,
        ),
        ExportTable(
            "documents",
            N_("Documents"),
            ("number", "document", "filename", "bytes", "sha256", "uploaded_at"),
            _documents,
        ),
        ExportTable(
            "submissions",
            N_("Submissions"),
            ("number", "submitted_at", "submitted_by", "digest"),
            _submissions,
        ),
        ExportTable(
            "conflicts",
            N_("Conflicts of interest"),
            ("number", "person", "kind", "is_confirmed", "is_dismissed", "reason"),
            _conflicts,
        ),
        ExportTable(
            "decisions",
            N_("Decisions"),
            ("number", "outcome", "reason", "correct_until", "announced_at"),
            _decisions,
        ),
        ExportTable(
            "ranking",
            N_("Ranking"),
            (
                *("rank", "number", "title", *_both("desk", "presentation", "final")),
                *("method", "tie_decided_by", "other_rank", *_both("other_final")),
            ),
            _ranking,
        ),
        ExportTable(
            "awards",
            N_("Awards"),
            ("category", "rank", "calculated", "number", "title", "reason"),
            _awards,
        ),
        ExportTable(
            "schedule",
            N_("Schedule, draft"),
            ("starts_at", "ends_at", "room", "number", "title"),
            _schedule,
        ),
        ExportTable(
            "published_schedule",
            N_("Schedule, published"),
            ("starts_at", "ends_at", "location", "number", "title", "revision"),
            _published,
        ),
    )
}
