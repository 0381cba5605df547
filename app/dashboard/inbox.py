"""What somebody has to do in one role, by urgency, and what comes next if it is nothing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.dashboard.task import Task
from app.editions.kinds import Role, Stage
from app.editions.models import Membership
from app.editions.timeline import PRESENTATIONS, StepState, TimelineStep, timeline
from app.workflow import N_, Labelled

OF_OTHERS = {PRESENTATIONS, Stage.SCREENING.label, Stage.SCORING.label}
"""What innovators have nothing to do with, by its name in the timeline."""


class Urgency(Labelled):
    """When something is to be done."""

    LATE = "late", N_("Late")
    TODAY = "today", N_("Today")
    NOW = "now", N_("Now")
    LATER = "later", N_("Later")


@dataclass(frozen=True)
class Inbox:
    """The tasks of a membership by urgency, the most urgent first, and the next date to come.

    `has_cockpit` says whether the person watches over the whole edition.
    """

    membership: Membership
    tasks: Mapping[Urgency, Sequence[Task]]
    coming: TimelineStep | None
    has_cockpit: bool


def inbox_of(membership: Membership, tasks: Sequence[Task], *, now: datetime) -> Inbox:
    """Return these tasks of the membership in their order."""
    edition = membership.edition
    found = {
        urgency: [task for task in tasks if _urgency(task, membership, now) is urgency]
        for urgency in Urgency
    }
    steps = timeline(edition, now=now)
    return Inbox(
        membership,
        {urgency: own for urgency, own in found.items() if own},
        next((step for step in steps if _comes_up(step, membership.role)), None),
        membership.role in {Role.ORGANISER, Role.OBSERVER} or membership.is_chair,
    )


def _comes_up(step: TimelineStep, role: Role) -> bool:
    """Return whether a step is to come that concerns somebody of this role.

    Innovators who present are told so by a task of their own.
    """
    concerns = role is not Role.INNOVATOR or step.label not in OF_OTHERS
    return step.state is StepState.TO_COME and concerns


def _urgency(task: Task, membership: Membership, now: datetime) -> Urgency:
    if task.until is None:
        return Urgency.NOW
    if task.until <= now:
        return Urgency.LATE
    zone = membership.edition.zone
    is_today = task.until.astimezone(zone).date() == now.astimezone(zone).date()
    return Urgency.TODAY if is_today else Urgency.LATER
