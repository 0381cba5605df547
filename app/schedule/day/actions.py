"""The presentation days themselves: who has arrived, who did not come, what runs late.

Changes made here are published at once, so nothing else may have moved in the draft.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.models import Edition
from app.programme.models import Appearance, ChangeKind, Version
from app.programme.queries import last_version
from app.programme.timegrid import lanes
from app.proposals.models import Proposal
from app.schedule.arranging.arrangements import arrange_draft
from app.schedule.arranging.publishing import check_next, pending_changes, publish_draft
from app.schedule.draft import queries
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Booking, Panel, Slot
from app.schedule.draft.places import panel_at
from app.schedule.draft.slots import Times, breaks_on, later, stretch_of
from app.workflow import N_, DomainError, NotAllowedNow, Status

MOST_MINUTES = 240


def note_arrival(appearance: Appearance, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that the presenters are there."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    appearance.arrived_at, appearance.missed_at = appearance.arrived_at or now, None
    record(edition.id, "day.arrive", by=by, now=now, subject=appearance.proposal.code)


def take_back_arrival(
    appearance: Appearance, edition: Edition, *, by: Person, now: datetime
) -> None:
    """Take back an arrival that was noted by mistake."""
    appearance.arrived_at = None
    record(edition.id, "day.leave", by=by, now=now, subject=appearance.proposal.code)


def note_no_show(appearance: Appearance, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that the presenters did not come; arriving later takes it back."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if not appearance.has_begun(now):
        raise NotAllowedNow(
            N_(
                "The presentation begins on %(moment)s: nobody can be recorded as absent before "
                "then."
            ),
            moment=appearance.starts_at,
        )
    if appearance.proposal.status is Status.PRESENTED:
        raise NotAllowedNow(N_("This presentation has been scored: nobody was absent."))
    appearance.arrived_at, appearance.missed_at = None, now
    record(edition.id, "day.miss", by=by, now=now, subject=appearance.proposal.code)


def begin_presentation(
    appearance: Appearance, edition: Edition, *, reason: str, by: Person, now: datetime
) -> None:
    """Say that it has begun, which opens its sheets; before its published start with a reason."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if appearance.has_begun(now):
        raise NotAllowedNow(N_("The presentation has already begun."))
    if not reason:
        raise DomainError(
            N_(
                "The presentation begins on %(moment)s. Give a reason for opening its score "
                "sheets earlier."
            ),
            moment=appearance.starts_at,
        )
    appearance.begun_at = now
    code = appearance.proposal.code
    record(edition.id, "day.begin", by=by, now=now, subject=code, reason=reason)


def call_finalist(
    missing: Appearance, called: Proposal, edition: Edition, *, by: Person, now: datetime
) -> Version:
    """Let another finalist present in a no-show's slot; the no-show gets theirs, if any.

    This is published at once; both finalists and their judges are told.
    """
    _check_calm(edition)
    if missing.missed_at is None:
        raise NotAllowedNow(N_("First record that they did not come."))
    if missing.ends_at <= now:
        raise NotAllowedNow(N_("This slot is over: nobody can present in it any more."))
    if called.status is not Status.FINALIST:
        raise NotAllowedNow(N_("Only a finalist who has not presented can be called."))
    places = queries.bookings_of([missing.proposal, called])
    slots = {key: booking.slot_id for key, booking in places.items()}
    moves = {called.id: slots.get(missing.proposal_id), missing.proposal_id: slots.get(called.id)}
    arrange_draft(edition, moves, by=by, now=now)
    missing.missed_at = None if slots.get(called.id) else missing.missed_at
    record(edition.id, "day.call", by=by, now=now, subject=called.code)
    last = last_version(edition)
    return publish_draft(
        edition, note="", expected=(last.number if last else 0) + 1, by=by, now=now
    )


def delay_slots(
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
    """Delay slots from `start` on by so many minutes, in one room or all; people are told at once.

    What is over stays, and so do breaks: a slot that would run into one begins after it. Negative
    minutes bring slots forward, but none ahead of the one before it. A panel that takes over during
    the day does so with the same slot as before. Raise `Overtaken` unless this becomes version
    `expected`: the same delay sent twice counts once.
    """
    _check_calm(edition)
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
    _check_together(edition)
    record(
        edition.id,
        "day.delay",
        by=by,
        now=now,
        start=str(begin),
        minutes=minutes,
        room=room_id,
        panels=followed,
    )
    return publish_draft(edition, note=note, expected=expected, by=by, now=now)


def early_start(
    edition: Edition,
    day: dt.date,
    start: dt.time,
    minutes: int,
    room_id: int | None,
    *,
    now: datetime,
) -> datetime | None:
    """Return when the first of what a delay moves would begin, if that is before the day opens."""
    begin, by_how_much = _moment(edition, day, start), timedelta(minutes=minutes)
    over = _over(edition, now=now)
    opening = {planned.date: stretch_of(planned, day, edition.zone)[0] for planned in edition.days}
    moved = [
        after
        for lane in _lanes(edition, day, room_id)
        for slot, (after, _) in zip(
            lane,
            _later(lane, _first_left(lane, begin, over), by_how_much, _breaks(edition, day)),
            strict=True,
        )
        if after < slot.starts_at
    ]
    first = min(moved, default=None)
    return first if first and day in opening and first < opening[day] else None


def day_overrun(edition: Edition, day: dt.date, version: Version) -> datetime | None:
    """Return when the last presentation ends that a delay has moved, if that is after the day.

    `version` is what the delay has published.
    """
    ends = {planned.date: stretch_of(planned, day, edition.zone)[1] for planned in edition.days}
    moved = (
        change.ends_at
        for change in version.changes
        if change.kind is ChangeKind.MOVED and change.ends_at
    )
    last = max(moved, default=None)
    return last if last and day in ends and last > ends[day] else None


def _check_calm(edition: Edition) -> None:
    """Raise `NotAllowedNow` if publishing would move more than this change does.

    The judges may have changed meanwhile, because one has declined: that is published with it.
    """
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if any(change.kind is not ChangeKind.JUDGES for change in pending_changes(edition)):
        raise NotAllowedNow(
            N_("The draft has other unpublished changes. Publish or undo them first."),
            remedy="versions.index",
        )


def _check_together(edition: Edition) -> None:
    """Raise `NotAllowedNow` if the two slots of a long presentation don't follow each other."""
    timetable = timetable_of(edition)
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
    """Return the slots (ids) whose time is over, or whose presentation has been scored."""
    scored = (
        select(Booking.slot_id)
        .join(Booking.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status == Status.PRESENTED,
            Booking.given_up_at.is_(None),
        )
    )
    ended = {slot.id for slot in queries.slots(edition) if slot.ends_at <= now}
    return ended | set(db.session.scalars(scored))


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
