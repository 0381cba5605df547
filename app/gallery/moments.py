"""At which point a competition is, as the public sees it, and what is the thing to do. Pure."""

from dataclasses import dataclass
from datetime import datetime

from app.editions.kinds import Stage
from app.editions.models import Edition
from app.editions.timeline import StepState, TimelineStep, timeline
from app.workflow import N_, Labelled


class PublicPoint(Labelled):
    """Where a competition stands for the public."""

    PLANNED = "planned", N_("Being prepared")
    UNDER_WAY = "under_way", N_("Under way")
    AWAITED = "awaited", N_("Waiting for the results")
    ANNOUNCED = "announced", N_("Results announced")


class Doing(Labelled):
    """What a visitor can do at this point; its value is the page that it leads to."""

    SUBMIT = "accounts.sign_in", N_("Sign in to submit an innovation")
    SCHEDULE = "gallery.schedule", N_("See the schedule")
    RESULTS = "gallery.results", N_("See the results")
    INNOVATIONS = "gallery.innovations", N_("See the innovations")
    ABOUT = "gallery.edition", N_("About the competition")


@dataclass(frozen=True)
class Published:
    """What everyone can already see of an edition."""

    has_finalists: bool = False
    has_schedule: bool = False
    has_result: bool = False


@dataclass(frozen=True)
class StandsAt:
    """Where an edition stands: the step that is running or comes next, and what to do."""

    point: PublicPoint
    step: TimelineStep | None
    doing: Doing


def standing_at(edition: Edition, published: Published, *, now: datetime) -> StandsAt:
    """Return where the edition stands at `now`."""
    steps = timeline(edition, now=now)
    doing = _doing(edition, published, now)
    if published.has_result:
        return StandsAt(PublicPoint.ANNOUNCED, None, doing)
    step = _step(steps)
    if step is not None:
        return StandsAt(PublicPoint.UNDER_WAY, step, doing)
    return StandsAt(PublicPoint.AWAITED if steps else PublicPoint.PLANNED, None, doing)


def _step(steps: list[TimelineStep]) -> TimelineStep | None:
    """Return what is running, that which ends first, or else what comes next."""
    running = [step for step in steps if step.state is StepState.NOW]
    coming = [step for step in steps if step.state is StepState.TO_COME]
    return min(running, key=lambda step: step.ends_at, default=next(iter(coming), None))


def _doing(edition: Edition, published: Published, now: datetime) -> Doing:
    if published.has_result:
        return Doing.RESULTS
    if published.has_schedule:
        return Doing.SCHEDULE
    if edition.is_open(Stage.SUBMISSION, now=now):
        return Doing.SUBMIT
    return Doing.INNOVATIONS if published.has_finalists else Doing.ABOUT
