"""What each innovator must do next, from the first draft to what became of the innovation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.awards.queries import result_of
from app.dashboard.task import Task
from app.database import db
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.gallery.follow_up.queries import unreported_among
from app.gallery.replication.queries import counts_of
from app.programme.queries import appearances_of
from app.proposals.deadlines import deadline
from app.proposals.models import Author, Proposal
from app.schedule.draft.queries import bookings_of, wishes
from app.schedule.picking.swaps import open_swaps
from app.workflow import COMPETING, EDITABLE, N_, SUBMITTED_ONCE, Status


def innovator_tasks(
    edition: Edition, person: Person, slug: dict[str, Any], now: datetime
) -> list[Task]:
    """Return what an innovator must do, in the order of the stages."""
    proposals = db.session.scalars(
        select(Proposal)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(Proposal.edition_id == edition.id, Author.person_id == person.id)
        .order_by(Proposal.number)
        .limit(50)
    ).all()
    tasks = []
    if not proposals and edition.is_open(Stage.SUBMISSION, now=now):
        until = edition.closes(Stage.SUBMISSION)
        tasks.append(Task(N_("Start a proposal"), {}, "proposals.index", slug, until))
    for proposal in proposals:
        if proposal.status in EDITABLE:
            values = {"title": proposal.title or proposal.code}
            url = slug | {"proposal": proposal.number}
            until = deadline(proposal, edition)
            if until is not None and until > now:
                tasks.append(
                    Task(N_("Finish and submit “%(title)s”"), values, "proposals.check", url, until)
                )
    return [
        *tasks,
        *_presentations(edition, proposals, slug, now),
        *_feedback(edition, proposals, slug, now),
        *_afterwards(edition, proposals, slug),
    ]


def _feedback(
    edition: Edition, proposals: Sequence[Proposal], slug: dict[str, Any], now: datetime
) -> list[Task]:
    """Offer what the judges made of each proposal, from the publication of the result on."""
    submitted = [proposal for proposal in proposals if proposal.status in SUBMITTED_ONCE]
    result = result_of(edition) if edition.is_confirmed and submitted else None
    if result is None or not result.is_public(now):
        return []
    text = N_("Read how “%(title)s” was judged")
    return [
        Task(
            text,
            {"title": proposal.title},
            "awards.feedback",
            slug | {"proposal": proposal.number},
        )
        for proposal in submitted
    ]


def _presentations(
    edition: Edition, proposals: Sequence[Proposal], slug: dict[str, Any], now: datetime
) -> list[Task]:
    """Ask the author to pick a slot, or say when they present: what was picked last comes first."""
    finalists = [proposal for proposal in proposals if proposal.status is Status.FINALIST]
    published = appearances_of(finalists)
    booked = bookings_of(finalists)
    is_picking = edition.is_open(Stage.PICKING, now=now)
    tasks = _swaps_asked(finalists, edition, slug) if is_picking and finalists else []
    for finalist in finalists:
        url = slug | {"proposal": finalist.number}
        held, kept = published.get(finalist.id), booked.get(finalist.id)
        if kept is None and is_picking and (held is None or edition.picking is not Picking.WISHES):
            tasks += _slot_wanted(finalist, edition, url)
        elif kept is not None and (held is None or held.starts_at != kept.slot.starts_at):
            starts_at = kept.slot.starts_at.astimezone(edition.zone)
            values = {"title": finalist.title, "moment": starts_at}
            text = N_("“%(title)s” will be presented on %(moment)s (not published yet)")
            tasks.append(Task(text, values, "schedule.slots", slug))
        elif held is not None and held.starts_at > now:
            starts_at = held.starts_at.astimezone(edition.zone)
            values = {"title": finalist.title, "moment": starts_at}
            text = N_("Present “%(title)s” on %(moment)s")
            tasks.append(Task(text, values, "proposals.show", url))
    return tasks


def _swaps_asked(
    finalists: Sequence[Proposal], edition: Edition, slug: dict[str, Any]
) -> list[Task]:
    """Ask for an answer to those who want to change places."""
    own, until = {finalist.id for finalist in finalists}, edition.closes(Stage.PICKING)
    text = N_("Answer “%(title)s”, who asks to swap slots")
    return [
        Task(text, {"title": swap.asking.title}, "schedule.slots", slug, until)
        for swap in open_swaps(finalists)
        if swap.asked_id in own
    ]


def _slot_wanted(finalist: Proposal, edition: Edition, url: dict[str, Any]) -> list[Task]:
    """Ask for a slot to be picked or, where the schedule is computed, for wishes."""
    values, until = {"title": finalist.title}, edition.closes(Stage.PICKING)
    if edition.picking is not Picking.WISHES:
        text = N_("Pick a slot for “%(title)s”")
        return [Task(text, values, "schedule.slots", {"edition": edition.slug}, until)]
    if finalist.id in wishes(edition):
        return []
    text = N_("Choose your preferred slots for “%(title)s”")
    return [Task(text, values, "picking.own_wishes", url, until)]


def _afterwards(
    edition: Edition, proposals: Sequence[Proposal], slug: dict[str, Any]
) -> list[Task]:
    """Ask for answers to requests to replicate, and for what became of each innovation."""
    public = [proposal for proposal in proposals if proposal.status in COMPETING]
    waiting = {key: counted.waiting for key, counted in counts_of(public).items()}
    asked = unreported_among(public, edition)
    tasks = []
    for proposal in public:
        url, title = slug | {"proposal": proposal.number}, proposal.title
        if count := waiting.get(proposal.id):
            text = N_("Answer requests to replicate “%(title)s” (%(count)s)")
            values = {"count": count, "title": title}
            tasks.append(Task(text, values, "replication.index", url))
        if proposal.id in asked:
            text = N_("Tell what became of “%(title)s”")
            tasks.append(Task(text, {"title": title}, "follow_up.own", url))
    return tasks
