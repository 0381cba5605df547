"""When judges can't come on each presentation day, as a picture: a row each, hours across. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.accounts.models import Person
from app.editions.models import Edition
from app.editions.parts import PresentationDay
from app.schedule.draft.models import Absence
from app.schedule.draft.timetable import Span
from app.web.pictures import Scale

WIDTH = 240
"""Of a day, in the picture's units."""
MOST_HOURS = 10  # that are labelled; on longer days every second, third …
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class AbsenceRow:
    """What of a day a judge can't come: the times within it, and where each begins and ends."""

    judge: Person
    times: Sequence[Span]
    places: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class AbsenceDay:
    """A presentation day: where its full hours stand, and a row for each judge."""

    date: date
    hours: Sequence[tuple[float, datetime]]
    rows: Sequence[AbsenceRow]
    width: int = WIDTH


def absence_days(
    edition: Edition, judges: Sequence[Person], found: Collection[Absence]
) -> list[AbsenceDay]:
    """Return the days of an edition on which a judge can't come, with all judges in their order."""
    days = [_day(day, edition.zone, judges, found) for day in edition.days]
    return [day for day in days if any(row.times for row in day.rows)]


def _day(
    day: PresentationDay, zone: ZoneInfo, judges: Sequence[Person], found: Collection[Absence]
) -> AbsenceDay:
    begin, end = (
        datetime.combine(day.date, time, tzinfo=zone).astimezone(UTC)
        for time in (day.starts_at, day.ends_at)
    )
    scale = Scale(Fraction(0), Fraction((end - begin) / timedelta(minutes=1)), WIDTH)

    def at(moment: datetime) -> float:
        return scale.at((moment - begin) / timedelta(minutes=1))

    of_judge: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for own in found:
        of_judge[own.person_id].append((own.starts_at, own.ends_at))
    rows = []
    for judge in judges:
        times = _merged_within(of_judge[judge.id], begin, end)
        places = [(at(span.starts_at), at(span.ends_at)) for span in times]
        rows.append(AbsenceRow(judge, times, places))
    hours = [(at(hour), hour) for hour in _full_hours(begin.astimezone(zone), end)]
    return AbsenceDay(day.date, hours, rows)


def _full_hours(begin: datetime, end: datetime) -> list[datetime]:
    """Return the full hours of its zone within a day, at most `MOST_HOURS`, evenly apart."""
    first = begin.replace(minute=0, second=0, microsecond=0)
    first += HOUR if first < begin else timedelta(0)
    count = (end - first) // HOUR + 1
    step = -(-count // MOST_HOURS)
    return [first + place * HOUR for place in range(0, count, max(step, 1))]


def _merged_within(
    stretches: Iterable[tuple[datetime, datetime]], begin: datetime, end: datetime
) -> list[Span]:
    """Return what of some stretches lies within a day, in order, none touching another.

    The reader of calendars does the same; it runs by itself and knows nothing of the application.
    """
    merged: list[Span] = []
    for start, stop in sorted(stretches):
        first, last = max(start, begin), min(stop, end)
        if merged and first <= merged[-1].ends_at:
            merged[-1] = Span(merged[-1].starts_at, max(merged[-1].ends_at, last))
        elif first < last:
            merged.append(Span(first, last))
    return merged
