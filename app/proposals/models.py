"""Proposals, their texts and documents, and the receipt of each submission."""

import datetime as dt
import re
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.editions.kinds import FileKind, SectionKind
from app.editions.models import Edition
from app.editions.parts import Category, DocumentRequirement, Section, answer
from app.editions.units import Agency
from app.workflow import EDITABLE, Status, Step, target

LONGEST_TEXT, LONGEST_LINE = 50_000, 300  # characters of an answer
MOST_AUTHORS = 10  # of one proposal


CODE = re.compile(r"(?:P-?)?0*([1-9][0-9]{0,8})", re.IGNORECASE)


def number_in(code: str) -> int | None:
    """Return the number that a code such as “P-007” or “7” names, None if it is none."""
    found = CODE.fullmatch(code.strip())
    return int(found[1]) if found else None


def code_of(number: int) -> str:
    """Return a registration number as people read it, such as “P-007”."""
    return f"P-{number:03d}"


class Proposal(Base):
    """An agency's innovation in one edition."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint(
            "status IN ('draft', 'returned', 'withdrawn') OR title <> ''", name="has_title"
        ),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="has_receipt"
        ),
        CheckConstraint(
            "reserve_place IS NULL OR status IN ('reserve', 'withdrawn', 'disqualified')",
            name="has_reserve_place",
        ),
        Index(
            "uq_proposal_reserve_place",
            "edition_id",
            "reserve_place",
            unique=True,
            sqlite_where=text("status = 'reserve'"),
            postgresql_where=text("status = 'reserve'"),
        ),
        CheckConstraint("agency_rank >= 1", name="agency_rank"),
        Index("uq_proposal_agency_rank", "edition_id", "agency_id", "agency_rank", unique=True),
        Index("ix_proposal_list", "edition_id", "status", "title", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    started_on: Mapped[dt.date | None]
    video_url: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[Status] = mapped_column(choice(Status, name="status"), default=Status.DRAFT)
    withdrawn_from: Mapped[Status | None] = mapped_column(choice(Status, name="withdrawn_from"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    correct_until: Mapped[datetime | None] = mapped_column(Moment)  # when returned for correction
    extended_until: Mapped[datetime | None] = mapped_column(
        Moment
    )  # later than everyone's deadline
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    reserve_place: Mapped[int | None]  # on the reserve list, from 1
    endorsed_at: Mapped[datetime | None] = mapped_column(Moment)  # by the agency's delegate
    endorsed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agency_rank: Mapped[int | None]  # among the agency's entries, from 1
    version: Mapped[int] = mapped_column(default=1)

    edition: Mapped[Edition] = relationship()
    agency: Mapped[Agency] = relationship()
    category: Mapped[Category | None] = relationship()
    endorsed_by: Mapped[Person | None] = relationship(foreign_keys=endorsed_by_id)
    authors: Mapped[list[Person]] = relationship(secondary="author", order_by=Person.id)
    texts: Mapped[list["SectionText"]] = relationship(cascade="all, delete-orphan")
    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

    @property
    def code(self) -> str:
        """The registration number as people read it."""
        return code_of(self.number)

    @property
    def is_editable(self) -> bool:
        """Whether its status lets the authors change it."""
        return self.status in EDITABLE

    @property
    def stood_at(self) -> Status:
        """Where it stood before it was withdrawn, as far as that is known."""
        if self.withdrawn_from or self.submitted_at is None:
            return self.withdrawn_from or Status.DRAFT
        return Status.SUBMITTED if self.title else Status.RETURNED

    def take(self, step: Step) -> None:
        """Take `step`; raise `NotAllowedNow` if it leads nowhere from this status."""
        before = self.status
        self.status = target(before, step, back_to=self.stood_at)
        self.withdrawn_from = before if step is Step.WITHDRAW else None
        self.edition.evaluation_revision += 1

    def text_of(self, section_id: int) -> str:
        """Return what the section says, empty if nothing."""
        return next(
            (
                section_text.text
                for section_text in self.texts
                if section_text.section_id == section_id
            ),
            "",
        )

    @property
    def files(self) -> list[tuple[DocumentRequirement, "Attachment"]]:
        """The attached files in the order of the form, each with the document that it is."""
        return [
            (document, file)
            for document in self.edition.documents
            for file in self.files_of(document)
        ]

    @property
    def sections(self) -> list[Section]:
        """The sections of the form that this proposal is asked for, given its answers."""
        given, asked = {""}, []
        for section in self.edition.sections:
            if section.only_if not in given:
                continue
            asked.append(section)
            if section.kind.has_options:
                names = self.text_of(section.id).splitlines()
                given |= {answer(section.name, name) for name in names}
        return asked

    @property
    def longer_texts(self) -> list[tuple[Section, str]]:
        """Its longer texts, each with its section, in the order of the form; some may be empty."""
        longer = [section for section in self.sections if section.kind is SectionKind.TEXT]
        return [(section, self.text_of(section.id)) for section in longer]

    @property
    def summary(self) -> str:
        """Its first longer text, which is what the public reads."""
        return next((text for _, text in self.longer_texts), "")

    def files_of(self, requirement: DocumentRequirement) -> list["Attachment"]:
        """Return the files attached as this document."""
        return [
            attachment
            for attachment in self.attachments
            if attachment.requirement_id == requirement.id
        ]


class Author(Base):
    """Who may write a proposal, and whether they present it."""

    __tablename__ = "author"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    is_presenter: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class SectionText(Base):
    """What a proposal says in one section of the form."""

    __tablename__ = "section_text"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(Text, default="")


class Attachment(Base):
    """A file of a proposal; its content is on disk under a random name."""

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    requirement_id: Mapped[int] = mapped_column(ForeignKey("document_requirement.id"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    may_be_locked: Mapped[bool] = mapped_column(  # a PDF that perhaps asks for a password
        default=False, server_default=text("false")
    )

    requirement: Mapped[DocumentRequirement] = relationship()

    @property
    def can_be_viewed(self) -> bool:
        """Whether a browser can show it itself: a PDF or a picture."""
        return PurePath(self.filename).suffix in FileKind.PICTURE.mimetypes.values()


class Upload(Base):
    """How much a proposal has taken up on disk lately, also by files that were replaced since."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_lately", "proposal_id", "uploaded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    size: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Submission(Base):
    """The receipt of one submission: what was submitted, when, its digest, and the names then."""

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[str] = mapped_column(Text)  # canonical JSON
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the content
    names: Mapped[str] = mapped_column(  # of that time, as `versions.ReceiptNames` writes them
        Text, server_default=""
    )

    person: Mapped[Person] = relationship()
