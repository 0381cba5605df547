"""The whole of the cockpit, put together from its parts for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.dashboard.cockpit.awaited import Awaited, awaited_in
from app.dashboard.cockpit.figures import (
    LateMatter,
    Tile,
    figures_of,
    late_matters,
    tiles_of,
)
from app.dashboard.cockpit.setup import SetupItem, setup_items
from app.dashboard.cockpit.today import Today, today_of
from app.dashboard.models import Matter
from app.dashboard.task import Task
from app.dashboard.tasks import tasks_of
from app.database import db
from app.editions.kinds import Role, Stage
from app.editions.models import Edition
from app.editions.permissions import User
from app.editions.timeline import StepState, TimelineStep, timeline
from app.mail.models import LAST_ATTEMPT, Letter
from app.programme.queries import last_version

BLOCKERS = {
    "screening.index": (Matter.PLEDGE, Matter.DESK),
    "announcement.index": (),
    "scoring.progress": (Matter.PLEDGE,),
    "awards.plenary": (Matter.PRESENTATION,),
}
"""What must be done by others before a task (by its page) can be ended."""


@dataclass(frozen=True)
class NextStep:
    """What the reader can do next, and what others must do before it can be ended."""

    task: Task
    blockers: Mapping[Matter, int]


@dataclass(frozen=True)
class Cockpit:
    """Where an edition stands.

    `letters` says how many failed, `setup` what the edition needs, until it is all there.
    """

    steps: Sequence[TimelineStep]
    tiles: Sequence[Tile]
    late: Sequence[LateMatter]
    awaited: Mapping[Matter, Sequence[Awaited]]
    today: Today | None
    letters: int
    next_step: NextStep | None
    tasks: Sequence[Task]
    setup: Sequence[SetupItem]

    @property
    def coming(self) -> TimelineStep | None:
        """The next step that has not begun."""
        return next((step for step in self.steps if step.state is StepState.TO_COME), None)


def cockpit_of(edition: Edition, user: User, *, now: datetime) -> Cockpit:
    """Return where the edition stands, in a bounded number of queries."""
    figures = figures_of(edition)
    awaited = awaited_in(edition, but=user.acting, now=now)
    overdue = awaited.get(Matter.PRESENTATION, [])
    late = late_matters(
        edition,
        figures,
        overdue=(
            sum(line.count for line in overdue),
            min((line.until for line in overdue if line.until), default=None),
        ),
        is_scheduled=last_version(edition) is not None,
        now=now,
    )
    tasks = _own_tasks(user, now=now)
    return Cockpit(
        steps=timeline(edition, now=now),
        tiles=tiles_of(edition, figures),
        late=late,
        awaited=awaited,
        today=today_of(edition, now=now),
        letters=_failed_letters(edition),
        next_step=_next_step(tasks, awaited),
        tasks=tasks[1:],
        setup=_setup(edition, user, now=now),
    )


def _own_tasks(user: User, *, now: datetime) -> list[Task]:
    """Return what the organiser or the chair has to do; observers have nothing to do."""
    return [
        task
        for membership in user.memberships
        if membership.role is Role.ORGANISER or membership.is_chair
        for task in tasks_of(membership, now=now)
    ]


def _next_step(
    tasks: Sequence[Task], awaited: Mapping[Matter, Sequence[Awaited]]
) -> NextStep | None:
    if not tasks:
        return None
    matters = BLOCKERS.get(tasks[0].endpoint, ())
    return NextStep(
        tasks[0],
        {matter: len(awaited[matter]) for matter in matters if matter in awaited},
    )


def _setup(edition: Edition, user: User, *, now: datetime) -> list[SetupItem]:
    """Return what the organiser still sets up: everything, until submission closes."""
    window = edition.window(Stage.SUBMISSION)
    is_over = edition.is_frozen or (window is not None and window.closes_at <= now)
    return [] if is_over or not user.is_a(Role.ORGANISER) else setup_items(edition)


def _failed_letters(edition: Edition) -> int:
    statement = select(func.count()).where(
        Letter.edition_id == edition.id,
        Letter.delivered_at.is_(None),
        Letter.attempts >= LAST_ATTEMPT,
    )
    return db.session.scalar(statement) or 0
