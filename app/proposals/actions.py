"""What changes a proposal: starting, saving, attaching, submitting, disqualifying, deleting."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.audit.chain import canonical, record
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import Role, Stage
from app.editions.models import Edition
from app.editions.parts import DocumentRequirement
from app.editions.queries import holders
from app.editions.units import Agency
from app.mail import letters, outbox
from app.proposals import queries
from app.proposals.completeness import missing_of
from app.proposals.deadlines import check_open
from app.proposals.files import MEGABYTE, StoredFile
from app.proposals.models import Attachment, Author, Proposal, SectionText, Submission, Upload
from app.proposals.versions import names_now
from app.workflow import (
    N_,
    DomainError,
    NotAllowedNow,
    Overtaken,
    Size,
    Status,
    Step,
    check_reason,
)

MOST_DRAFTS = 20  # of one person in one edition
PRESSED_TWICE = timedelta(minutes=1)
DAY = timedelta(days=1)
ALLOWANCES_A_DAY = 5
"""How often all of a proposal's documents may be replaced within a day: their files stay a day."""
TOO_MANY_DRAFTS = N_(
    "You already have %(count)s drafts, which is the most you can have. Submit one, or delete "
    "one on its page."
)
TOO_MANY_FILES = N_("At most %(count)s files can be attached here.")
TOO_MUCH_A_DAY = N_(
    "%(used)s of files have been attached to this proposal within a day, including replaced "
    "ones; the limit is %(limit)s. Files already attached are kept. Try again tomorrow, or ask "
    "the organiser."
)
DELETED = N_(
    "Hello %(name)s,\n\n%(by)s has deleted the draft “%(title)s” of %(edition)s, which you wrote "
    "together. It had not been submitted."
)
DISQUALIFIED = N_(
    "Hello %(name)s,\n\n“%(title)s” has been disqualified from %(edition)s.\n\nReason: %(reason)s"
)


@dataclass(frozen=True)
class Draft:
    """What the form holds: the texts by the id of their section."""

    title: str
    category_id: int | None
    started_on: dt.date | None
    video_url: str
    texts: dict[int, str]


class OvertakenDraft(Overtaken):
    """The draft was saved elsewhere since this edit began; neither version is lost."""

    def __init__(self) -> None:
        super().__init__(
            N_("This proposal was changed elsewhere since you opened it. Both versions are below.")
        )


def start_proposal(edition: Edition, agency: Agency, *, by: Person, now: datetime) -> Proposal:
    """Start a draft for the agency while submission is open.

    Whoever pressed the button twice gets the draft of the first time.
    """
    if not edition.is_open(Stage.SUBMISSION, now=now):
        raise NotAllowedNow(N_("Submission is not open."))
    if not agency.can_enter:
        raise DomainError(N_("%(unit)s can't submit proposals."), unit=agency.name)
    started = queries.untouched_draft(edition, agency, by)
    if started is not None and now - started.created_at < PRESSED_TWICE:
        return started
    if queries.drafts_of(edition, by) >= MOST_DRAFTS:
        raise NotAllowedNow(TOO_MANY_DRAFTS, count=MOST_DRAFTS)
    proposal = Proposal(
        edition_id=edition.id,
        agency_id=agency.id,
        number=queries.next_number(edition),
        created_at=now,
        saved_at=now,
    )
    db.session.add(proposal)
    db.session.flush()
    db.session.add(Author(proposal_id=proposal.id, person_id=by.id))
    record(edition.id, "proposal.start", by=by, now=now, subject=proposal.code, agency=agency.code)
    return proposal


def save_draft(proposal: Proposal, draft: Draft, *, version: int, now: datetime) -> None:
    """Save what the form holds; raise `OvertakenDraft` if it began from an older version."""
    check_open(proposal, now=now)
    if proposal.version != version:
        if draft == draft_of(proposal, draft.texts):
            return  # the automatic save was faster than the button
        raise OvertakenDraft
    if draft != draft_of(proposal, draft.texts):
        lose_endorsement(proposal)
    present = {
        section_text.section_id: section_text for section_text in proposal.texts
    }  # first: reading flushes
    proposal.title = draft.title
    proposal.category_id = draft.category_id
    proposal.started_on = draft.started_on
    proposal.video_url = draft.video_url
    for section_id, text in draft.texts.items():
        if section_id in present:
            present[section_id].text = text
        elif text:
            proposal.texts.append(SectionText(section_id=section_id, text=text))
    proposal.saved_at = now
    db.session.flush()


def draft_of(proposal: Proposal, sections: Iterable[int]) -> Draft:
    """Return what the proposal says now, in these sections, as the form would hold it."""
    return Draft(
        title=proposal.title,
        category_id=proposal.category_id,
        started_on=proposal.started_on,
        video_url=proposal.video_url,
        texts={section: proposal.text_of(section) for section in sections},
    )


def attach_file(
    proposal: Proposal,
    requirement: DocumentRequirement,
    file: StoredFile,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Attach a stored file, replacing the previous one if only one is asked for."""
    check_room(proposal, requirement, file.size, now=now)
    if requirement.most == 1:
        for attachment in proposal.files_of(requirement):
            proposal.attachments.remove(attachment)
    lose_endorsement(proposal)
    db.session.flush()
    proposal.attachments.append(
        Attachment(
            requirement_id=requirement.id,
            filename=file.filename,
            stored_name=file.stored_name,
            size=file.size,
            sha256=file.sha256,
            uploaded_at=now,
            may_be_locked=file.may_be_locked,
        )
    )
    db.session.add(Upload(proposal_id=proposal.id, size=file.size, uploaded_at=now))
    facts = {"document": requirement.name, "sha256": file.sha256}
    record(proposal.edition_id, "document.attach", by=by, now=now, subject=proposal.code, **facts)


def detach_file(attachment: Attachment, proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Remove a document from the proposal."""
    check_open(proposal, now=now)
    proposal.attachments.remove(attachment)
    lose_endorsement(proposal)
    facts = {"sha256": attachment.sha256}
    record(proposal.edition_id, "document.detach", by=by, now=now, subject=proposal.code, **facts)


def lose_endorsement(proposal: Proposal) -> None:
    """Drop the delegate's endorsement, because it was of different content."""
    proposal.endorsed_at = proposal.endorsed_by_id = None


def submit_proposal(proposal: Proposal, *, by: Person, now: datetime, link: str) -> Submission:
    """Submit a complete proposal in time; its authors get a receipt with the content's digest."""
    check_open(proposal, now=now)
    if missing_of(proposal, proposal.edition, entered=queries.entered_beside(proposal)):
        raise DomainError(N_("The proposal is not complete yet."))
    is_corrected = proposal.status is Status.RETURNED
    proposal.take(Step.SUBMIT)
    proposal.submitted_at = now
    content = content_of(proposal)
    receipt = Submission(
        proposal_id=proposal.id,
        person_id=by.id,
        submitted_at=now,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        names=names_now(proposal, by).written(),
    )
    db.session.add(receipt)
    facts = {"title": proposal.title, "digest": receipt.digest}
    record(proposal.edition_id, "proposal.submit", by=by, now=now, subject=proposal.code, **facts)
    _send_receipt(proposal, receipt, link=link, now=now)
    if is_corrected:
        _tell_committee(proposal, link=link, now=now)
    return receipt


def delete_draft(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Delete a draft that was never submitted, for good; its other authors are told."""
    if proposal.status is not Status.DRAFT:
        raise NotAllowedNow(N_("Only a draft that was never submitted can be deleted."))
    edition, code, title = proposal.edition, proposal.code, proposal.title
    others = [author for author in proposal.authors if author.id != by.id]
    edition.last_deleted = max(edition.last_deleted, proposal.number)
    try:
        with db.session.begin_nested():
            db.session.delete(proposal)
            db.session.flush()
    except IntegrityError as error:  # such as a conflict of interest, which stands in the minutes
        raise NotAllowedNow(
            N_(
                "Something has been recorded about this draft, so it can't be deleted. You can "
                "withdraw it instead."
            )
        ) from error
    record(edition.id, "proposal.delete", by=by, now=now, subject=code, title=title)
    for author in others:
        values = {"name": author.name, "title": title or code, "edition": edition, "by": by.name}
        outbox.queue_letter(
            author,
            subject=N_("%(title)s has been deleted"),
            body=DELETED,
            values=values,
            edition_id=edition.id,
            now=now,
        )


def disqualify_proposal(proposal: Proposal, *, reason: str, by: Person, now: datetime) -> None:
    """Take a proposal out of the competition as the organiser, with a reason that is recorded."""
    check_reason(reason)
    check_unconfirmed(proposal.edition, SHEETS_STAND)
    proposal.take(Step.DISQUALIFY)
    proposal.agency_rank = None
    proposal.edition.revise(now=now)
    subject = proposal.code
    record(
        proposal.edition_id, "proposal.disqualify", by=by, now=now, subject=subject, reason=reason
    )
    for author in proposal.authors:
        values = {"name": author.name, "title": proposal.title, "reason": reason}
        outbox.queue_letter(
            author,
            subject=N_("%(title)s has been disqualified"),
            body=DISQUALIFIED,
            values=values | {"edition": proposal.edition},
            edition_id=proposal.edition_id,
            now=now,
        )


def content_of(proposal: Proposal) -> str:
    """Return what is submitted, as canonical JSON: the same bytes for the same content."""
    return canonical(
        number=proposal.number,
        title=proposal.title,
        agency=proposal.agency.code,
        category=proposal.category.name if proposal.category else None,
        started_on=proposal.started_on,
        video_url=proposal.video_url,
        sections={str(section.id): proposal.text_of(section.id) for section in proposal.sections},
        documents=[
            [str(attachment.requirement_id), attachment.filename, attachment.sha256]
            for attachment in proposal.attachments
        ],
    )


def check_room(
    proposal: Proposal, requirement: DocumentRequirement, size: int, *, now: datetime
) -> None:
    """Raise `DomainError` if a file of `size` bytes can't be attached as this document now."""
    check_open(proposal, now=now)
    present = proposal.files_of(requirement)
    replaced = present if requirement.most == 1 else []
    if not replaced and len(present) >= requirement.most:
        raise DomainError(TOO_MANY_FILES, count=requirement.most)
    kept = sum(attachment.size for attachment in proposal.attachments if attachment not in replaced)
    limit = proposal.edition.attachments_mb
    if kept + size > limit * MEGABYTE:
        raise DomainError(
            N_("The files of a proposal can total at most %(limit)s MB. Remove one first."),
            limit=limit,
        )
    _check_day(proposal, size, now=now)


def _check_day(proposal: Proposal, size: int, *, now: datetime) -> None:
    """Raise `DomainError` if files are replaced faster than the disk can take: they stay a day."""
    wanted = sum(each.megabytes * each.most for each in proposal.edition.documents)
    limit = ALLOWANCES_A_DAY * min(wanted, proposal.edition.attachments_mb) * MEGABYTE
    used = queries.uploaded_since(proposal, now - DAY)
    if used + size > limit:
        raise DomainError(TOO_MUCH_A_DAY, used=Size(used, beside=limit), limit=Size(limit))


def _tell_committee(proposal: Proposal, *, link: str, now: datetime) -> None:
    """Tell whoever examines that a returned proposal is back; each person once."""
    edition = proposal.edition
    roles = (Role.ORGANISER, Role.SCREENER)
    members = {held.person for role in roles for held in holders(edition, role)}
    for person in sorted(members - set(proposal.authors), key=lambda person: person.id):
        outbox.queue_letter(
            person,
            subject=N_("Corrected: %(title)s (%(code)s)"),
            body=N_(
                "Hello %(name)s,\n\n“%(title)s” (%(code)s) was returned for correction and "
                "has been submitted again. Screen it here:\n\n%(link)s"
            ),
            values={
                "name": person.name,
                "title": proposal.title,
                "code": proposal.code,
                "link": link,
            },
            edition_id=edition.id,
            now=now,
        )


def _send_receipt(proposal: Proposal, receipt: Submission, *, link: str, now: datetime) -> None:
    edition = proposal.edition
    for author in proposal.authors:
        moment = letters.moment(receipt.submitted_at, edition.zone, author.language)
        outbox.queue_letter(
            author,
            subject=N_("Received: %(title)s (%(code)s)"),
            body=N_(
                "Hello %(name)s,\n\nYour proposal “%(title)s” (%(code)s) was received on "
                "%(moment)s.\n\nDigest of its content (SHA-256): %(digest)s\n\n%(link)s"
            ),
            values={
                "name": author.name,
                "title": proposal.title,
                "code": proposal.code,
                "moment": moment,
                "digest": receipt.digest,
                "link": link,
            },
            edition_id=edition.id,
            now=now,
        )
