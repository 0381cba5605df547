"""Importing proposals as drafts: a row for each, identified by number, or by agency and title.

Authors complete and submit the drafts; a proposal that has been submitted stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.emails import canonical_email
from app.accounts.models import Person
from app.dashboard.exports import text_column
from app.dashboard.imports.plan import (
    SHOWN,
    Deed,
    ImportChange,
    ImportPlan,
    ImportSender,
    Offered,
    Row,
    Source,
    fields_changed,
    refuse_twice,
)
from app.database import db
from app.editions import queries
from app.editions.kinds import Role, SectionKind
from app.editions.models import Edition
from app.editions.parts import Category, Section
from app.editions.units import Agency
from app.proposals.actions import lose_endorsement
from app.proposals.deadlines import check_open
from app.proposals.models import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_AUTHORS,
    Proposal,
    SectionText,
    number_in,
)
from app.proposals.queries import next_number
from app.web.fields import is_web_address
from app.web.table_reader.table import folded
from app.web.typed import clean_address
from app.workflow import N_, NotAllowedNow

SEPARATORS = re.compile("[,;]")  # of e-mails, as people write them; white space is one too


@dataclass(frozen=True)
class ProposalLine:
    """A row as it was read, with the proposal it changes, unless that is new."""

    title: str
    agency: Agency | None
    category: Category | None
    started_on: date | None
    video_url: str
    authors: tuple[Person, ...]
    texts: Mapping[int, str]
    proposal: Proposal | None

    def facts(self, edition: Edition) -> dict[str, str]:
        """Return what the row says, by column: the basics, and the sections that the file has."""
        facts = {
            "title": self.title,
            "category": self.category.name if self.category else "",
            "started_on": self.started_on.isoformat() if self.started_on else "",
            "video_url": self.video_url,
            "authors": " ".join(author.email for author in self.authors),
        }
        named = {section.id: text_column(section) for section in edition.sections}
        return facts | {named[section_id]: text for section_id, text in self.texts.items()}


@dataclass(frozen=True)
class World:
    """What the rows are checked against, loaded once."""

    edition: Edition
    agencies: Offered[Agency]
    categories: Offered[Category]
    innovators: Mapping[str, tuple[Person, int | None]]
    by_number: Mapping[int, Proposal]
    by_title: Mapping[tuple[int, str], Proposal]


def collect_proposals(
    edition: Edition, rows: list[Row], plan: ImportPlan, sender: ImportSender
) -> None:
    """Plan which drafts the rows start or change."""
    world = _world(edition)
    lines = [(row, _line(row, world)) for row in rows]
    refuse_twice([(row, _key(line)) for row, line in lines], "title")
    for row, line in lines:
        before = _facts(line.proposal, edition) if line.proposal else None
        after = {
            column: value for column, value in line.facts(edition).items() if column in row.cells
        }
        if before is None or fields_changed(before, after):
            _check_open(row, line, edition, sender.now)
        plan.add(row, line.title, before, after, line)


def apply_proposals(changes: Sequence[ImportChange], deed: Deed) -> None:
    """Start and change the drafts."""
    number = next_number(deed.edition)
    for change in changes:
        line: ProposalLine = change.what
        proposal = line.proposal
        if proposal is None and line.agency is not None:
            proposal = Proposal(
                edition_id=deed.edition.id,
                agency_id=line.agency.id,
                number=number,
                created_at=deed.now,
                saved_at=deed.now,
            )
            number += 1
        if proposal is not None:
            _write(proposal, line, {column for column, _, _ in change.fields}, deed)


def _world(edition: Edition) -> World:
    proposals = db.session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition.id)
        .options(selectinload(Proposal.texts), selectinload(Proposal.authors))
        .order_by(Proposal.number)
    ).all()
    return World(
        edition,
        Offered({agency.code: agency for agency in queries.agencies_in(edition)}),
        Offered(
            {category.name: category for category in edition.categories},
            {category.name_en: category for category in edition.categories if category.name_en},
        ),
        {
            membership.person.email: (membership.person, membership.agency_id)
            for membership in queries.holders(edition, Role.INNOVATOR)
        },
        {proposal.number: proposal for proposal in proposals},
        {(proposal.agency_id, folded(proposal.title)): proposal for proposal in proposals},
    )


def _key(line: ProposalLine) -> object:
    """Return what identifies a row's proposal: its id, or agency and title of a new one."""
    agency_id = line.agency.id if line.agency else 0
    return line.proposal.id if line.proposal else (agency_id, folded(line.title))


def _check_open(row: Row, line: ProposalLine, edition: Edition, now: datetime) -> None:
    """Note what can no longer be started or changed, as the actions would refuse it."""
    if line.proposal is None:
        if edition.is_frozen:
            row.fault("title", N_("Scoring has opened, so screening is over."))
        return
    try:
        check_open(line.proposal, now=now)
    except NotAllowedNow as refusal:
        row.fault("title", refusal.message, **refusal.values)


def _line(row: Row, world: World) -> ProposalLine:
    agency = row.choice("agency_code", world.agencies, is_required=True)
    title = row.line("title", 200, is_required=not row.cells.get("number"))
    proposal = _proposal(row, agency, title, world)
    line = ProposalLine(
        title=title,
        agency=agency,
        category=row.choice("category", world.categories),
        started_on=row.day("started_on"),
        video_url=clean_address(row.line("video_url", 500)),
        authors=_authors(row, agency, proposal, world),
        texts=_texts(row, world.edition),
        proposal=proposal,
    )
    if line.video_url and not is_web_address(line.video_url):
        row.fault("video_url", N_("Enter an address that begins with https://."))
    if (line.proposal is None or "authors" in row.cells) and not row.cells.get("authors"):
        row.fault("authors", N_("A proposal needs an author: enter their e-mail."))
    return line


def _proposal(row: Row, agency: Agency | None, title: str, world: World) -> Proposal | None:
    code = row.cells.get("number", "")
    if not code:
        return world.by_title.get((agency.id if agency else 0, folded(title)))
    number = number_in(code)
    found = world.by_number.get(number) if number else None
    if found is None:
        row.fault(
            "number", N_("No proposal has this number. Leave the cell empty to add a new one.")
        )
    elif agency is not None and found.agency_id != agency.id:
        row.fault("agency_code", N_("This proposal belongs to another agency."))
    return found


def _authors(
    row: Row, agency: Agency | None, proposal: Proposal | None, world: World
) -> tuple[Person, ...]:
    """Return the authors that the row names: innovators of the agency, or existing authors."""
    present = {author.email: author for author in proposal.authors} if proposal else {}
    found = {}
    for written in SEPARATORS.sub(" ", row.cells.get("authors", "").lower()).split():
        email = canonical_email(written)
        person, agency_id = world.innovators.get(email, (None, None))
        if email in present:
            found[email] = present[email]
        elif person is None or (agency is not None and agency_id != agency.id):
            message = N_(
                "“%(value)s” is not an innovator of this agency. Import them as one first."
            )
            row.fault("authors", message, value=email[:SHOWN])
        else:
            found[email] = person
    if len(found) > MOST_AUTHORS:
        row.fault("authors", N_("A proposal has at most %(count)s authors."), count=MOST_AUTHORS)
    return tuple(sorted(found.values(), key=lambda person: person.id))


def _texts(row: Row, edition: Edition) -> dict[int, str]:
    columns = {section: text_column(section) for section in edition.sections}
    return {
        section.id: _options(row, column, section)
        if section.kind.has_options
        else row.line(column, LONGEST_LINE)
        if section.kind is SectionKind.LINE
        else row.text(column, LONGEST_TEXT)
        for section, column in columns.items()
        if column in row.cells
    }


def _options(row: Row, column: str, section: Section) -> str:
    """Return the options that the cell names, one per line, as the form writes them."""
    offered = Offered({option.name: option.name for option in section.offered})
    lines = row.cells[column].splitlines()
    if section.kind is SectionKind.ONE and len(lines) > 1:
        row.fault(column, N_("Only one of the options can be chosen."))
    cells = (Row(row.number, {column: line.strip()}, row.plan) for line in lines if line.strip())
    return "\n".join(filter(None, (cell.choice(column, offered) for cell in cells)))


def _facts(proposal: Proposal, edition: Edition) -> dict[str, str]:
    texts = {section_text.section_id: section_text.text for section_text in proposal.texts}
    line = ProposalLine(
        title=proposal.title,
        agency=None,
        category=next(
            (known for known in edition.categories if known.id == proposal.category_id), None
        ),
        started_on=proposal.started_on,
        video_url=proposal.video_url,
        authors=tuple(proposal.authors),
        texts={section.id: texts.get(section.id, "") for section in edition.sections},
        proposal=None,
    )
    return line.facts(edition)


def _write(proposal: Proposal, line: ProposalLine, columns: set[str], deed: Deed) -> None:
    values = {
        "title": ("title", line.title),
        "category": ("category_id", line.category.id if line.category else None),
        "started_on": ("started_on", line.started_on),
        "video_url": ("video_url", line.video_url),
        "authors": ("authors", list(line.authors)),
    }
    for column in columns & values.keys():
        setattr(proposal, *values[column])
    present = {section_text.section_id: section_text for section_text in proposal.texts}
    for section in deed.edition.sections:
        if text_column(section) not in columns:
            continue
        section_id, text = section.id, line.texts[section.id]
        if section_id in present:
            present[section_id].text = text
        elif text:
            proposal.texts.append(SectionText(section_id=section_id, text=text))
    proposal.saved_at = deed.now
    lose_endorsement(proposal)
    db.session.add(proposal)


SOURCE = Source(
    name="proposals",
    label=N_("Proposals"),
    required=("title", "agency_code"),
    optional=("number", "category", "started_on", "video_url", "authors"),
    codes=("agency_code",),
    only_read=("agency", "status", "submitted_at", "reserve_place"),
    collect=collect_proposals,
    apply=apply_proposals,
    further=lambda edition: [text_column(section) for section in edition.sections],
)
