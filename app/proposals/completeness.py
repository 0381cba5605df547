"""What a proposal still lacks before it can be submitted. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from app.editions.kinds import Stage
from app.editions.models import Edition
from app.editions.parts import Named, Section
from app.proposals.models import Proposal
from app.web.typed import clean_text
from app.workflow import N_, NN_, Labelled, Message

WRITE = N_("Fill in the section “%(section)s”.")
TOO_LONG = N_("“%(section)s” has %(count)s words; the limit is %(limit)s.")
OUTRANKED = N_(
    "Your agency gave this proposal priority %(rank)s, but only %(quota)s may be submitted: it "
    "is %(over)s over the limit."
)
OVER_QUOTA = N_(
    "Your agency may submit %(quota)s and has submitted %(entered)s: with this one, it would be "
    "%(over)s over the limit."
)
TOO_YOUNG = NN_(
    "The innovation must have been running since %(latest)s or before (minimum months on "
    "%(closing)s: %(months)s). The date you entered is %(count)s day too late.",
    "The innovation must have been running since %(latest)s or before (minimum months on "
    "%(closing)s: %(months)s). The date you entered is %(count)s days too late.",
)
NOT_OFFERED = N_("“%(answer)s” is no longer offered in “%(section)s”: choose again.")


@dataclass(frozen=True)
class Missing:
    """One thing that prevents submission, and the field where it can be mended."""

    field: str
    message: str
    values: Mapping[str, object]


def words(text: str) -> int:
    """Count the words of a text as it is kept: what stands between white space.

    `words` in static/ajang.js counts alike.
    """
    return len(clean_text(text).split())


def missing_of(proposal: Proposal, edition: Edition, *, entered: int) -> list[Missing]:
    """Return everything the proposal lacks, in the order of the form; empty when it is ready.

    `entered` is how many other proposals its agency has submitted.
    """
    return [
        *_missing_basics(proposal, edition),
        *_missing_age(proposal, edition),
        *_missing_texts(proposal),
        *_missing_documents(proposal, edition),
        *_over_quota(proposal, edition, entered),
    ]


class DraftTaskState(Labelled):
    """How far one answer of the form has come."""

    DONE = "done", N_("done")
    TO_CORRECT = "to-correct", N_("to be corrected")
    TO_DO = "to-do", N_("to do")
    OPTIONAL = "optional", N_("optional")


@dataclass(frozen=True)
class DraftTask:
    """One answer or document of the form: the field where it is given, its name and its state."""

    field: str
    name: Message | Named
    state: DraftTaskState


def tasks_of(proposal: Proposal, edition: Edition, missing: Sequence[Missing]) -> list[DraftTask]:
    """Return what the form asks for in its order, with what of it is `missing`."""
    lacking = {lack.field for lack in missing}
    texts = {section_text.section_id: section_text.text for section_text in proposal.texts}
    given: list[tuple[str, Message | Named, object]] = [
        ("title", N_("Title"), proposal.title),
        ("category_id", N_("Category"), proposal.category_id),
        ("started_on", N_("Running since"), proposal.started_on),
        ("video_url", N_("Video"), proposal.video_url),
        *(
            (f"section_{section.id}", section, texts.get(section.id, "").strip())
            for section in proposal.sections
        ),
        *(
            (f"document_{document.id}", document, proposal.files_of(document))
            for document in edition.documents
        ),
    ]
    return [
        DraftTask(field, name, _state_of(bool(value), is_lacking=field in lacking))
        for field, name, value in given
    ]


def done_of(proposal: Proposal, edition: Edition) -> tuple[int, int]:
    """Return how many answers and documents lack nothing, of those that are given or needed."""
    tasks = tasks_of(proposal, edition, missing_of(proposal, edition, entered=0))
    states = [task.state for task in tasks if task.state is not DraftTaskState.OPTIONAL]
    return states.count(DraftTaskState.DONE), len(states)


def _state_of(is_given: bool, *, is_lacking: bool) -> DraftTaskState:  # noqa: FBT001 -- two facts, no switch
    if is_lacking:
        return DraftTaskState.TO_CORRECT if is_given else DraftTaskState.TO_DO
    return DraftTaskState.DONE if is_given else DraftTaskState.OPTIONAL


def closing_day(edition: Edition) -> dt.date | None:
    """Return the day submission closes, in the edition's zone."""
    window = edition.window(Stage.SUBMISSION)
    return window.closes_at.astimezone(edition.zone).date() if window else None


def latest_start(edition: Edition) -> dt.date | None:
    """Return the latest day on which an innovation may have started.

    It is the same day of the month as the closing day, or the last of that month.
    """
    closing = closing_day(edition)
    if closing is None:
        return None
    latest: dt.date = closing - relativedelta(months=edition.minimum_age_months)
    return latest


def _missing_basics(proposal: Proposal, edition: Edition) -> list[Missing]:
    missing = []
    if not proposal.title:
        missing.append(Missing("title", N_("Enter a title for the innovation."), {}))
    if proposal.category_id is None:
        missing.append(Missing("category_id", N_("Choose a category."), {}))
    if proposal.started_on is None:
        missing.append(Missing("started_on", N_("Enter the date it started."), {}))
    if edition.video_is_required and not proposal.video_url:
        missing.append(Missing("video_url", N_("Add a video link."), {}))
    return missing


def _missing_age(proposal: Proposal, edition: Edition) -> list[Missing]:
    latest = latest_start(edition)
    if proposal.started_on is None or latest is None or proposal.started_on <= latest:
        return []
    values = {
        "months": edition.minimum_age_months,
        "closing": closing_day(edition),
        "latest": latest,
        "count": (proposal.started_on - latest).days,
    }
    return [Missing("started_on", TOO_YOUNG, values)]


def _missing_texts(proposal: Proposal) -> list[Missing]:
    missing = []
    texts = {section_text.section_id: section_text.text for section_text in proposal.texts}
    for section in proposal.sections:
        lack = _lack(section, texts.get(section.id, ""))
        if lack is not None:
            message, values = lack
            missing.append(
                Missing(f"section_{section.id}", message, {"section": section, **values})
            )
    return missing


def _lack(section: Section, text: str) -> tuple[Message, dict[str, object]] | None:
    """Return what an answer to the section lacks, None if it lacks nothing."""
    if not text.strip():
        wanted = N_("Choose an answer in “%(section)s”.") if section.kind.has_options else WRITE
        return (wanted, {}) if section.is_required else None
    if section.kind.has_options:
        offered = {option.name for option in section.offered}
        gone = [name for name in text.splitlines() if name not in offered]
        return (NOT_OFFERED, {"answer": gone[0]}) if gone else None
    count = words(text)
    if count <= section.word_limit:
        return None
    return TOO_LONG, {"count": count, "limit": section.word_limit}


def _missing_documents(proposal: Proposal, edition: Edition) -> list[Missing]:
    return [
        Missing(f"document_{document.id}", N_("Attach “%(document)s”."), {"document": document})
        for document in edition.documents
        if document.is_required and not proposal.files_of(document)
    ]


def _over_quota(proposal: Proposal, edition: Edition, entered: int) -> list[Missing]:
    quota, rank = edition.agency_quota, proposal.agency_rank
    if quota is None or proposal.submitted_at is not None:
        return []
    if rank is not None and rank > quota:
        return [Missing("title", OUTRANKED, {"rank": rank, "quota": quota, "over": rank - quota})]
    if entered < quota:
        return []
    values = {"quota": quota, "entered": entered, "over": entered + 1 - quota}
    return [Missing("title", OVER_QUOTA, values)]
