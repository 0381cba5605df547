"""When a presentation day runs late: slots are moved, shown, and published with nothing else.

What is over stays, breaks keep their times, and each panel its presentations.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.models import Edition
from app.programme.models import Appearance, ChangeKind, Version
from app.programme.timegrid import lanes
from app.proposals.models import Proposal
from app.schedule.arranging.publishing import (
    ScheduleDifference,
    Spot,
    check_next,
    pending_changes,
    publish_draft,
)
from app.schedule.day.actions import check_calm
from app.schedule.draft import queries
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Booking, Panel, Slot
from app.schedule.draft.places import panel_at
from app.schedule.draft.slots import Times, breaks_on, later, stretch_of
from app.schedule.draft.timetable import Timetable
from app.workflow import N_, DomainError, NotAllowedNow, Status

MOST_MINUTES = 240


@dataclass(frozen=True)
class Delay:
    """What a delay has moved in the draft: by so many minutes from a time on, in a room or all.

    `changes` is what publishing it tells, `panels` when those that follow take over now.
    """

    day: dt.date
    begin: datetime
    minutes: int
    room_id: int | None
    panels: dict[str, str]
    changes: list[ScheduleDifference]

    @property
    def moved(self) -> list[tuple[int, Spot, Spot]]:
        """The proposals (ids) that are moved, by time, each with its spot before and after."""
        return [
            (change.proposal_id, change.before, change.after)
            for change in self.changes
            if change.before and change.after and change.kind is ChangeKind.MOVED
        ]


def shift_slots(
    edition: Edition,
    day: dt.date,
    start: dt.time,
    minutes: int,
    room_id: int | None,
    *,
    expected: int,
    now: datetime,
) -> Delay:
    """Delay slots of the draft from `start` on by so many minutes, in one room or all.

    What is over stays, and so do breaks: a slot that would run into one begins after it. Negative
    minutes bring slots forward, but none ahead of the one before it. A panel that takes over during
    the day does so with the same slot as before. Raise `Overtaken` unless this becomes version
    `expected`: the same delay sent twice counts once.
    """
    check_calm(edition)
    check_next(edition, expected)
    if not 0 < abs(minutes) <= MOST_MINUTES:
        raise DomainError(
            N_("Enter 1 to %(count)s minutes, or as many less than 0 to bring forward."),
            count=MOST_MINUTES,
        )
    begin, by_how_much = _moment(edition, day, start), timedelta(minutes=minutes)
    moving = _lanes(edition, day, room_id)
    before, over = _panels_of(edition, moving), _over(edition, now=now)
    shifted = [
        _shift(lane, _first_left(lane, begin, over), by_how_much, _breaks(edition, day))
        for lane in moving
    ]
    if not any(shifted):
        raise NotAllowedNow(
            N_(
                "Nothing is left to be moved that day from then on: what is over stays, and "
                "nothing begins before the one ahead of it has ended."
            )
        )
    followed = _keep_panels(before, edition, is_later=minutes > 0)
    timetable = timetable_of(edition)
    _check_together(timetable)
    changes = pending_changes(edition, timetable)
    return Delay(day, begin, minutes, room_id, followed, changes)


def publish_delay(
    edition: Edition, delay: Delay, *, expected: int, note: str, by: Person, now: datetime
) -> Version:
    """Publish what was delayed, as version `expected`: people are told at once."""
    record(
        edition.id,
        "day.delay",
        by=by,
        now=now,
        start=str(delay.begin),
        minutes=delay.minutes,
        room=delay.room_id,
        panels=delay.panels,
    )
    return publish_draft(edition, note=note, expected=expected, by=by, now=now)


def early_start(edition: Edition, delay: Delay) -> datetime | None:
    """Return when the first of what was brought forward begins, if before the day opens."""
    forward = (new.starts_at for _, old, new in delay.moved if new.starts_at < old.starts_at)
    first, hours = min(forward, default=None), _hours(edition, delay.day)
    return first if first and hours and first < hours[0] else None


def day_overrun(edition: Edition, delay: Delay) -> datetime | None:
    """Return when the last of what was moved ends, if after the day's end."""
    last = max((new.ends_at for _, _, new in delay.moved), default=None)
    hours = _hours(edition, delay.day)
    return last if last and hours and last > hours[1] else None


def _hours(edition: Edition, day: dt.date) -> Times | None:
    """Return from when until when presentations are planned on this day, if they are."""
    planned = next((each for each in edition.days if each.date == day), None)
    return stretch_of(planned, day, edition.zone) if planned else None


def _check_together(timetable: Timetable) -> None:
    """Raise `NotAllowedNow` if the two slots of a long presentation don't follow each other."""
    torn = [talk.id for talk, sitting in timetable.placements if not timetable.fits(talk, sitting)]
    if torn:
        title = db.session.get_one(Proposal, torn[0]).title
        raise NotAllowedNow(
            N_(
                "“%(title)s” takes two slots, which this delay would separate. Delay both, "
                "or move the presentation."
            ),
            title=title,
        )


def _breaks(edition: Edition, day: dt.date) -> list[Times]:
    return breaks_on(day, [pause.on(day) for pause in edition.breaks], edition.zone)


def _lanes(edition: Edition, day: dt.date, room_id: int | None) -> list[list[Slot]]:
    """Return the day's slots, of one room or all, those of each room in order of time."""
    slots = [
        slot
        for slot in queries.slots(edition)
        if slot.starts_at.astimezone(edition.zone).date() == day and room_id in {None, slot.room_id}
    ]
    rooms = dict.fromkeys(slot.room_id for slot in slots)
    return [
        lane for room in rooms for lane in lanes(slot for slot in slots if slot.room_id == room)
    ]


def _later(
    slots: Sequence[Slot], begin: datetime, by: timedelta, breaks: Sequence[Times]
) -> list[Times]:
    return later([(slot.starts_at, slot.ends_at) for slot in slots], begin, by, breaks)


def _over(edition: Edition, *, now: datetime) -> set[int]:
    """Return the slots (ids) that are over, or whose presentation was scored or begun early."""
    begun = select(Appearance.proposal_id).where(
        Appearance.begun_at.is_not(None), Appearance.cancelled_at.is_(None)
    )
    held = (
        select(Booking.slot_id)
        .join(Booking.proposal)
        .where(
            Proposal.edition_id == edition.id,
            (Proposal.status == Status.PRESENTED) | Proposal.id.in_(begun),
            Booking.given_up_at.is_(None),
        )
    )
    ended = {slot.id for slot in queries.slots(edition) if slot.ends_at <= now}
    return ended | set(db.session.scalars(held))


def _first_left(slots: Sequence[Slot], begin: datetime, over: Collection[int]) -> datetime:
    """Return from when on one room's slots move: none before the last of those that are over."""
    last = max((slot.ends_at for slot in slots if slot.id in over), default=begin)
    return max(begin, last)


def _shift(slots: Sequence[Slot], begin: datetime, by: timedelta, breaks: Sequence[Times]) -> bool:
    """Move one room's slots, and return whether any moved.

    Each is written alone, so that no two ever begin together.
    """
    before = [(slot.starts_at, slot.ends_at) for slot in slots]
    moved = list(zip(slots, _later(slots, begin, by, breaks), strict=True))
    for slot, (starts_at, ends_at) in moved[::-1] if by > timedelta(0) else moved:
        slot.starts_at, slot.ends_at = starts_at, ends_at
        db.session.flush()
    return before != [times for _, times in moved]


def _panels_of(edition: Edition, moving: Sequence[Sequence[Slot]]) -> dict[Slot, Panel | None]:
    """Return the panel that sits in each of these slots, those of a room in the order of time."""
    panels = queries.panels(edition)
    return {
        slot: panel_at(panels, slot.room_id, slot.starts_at.astimezone(edition.zone))
        for lane in moving
        for slot in lane
    }


def _keep_panels(
    before: Mapping[Slot, Panel | None], edition: Edition, *, is_later: bool
) -> dict[str, str]:
    """Let panels take over with the slots with which they did; return the new times by name.

    Each is written alone, so that no two ever take over at the same time.
    """
    if _panels_of(edition, [list(before)]) == before:
        return {}
    first: dict[Panel, Slot] = {}
    for slot, sits in before.items():
        if sits is not None and sits.begins_at is not None:
            first.setdefault(sits, slot)
    found = {}
    for panel in sorted(first, key=lambda own: own.begins_at or dt.time.min, reverse=is_later):
        begins = first[panel].starts_at.astimezone(edition.zone)
        if begins.date() == panel.day:
            panel.begins_at = begins.time()
            found[panel.name] = f"{begins:%H:%M}"
            db.session.flush()
    return found


def _moment(edition: Edition, day: dt.date, time: dt.time) -> datetime:
    return datetime.combine(day, time, tzinfo=edition.zone).astimezone(UTC)
