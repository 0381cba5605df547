"""The dates of an edition in their order: stages, presentation days, award ceremony. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.editions.models import Edition
from app.workflow import N_, Message

PRESENTATIONS, CEREMONY = N_("Presentations"), N_("Award ceremony")


class StepState(StrEnum):
    """Where a step is, seen from now."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to-come"


@dataclass(frozen=True)
class TimelineStep:
    """A stage or a day of the edition, from `starts_at` until `ends_at`, in its time zone."""

    label: Message
    starts_at: datetime
    ends_at: datetime
    state: StepState
    is_day: bool = False

    def days_left(self, now: datetime) -> int:
        """Return in how many days, by the calendar, it ends or, if it is to come, begins."""
        end = self.starts_at if self.state is StepState.TO_COME else self.ends_at
        return (end.date() - now.astimezone(end.tzinfo).date()).days


def whole_day(day: date, edition: Edition) -> tuple[datetime, datetime]:
    """Return the midnights at which a day of the edition begins and ends."""
    midnight = datetime.combine(day, time(), tzinfo=edition.zone)
    return midnight, datetime.combine(day + timedelta(days=1), time(), tzinfo=edition.zone)


def timeline(edition: Edition, *, now: datetime) -> list[TimelineStep]:
    """Return all steps that have a date, by the time at which they begin, then end."""
    spans = [
        (window.stage.label, window.opens_at, window.closes_at, False) for window in edition.windows
    ]
    spans += [(PRESENTATIONS, *whole_day(day.date, edition), True) for day in edition.days]
    if edition.award_ceremony:
        spans.append((CEREMONY, *whole_day(edition.award_ceremony, edition), True))
    spans.sort(key=lambda span: span[1:3])
    return [
        TimelineStep(
            label,
            start.astimezone(edition.zone),
            end.astimezone(edition.zone),
            _state(start, end, now),
            is_day,
        )
        for label, start, end, is_day in spans
    ]


def _state(start: datetime, end: datetime, now: datetime) -> StepState:
    if end <= now:
        return StepState.DONE
    return StepState.NOW if start <= now else StepState.TO_COME
