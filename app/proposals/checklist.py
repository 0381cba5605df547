"""What a proposal still lacks before it can be submitted. Pure."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from datetime import datetime

from app.editions.kinds import Stage
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.workflow import N_

_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way of submitting, and the field where it is mended."""

    field: str
    message: str
    values: dict[str, object]


def words(text: str) -> int:
    """Count the words of a text: runs of characters between white space."""
    return sum(1 for _ in _WORD.finditer(text))


def missing_of(proposal: Proposal, edition: Edition) -> list[Missing]:
    """Return everything the proposal lacks, in the order of the form; empty when it is ready."""
    return [
        *_missing_basics(proposal),
        *_missing_age(proposal, edition),
        *_missing_texts(proposal, edition),
        *_missing_documents(proposal, edition),
    ]


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month so many months before, or that month's last day."""
    place = day.year * 12 + day.month - 1 - months
    year, month = place // 12, place % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def closing_day(edition: Edition) -> dt.date | None:
    """Return the day submission closes, in the edition's zone."""
    window = edition.window(Stage.SUBMISSION)
    return window.closes_at.astimezone(edition.zone).date() if window else None


def deadline(proposal: Proposal, edition: Edition) -> datetime | None:
    """Return until when it can be submitted: its own correction window or extension, or all's."""
    window = edition.window(Stage.SUBMISSION)
    ends = [window.closes_at] if window else []
    if proposal.extended_until:
        ends.append(proposal.extended_until)
    return proposal.correct_until or max(ends, default=None)


def _missing_basics(proposal: Proposal) -> list[Missing]:
    missing = []
    if not proposal.title:
        missing.append(Missing("title", N_("Give the innovation a title."), {}))
    if proposal.category_id is None:
        missing.append(Missing("category_id", N_("Choose a category."), {}))
    if proposal.started_on is None:
        missing.append(Missing("started_on", N_("Say since when it has been running."), {}))
    if not proposal.video_url:
        missing.append(Missing("video_url", N_("Give the address of the video."), {}))
    return missing


def _missing_age(proposal: Proposal, edition: Edition) -> list[Missing]:
    closing = closing_day(edition)
    if proposal.started_on is None or closing is None:
        return []
    latest = months_before(closing, edition.minimum_age_months)
    if proposal.started_on <= latest:
        return []
    message = N_(
        "It must have been running for %(months)s months on %(closing)s: since %(latest)s at the "
        "latest, %(days)s days earlier than stated."
    )
    values = {
        "months": edition.minimum_age_months,
        "closing": closing,
        "latest": latest,
        "days": (proposal.started_on - latest).days,
    }
    return [Missing("started_on", message, values)]


def _missing_texts(proposal: Proposal, edition: Edition) -> list[Missing]:
    missing = []
    texts = {each.section_id: each.text for each in proposal.texts}
    for section in edition.sections:
        count = words(texts.get(section.id, ""))
        field = f"section_{section.id}"
        if count == 0:
            message = N_("Write the section “%(section)s”.")
            missing.append(Missing(field, message, {"section": section}))
        elif count > section.word_limit:
            message = N_("“%(section)s” has %(count)s words; %(limit)s are allowed.")
            values = {"section": section, "count": count, "limit": section.word_limit}
            missing.append(Missing(field, message, values))
    return missing


def _missing_documents(proposal: Proposal, edition: Edition) -> list[Missing]:
    attached = {attachment.requirement_id for attachment in proposal.attachments}
    return [
        Missing(f"document_{each.id}", N_("Attach “%(document)s”."), {"document": each})
        for each in edition.documents
        if each.is_required and each.id not in attached
    ]
