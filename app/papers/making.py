"""Making papers: drafted from the data as they are, frozen, numbered once; and their copies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from app.accounts.models import Person
from app.audit.chain import head_of, record
from app.database import db
from app.editions.models import Edition
from app.papers import queries
from app.papers.draft import PaperDraft
from app.papers.drafting import drafts_of
from app.papers.framing import PaperFrame, digest_of, frame_of, framed, number_for
from app.papers.kinds import Copy, PaperKind
from app.papers.models import Paper, PaperFile
from app.papers.writing import Writer
from app.proposals.files import check_pdf
from app.proposals.files import digest_of as digest_of_file
from app.workflow import N_, DomainError

MEGABYTES = 10  # of a scan


@dataclass(frozen=True)
class Request:
    """What is asked for: a kind of paper in a language, and where it is verified."""

    kind: PaperKind
    language: str
    link: str
    is_example: bool


@dataclass(frozen=True)
class Made:
    """A draft with its number, and the paper that it replaces, if one stands."""

    draft: PaperDraft
    serial: int | None
    number: str
    replaces: Paper | None
    frame: PaperFrame

    @cached_property
    def content(self) -> dict[str, Any]:
        """All that its PDF is set from, written once it is asked for."""
        return framed(self.draft, self.number, self.frame)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of that."""
        return digest_of(self.content)

    @property
    def is_new(self) -> bool:
        """Whether it says something else than the paper that stands."""
        return self.replaces is None or self.replaces.digest != self.digest


@dataclass(frozen=True)
class Drafted:
    """The papers that were asked for, and the head of the audit trail before they were drafted."""

    asked: Request
    papers: list[Made]
    basis: str


def made_now(edition: Edition, asked: Request) -> list[Made]:
    """Return each paper of a kind as it would be made now; raise `NotAllowedNow` if none can be.

    One that would replace another keeps its number.
    """
    writer = Writer(asked.language, edition.zone)
    frame = frame_of(edition, asked.kind, writer, link=asked.link, is_example=asked.is_example)
    nips = {} if asked.is_example else queries.nips_of(edition)
    drafts = drafts_of(asked.kind, edition, writer, nips)
    return list(_numbered(drafts, frame))


def _numbered(drafts: Sequence[PaperDraft], frame: PaperFrame) -> Iterator[Made]:
    edition, kind = frame.edition, frame.rule.kind
    standing = {
        paper.subject: paper
        for paper in queries.standing_papers(edition, kind)
        if paper.language == frame.writer.language
    }
    last = queries.last_serials(edition).get(kind, 0)
    for draft in drafts:
        before = standing.get(draft.subject)
        serial = before.serial if before else None
        if serial is None and kind.is_numbered:
            last += 1
            serial = last
        number = before.number if before and before.number else number_for(draft, serial, frame)
        yield Made(draft, serial, number, before, frame)


def draft_papers(edition: Edition, asked: Request) -> Drafted:
    """Return the papers of a kind as they are now, with all that they tell.

    Raise `NotAllowedNow` if none can be made.
    """
    basis = head_of(edition.id)  # before the data, so that what changes meanwhile is noticed
    drafted = Drafted(asked, made_now(edition, asked), basis)
    for made in drafted.papers:
        made.digest  # noqa: B018 -- what it tells is written while the data are as they are
    return drafted


def keep_papers(edition: Edition, drafted: Drafted, *, by: Person, now: datetime) -> int:
    """Keep papers as they were drafted at the time `now`; return of how many that is said.

    Those that would say the same as what stands are left as they are.
    """
    queries.standing_papers(edition, drafted.asked.kind)  # all at once: each is looked at below
    new = [made for made in drafted.papers if made.is_new]
    for made in drafted.papers:
        if made.replaces is not None:
            made.replaces.refusal = ""  # it may be set now, with another font
            made.replaces.replaced_at = now if made.is_new else None
    db.session.flush()
    papers = [_kept(made, edition, drafted, by=by, now=now) for made in new]
    db.session.add_all(papers)
    db.session.flush()
    if papers:
        record(
            edition.id,
            "paper.make",
            by=by,
            now=now,
            subject=drafted.asked.kind.value,
            language=drafted.asked.language,
            digests=[paper.digest for paper in papers],
        )
    return len(papers)


def _kept(made: Made, edition: Edition, drafted: Drafted, *, by: Person, now: datetime) -> Paper:
    return Paper(
        edition_id=edition.id,
        kind=drafted.asked.kind,
        subject=made.draft.subject,
        title=made.draft.title,
        name=made.draft.name,
        language=drafted.asked.language,
        serial=made.serial,
        number=made.number,
        template=made.draft.template,
        content=made.content,
        digest=made.digest,
        basis=drafted.basis,
        refusal="",
        made_by_id=by.id,
        made_at=now,
    )


def attach_copy(
    paper: Paper, copy: Copy, content: bytes, *, by: Person, now: datetime
) -> PaperFile:
    """Attach a scan of the signed paper, or the PDF that was signed electronically.

    The earlier one of its kind is replaced; the trail holds the digest of each.
    """
    if copy is Copy.ORIGINAL:
        raise DomainError(N_("The original is made here and can't be replaced by a file."))
    check_pdf(content, megabytes=MEGABYTES)
    before = paper.file(copy)
    if before is not None:
        paper.files.remove(before)
        db.session.flush()
    file = PaperFile(
        copy=copy,
        content=content,
        size=len(content),
        sha256=digest_of_file(content),
        added_by_id=by.id,
        added_at=now,
    )
    paper.files.append(file)
    db.session.flush()
    record(
        paper.edition_id,
        "paper.attach",
        by=by,
        now=now,
        subject=f"paper {paper.id}",
        copy=copy.value,
        sha256=file.sha256,
        digest=paper.digest,
    )
    return file
