"""A presentation day as it goes: what is on, what comes next, who is there, how late it is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.editions.models import Edition
from app.programme.breaks import ShownBreak, break_at
from app.programme.extracts import Extract
from app.programme.models import Appearance, Change, ChangeKind, Version
from app.programme.queries import appearances

SHOWN = 6  # presentations of one moment that are named, one to a room


@dataclass(frozen=True)
class Today:
    """The presentations of one day, counted, and those that are on and come next.

    `delay` is by how much the next ones were put off on the day itself.
    """

    total: int
    over: int
    arrived: int
    missed: int
    present: Sequence[Appearance]
    coming: Sequence[Appearance]
    pause: ShownBreak | None
    delay: timedelta


def today_of(edition: Edition, *, now: datetime) -> Today | None:
    """Return how the present day goes, None if nothing is presented on it."""
    day = now.astimezone(edition.zone).date()
    if day not in {planned.date for planned in edition.days}:
        return None
    rows = appearances(edition, Extract((day,)))
    if not rows:
        return None
    held = [row for row in rows if row.missed_at is None]
    later = [row for row in held if not row.has_begun(now)]
    return Today(
        total=len(rows),
        over=sum(row.ends_at <= now for row in held),
        arrived=sum(row.arrived_at is not None for row in rows),
        missed=len(rows) - len(held),
        present=[row for row in held if row.has_begun(now) and row.ends_at > now][:SHOWN],
        coming=[row for row in later if row.starts_at == later[0].starts_at][:SHOWN],
        pause=break_at(now, edition),
        delay=_delay(later[0], day, edition) if later else timedelta(),
    )


def _delay(appearance: Appearance, day: dt.date, edition: Edition) -> timedelta:
    """Return how much later it begins than it did when the day began."""
    began = datetime.combine(day, dt.time(), tzinfo=edition.zone)
    statement = (
        select(Change.was_starts_at)
        .join(Change.version)
        .where(
            Change.proposal_id == appearance.proposal_id,
            Change.kind == ChangeKind.MOVED,
            Version.published_at >= began,
        )
        .order_by(Change.id)
        .limit(1)
    )
    was = db.session.scalar(statement)
    return max(appearance.starts_at - was, timedelta()) if was else timedelta()
