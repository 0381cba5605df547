"""What each person must do next, counted across the stages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import Person
from app.database import db
from app.editions.models import Edition, Membership, Role, SheetKind, Stage
from app.mail.models import Letter
from app.proposals.checklist import deadline
from app.proposals.models import Author, Proposal
from app.schedule.queries import unplaced
from app.screening.queries import SCREENABLE, open_sheets, prepared_count
from app.workflow import EDITABLE, N_, Message, Status


@dataclass(frozen=True)
class Task:
    """Something to do: what, where, until when."""

    text: Message
    values: dict[str, Any]
    endpoint: str
    url_values: dict[str, Any]
    until: datetime | None = None


def tasks_of(membership: Membership, *, now: datetime) -> list[Task]:
    """Return what this role asks of the person now, in a bounded number of queries."""
    edition, person = membership.edition, membership.person
    slug = {"edition": edition.slug}
    find = {
        Role.INNOVATOR: _innovator,
        Role.SCREENER: _screener,
        Role.JUDGE: _judge,
        Role.ORGANISER: _organiser,
        Role.OBSERVER: lambda *_: [],
    }[membership.role]
    return find(edition, person, slug, now)


def letters_of(edition: Edition) -> Select[Letter]:
    """Select the edition's letters, the newest first; those with a secret link stay out."""
    return (
        select(Letter)
        .where(Letter.edition_id == edition.id, Letter.is_private.is_(False))
        .order_by(Letter.id.desc())
    )


def _innovator(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    proposals = db.session.scalars(
        select(Proposal)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(Proposal.edition_id == edition.id, Author.person_id == person.id)
        .order_by(Proposal.number)
        .limit(50)
    ).all()
    tasks = []
    if not proposals and edition.is_open(Stage.SUBMISSION, now=now):
        until = _closes(edition, Stage.SUBMISSION)
        tasks.append(Task(N_("Start a proposal"), {}, "proposals.index", slug, until))
    for each in proposals:
        if each.status in EDITABLE:
            values = {"title": each.title or each.code}
            url = slug | {"proposal": each.number}
            until = deadline(each, edition)
            if until is not None and until > now:
                tasks.append(
                    Task(N_("Finish and submit “%(title)s”"), values, "proposals.check", url, until)
                )
    waiting = {each.id for each in unplaced(edition)} & {each.id for each in proposals}
    if waiting and edition.is_open(Stage.PICKING, now=now):
        until = _closes(edition, Stage.PICKING)
        tasks.append(
            Task(N_("Pick a slot for your presentation"), {}, "schedule.slots", slug, until)
        )
    return tasks


def _screener(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    return _sheets(edition, person, slug, SheetKind.DESK, Stage.SCREENING)


def _judge(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    return _sheets(edition, person, slug, SheetKind.PRESENTATION, Stage.SCORING)


def _sheets(
    edition: Edition, person: Person, slug: dict[str, Any], kind: SheetKind, stage: Stage
) -> list[Task]:
    count = open_sheets(person, edition, kind)
    if not count or edition.closed_at is not None:
        return []
    url = slug | {"kind": kind.value}
    text = N_("Write and submit %(count)s sheets: %(kind)s")
    values = {"count": count, "kind": kind.label}
    return [Task(text, values, "scoring.own_sheets", url, _closes(edition, stage))]


def _organiser(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    undecided = _count(edition, SCREENABLE)
    finalists_without_slot = len(unplaced(edition))
    tasks = []
    if undecided and not edition.is_open(Stage.SUBMISSION, now=now):
        text = N_("Screen and decide on %(count)s proposals")
        until = _closes(edition, Stage.SCREENING)
        tasks.append(Task(text, {"count": undecided}, "screening.index", slug, until))
    if prepared := prepared_count(edition):
        text = N_("Announce %(count)s prepared decisions")
        tasks.append(Task(text, {"count": prepared}, "screening.announcement", slug))
    if finalists_without_slot:
        text = N_("%(count)s finalists have no slot yet")
        until = _closes(edition, Stage.PICKING)
        tasks.append(Task(text, {"count": finalists_without_slot}, "schedule.slots", slug, until))
    elif not edition.is_frozen and _count(edition, (Status.FINALIST,)):
        tasks.append(Task(N_("Open scoring"), {}, "scoring.progress", slug))
    if edition.is_frozen and edition.closed_at is None:
        tasks.append(Task(N_("Prepare the result in the plenary"), {}, "awards.plenary", slug))
    return tasks


def _count(edition: Edition, statuses: tuple[Status, ...]) -> int:
    statement = select(func.count()).where(
        Proposal.edition_id == edition.id, Proposal.status.in_(statuses)
    )
    return db.session.scalar(statement) or 0


def _closes(edition: Edition, stage: Stage) -> datetime | None:
    window = edition.window(stage)
    return window.closes_at if window else None
