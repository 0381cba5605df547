"""The breaks between published presentations. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.editions.models import Edition
from app.editions.parts import Break
from app.programme.models import Appearance


@dataclass(frozen=True)
class ShownBreak:
    """A break on one day."""

    named: Break
    starts_at: datetime
    ends_at: datetime


def with_breaks(rows: Sequence[Appearance], edition: Edition) -> list[Appearance | ShownBreak]:
    """Return presentations, which are in order of time, with the breaks between them.

    One in which something is presented all the same was moved after publishing: it is left out.
    """
    days: dict[dt.date, list[Appearance]] = {}
    for row in rows:
        days.setdefault(row.starts_at.astimezone(edition.zone).date(), []).append(row)
    pauses = [
        pause
        for day, own in days.items()
        for pause in breaks_on(day, edition)
        if _is_between(pause, own)
    ]
    return sorted([*pauses, *rows], key=lambda entry: entry.starts_at)


def break_at(moment: datetime, edition: Edition) -> ShownBreak | None:
    """Return the break at this moment, if there is one."""
    today = breaks_on(moment.astimezone(edition.zone).date(), edition)
    return next((pause for pause in today if pause.starts_at <= moment < pause.ends_at), None)


def breaks_on(day: dt.date, edition: Edition) -> list[ShownBreak]:
    """Return the breaks of a day, in order of time."""
    return [
        ShownBreak(
            named,
            datetime.combine(day, named.on(day).starts_at, tzinfo=edition.zone),
            datetime.combine(day, named.on(day).ends_at, tzinfo=edition.zone),
        )
        for named in edition.breaks
    ]


def _is_between(pause: ShownBreak, rows: Sequence[Appearance]) -> bool:
    """Return whether something is presented before and after a break, and nothing in it."""
    before = {row.ends_at <= pause.starts_at for row in rows}
    return before == {True, False} and all(
        row.ends_at <= pause.starts_at or row.starts_at >= pause.ends_at for row in rows
    )
