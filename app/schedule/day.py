"""The presentation days themselves: who has arrived, who did not come, what runs late.

What is changed here is published at once, so nothing else may have moved in the draft.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.models import Edition
from app.editions.parts import Room
from app.proposals.models import Proposal
from app.schedule import queries
from app.schedule.actions import arrange, check_not_closed
from app.schedule.appearances import appearances, last_version, published_places
from app.schedule.extracts import Extract
from app.schedule.models import Slot
from app.schedule.published import Appearance, ChangeKind, Version
from app.schedule.publishing import check_next, pending, publish
from app.schedule.slots import Times, lanes, later
from app.workflow import N_, DomainError, NotAllowedNow, Status

MOST_MINUTES = 240


@dataclass(frozen=True)
class RoomNow:
    """What happens in a room: what is presented now, and what comes next."""

    room: Room | None
    present: Appearance | None
    following: tuple[Appearance, ...]


def rooms_now(edition: Edition, *, now: datetime) -> list[RoomNow]:
    """Return what happens in each room on the day of `now`, or on the next day with any."""
    coming = _coming(edition, now=now)
    return [
        RoomNow(
            room,
            next((each for each in own if each.starts_at <= now), None),
            tuple(each for each in own if each.starts_at > now),
        )
        for room, own in _by_room(coming, edition)
    ]


def _coming(edition: Edition, *, now: datetime) -> list[Appearance]:
    """Return what is still to come of today, or else all of the next day with a presentation."""
    today = now.astimezone(edition.zone).date()
    days = sorted({day for day, _ in published_places(edition) if day >= today})
    for day in days[:2]:
        rows = appearances(edition, Extract((day,)))
        if coming := [each for each in rows if each.missed_at is None and each.ends_at > now]:
            return coming
    return []


def arrive(appearance: Appearance, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that the presenters are there."""
    check_not_closed(edition)
    appearance.arrived_at, appearance.missed_at = appearance.arrived_at or now, None
    record(edition.id, "day.arrive", by=by, now=now, subject=appearance.proposal.code)


def take_back_arrival(
    appearance: Appearance, edition: Edition, *, by: Person, now: datetime
) -> None:
    """Take an arrival back that was noted by mistake."""
    appearance.arrived_at = None
    record(edition.id, "day.leave", by=by, now=now, subject=appearance.proposal.code)


def miss(appearance: Appearance, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that the presenters did not come; arriving later takes it back."""
    check_not_closed(edition)
    appearance.arrived_at, appearance.missed_at = None, now
    record(edition.id, "day.miss", by=by, now=now, subject=appearance.proposal.code)


def call(
    missing: Appearance, called: Proposal, edition: Edition, *, by: Person, now: datetime
) -> Version:
    """Let another finalist present in the slot of who did not come, who gets theirs, if any.

    It is published at once; both and their judges are told.
    """
    _check_calm(edition)
    if missing.missed_at is None:
        raise NotAllowedNow(N_("Note first that they did not come."))
    if called.status is not Status.FINALIST:
        raise NotAllowedNow(N_("Only a finalist who has not presented can be called."))
    places = queries.bookings_of([missing.proposal, called])
    slots = {key: booking.slot_id for key, booking in places.items()}
    moves = {called.id: slots.get(missing.proposal_id), missing.proposal_id: slots.get(called.id)}
    arrange(edition, moves, by=by, now=now)
    missing.missed_at = None if slots.get(called.id) else missing.missed_at
    record(edition.id, "day.call", by=by, now=now, subject=called.code)
    last = last_version(edition)
    return publish(edition, note="", expected=(last.number if last else 0) + 1, by=by, now=now)


def delay(
    edition: Edition,
    day: dt.date,
    start: dt.time,
    minutes: int,
    room_id: int | None,
    *,
    expected: int,
    note: str,
    by: Person,
    now: datetime,
) -> Version:
    """Put off what begins from `start` on by so many minutes, in one room or all; told at once.

    The breaks keep their time: what would run into one begins after it. Negative minutes bring
    forward, but nothing before what comes before it. Raise `Conflict` unless it becomes the version
    `expected`: the same delay sent twice counts once.
    """
    _check_calm(edition)
    check_next(edition, expected)
    if not 0 < abs(minutes) <= MOST_MINUTES:
        raise DomainError(N_("Put off by 1 to %(count)s minutes."), count=MOST_MINUTES)
    begin = _moment(edition, day, start)
    slots = [
        each
        for each in queries.slots(edition)
        if each.starts_at.astimezone(edition.zone).date() == day and room_id in {None, each.room_id}
    ]
    for room in {each.room_id for each in slots}:
        for row in lanes(each for each in slots if each.room_id == room):
            _shift(row, begin, timedelta(minutes=minutes), _breaks(edition, day))
    record(edition.id, "day.delay", by=by, now=now, start=str(begin), minutes=minutes, room=room_id)
    return publish(edition, note=note, expected=expected, by=by, now=now)


def overrun(edition: Edition, day: dt.date) -> datetime | None:
    """Return when the last presentation of the day ends, where that is after the day's end."""
    ends = {each.date: _moment(edition, day, each.ends_at) for each in edition.days}
    last = max((each.ends_at for each in appearances(edition, Extract((day,)))), default=None)
    return last if last and day in ends and last > ends[day] else None


def _check_calm(edition: Edition) -> None:
    """Raise `NotAllowedNow` where publishing would move more than what is to be moved now.

    Who judges may have changed meanwhile, for a judge has declined: that is published with it.
    """
    check_not_closed(edition)
    if any(each.kind is not ChangeKind.JUDGES for each in pending(edition)):
        raise NotAllowedNow(
            N_("The draft has other changes that are not published. Publish or undo them first.")
        )


def _shift(slots: Sequence[Slot], begin: datetime, by: timedelta, breaks: Sequence[Times]) -> None:
    """Move one room's slots; each is written alone, so that no two begin at once in between."""
    spans = later([(each.starts_at, each.ends_at) for each in slots], begin, by, breaks)
    moved = list(zip(slots, spans, strict=True))
    for slot, (starts_at, ends_at) in moved[::-1] if by > timedelta(0) else moved:
        slot.starts_at, slot.ends_at = starts_at, ends_at
        db.session.flush()


def _breaks(edition: Edition, day: dt.date) -> list[Times]:
    return [
        (_moment(edition, day, each.starts_at), _moment(edition, day, each.ends_at))
        for each in edition.breaks
    ]


def _moment(edition: Edition, day: dt.date, time: dt.time) -> datetime:
    return datetime.combine(day, time, tzinfo=edition.zone).astimezone(UTC)


def _by_room(
    rows: Sequence[Appearance], edition: Edition
) -> list[tuple[Room | None, list[Appearance]]]:
    rooms: list[Room | None] = [*edition.rooms, None]
    found = [
        (room, [each for each in rows if each.room_id == (room.id if room else None)])
        for room in rooms
    ]
    return [(room, own) for room, own in found if own]
