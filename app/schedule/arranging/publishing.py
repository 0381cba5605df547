"""Versions of the schedule: what the draft would change, publishing it, going back to one.

A version is immutable. What holds now is in `Appearance`; a `Change` for each presentation that a
version touches records what was and what is, so that exactly those affected are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.models import Edition
from app.editions.parts import Room
from app.programme.models import Appearance, Change, ChangeKind, Version
from app.programme.queries import last_version
from app.proposals.models import Proposal
from app.schedule.arranging.arrangements import arrange_draft
from app.schedule.draft import queries
from app.schedule.draft.bookings import too_short
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.timetable import Timetable
from app.workflow import N_, NotAllowedNow, Overtaken


@dataclass(frozen=True)
class Spot:
    """When, where and to which judges (ids) a proposal is presented."""

    starts_at: datetime
    ends_at: datetime
    location: str
    judges: tuple[int, ...] = ()

    def is_where(self, other: "Spot") -> bool:
        """Return whether both are at the same time and place."""
        mine, theirs = replace(self, judges=()), replace(other, judges=())
        return mine == theirs


@dataclass(frozen=True)
class ScheduleDifference:
    """What becomes of one presentation: without `before` it is new, without `after` cancelled."""

    proposal_id: int
    before: Spot | None
    after: Spot | None

    @property
    def kind(self) -> ChangeKind:
        """What kind of change it is."""
        if self.before is None:
            return ChangeKind.NEW
        if self.after is None:
            return ChangeKind.CANCELLED
        return ChangeKind.JUDGES if self.before.is_where(self.after) else ChangeKind.MOVED


def differences(before: Mapping[int, Spot], after: Mapping[int, Spot]) -> list[ScheduleDifference]:
    """Return what changes from one schedule to another, by time. Pure."""
    found = [
        ScheduleDifference(key, before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]
    return sorted(found, key=_when)


def pending_changes(
    edition: Edition, timetable: Timetable | None = None
) -> list[ScheduleDifference]:
    """Return what publishing the draft would change; pass its timetable if it is at hand."""
    drafted = _drafted(edition, timetable or timetable_of(edition))
    return differences(published_spots(edition), {key: spot for key, (spot, _) in drafted.items()})


def published_spots(edition: Edition) -> dict[int, Spot]:
    """Return what holds now, also for proposals withdrawn since, which are yet to be cancelled."""
    rows = db.session.scalars(_in_force(edition))
    return {appearance.proposal_id: _spot(appearance) for appearance in rows}


def spots_of(version: Version) -> dict[int, Spot]:
    """Return the spots in a version, by the proposal's id."""
    return {
        entry["proposal"]: Spot(
            datetime.fromisoformat(entry["starts_at"]),
            datetime.fromisoformat(entry["ends_at"]),
            entry["location"],
            tuple(entry["judges"]),
        )
        for entry in version.content
    }


def titles_of(*versions: Version) -> dict[int, tuple[int, str]]:
    """Return number and title of what the versions hold, by the proposal's id."""
    return {
        entry["proposal"]: (entry["number"], entry["title"])
        for version in versions
        for entry in version.content
    }


def publish_draft(
    edition: Edition, *, note: str, expected: int, by: Person, now: datetime
) -> Version:
    """Make the draft the schedule that holds, as version `expected`.

    Raise `Overtaken` if somebody published meanwhile, `NotAllowedNow` if nothing changes.
    """
    check_unconfirmed(edition, SCHEDULE_STANDS)
    check_next(edition, expected)
    drafted = _drafted(edition, timetable_of(edition))
    changed = differences(
        published_spots(edition), {key: spot for key, (spot, _) in drafted.items()}
    )
    if not changed:
        raise NotAllowedNow(N_("The draft is the same as the published schedule."))
    version = Version(
        edition_id=edition.id,
        number=expected,
        note=note,
        published_at=now,
        published_by_id=by.id,
        content=_content(edition, drafted),
    )
    db.session.add(version)
    db.session.flush()
    _put_up(edition, version, changed, {key: room for key, (_, room) in drafted.items()}, now=now)
    edition.revise(now=now)
    edition.evaluation_revision += 1  # another room may have a panel with another quorum
    record(edition.id, "schedule.publish", by=by, now=now, version=expected, changes=len(changed))
    return version


def check_next(edition: Edition, number: int) -> None:
    """Raise `Overtaken` unless this is the number of the next version."""
    last = last_version(edition)
    if number != (last.number if last else 0) + 1:
        raise Overtaken(
            N_("Someone else has published the schedule in the meantime. Check it again.")
        )


def restore_version(version: Version, edition: Edition, *, by: Person, now: datetime) -> list[int]:
    """Make the draft what a version says; return the proposals (ids) whose slot is gone.

    Those have no slot. The draft is published like any other.
    """
    check_unconfirmed(edition, SCHEDULE_STANDS)
    slots = {(slot.room_id, slot.starts_at): slot.id for slot in queries.slots(edition)}
    competing = set(db.session.scalars(queries.competing_ids(edition)))
    moves: dict[int, int | None] = {
        booking.proposal_id: None for booking in queries.bookings(edition)
    }
    lost = []
    for entry in version.content:
        proposal_id = entry["proposal"]
        if proposal_id not in competing:
            continue
        place = entry["room"], datetime.fromisoformat(entry["starts_at"])
        moves[proposal_id] = slots.get(place)
        if place not in slots:
            lost.append(proposal_id)
    short = too_short(edition, moves)
    moves |= dict.fromkeys(short)
    lost += sorted(short)
    arrange_draft(edition, moves, by=by, now=now)
    record(edition.id, "schedule.restore", by=by, now=now, version=version.number)
    return lost


def location_of(room: Room | None, edition: Edition) -> str:
    """Return where it is: the room and the venue, whatever other rooms there are."""
    parts = (room.name if room else "", edition.venue)
    return ", ".join(part for part in parts if part)


def _drafted(edition: Edition, timetable: Timetable) -> dict[int, tuple[Spot, int | None]]:
    """Return where the draft has each proposal, and the room's id."""
    locations = {room.id: location_of(room, edition) for room in edition.rooms}
    elsewhere = location_of(None, edition)
    return {
        talk.id: (
            Spot(
                sitting.starts_at,
                sitting.ends_at,
                locations.get(sitting.room_id, elsewhere),
                timetable.benches[talk.id].judges,
            ),
            sitting.room_id or None,
        )
        for talk, sitting in timetable.placements
    }


def _put_up(
    edition: Edition,
    version: Version,
    changed: list[ScheduleDifference],
    rooms: Mapping[int, int | None],
    *,
    now: datetime,
) -> None:
    """Write the appearances that hold from now on, and the changes."""
    known = {
        appearance.proposal_id: appearance
        for appearance in db.session.scalars(
            select(Appearance).where(Appearance.edition_id == edition.id)
        )
    }
    for change in changed:
        present = known.get(change.proposal_id)
        revision = present.revision + 1 if present else 0
        db.session.add(_change(version, change, revision))
        appearance = present or Appearance(proposal_id=change.proposal_id, edition_id=edition.id)
        appearance.revision, appearance.changed_at = revision, now
        appearance.cancelled_at = None if change.after else now
        if change.after:
            appearance.starts_at, appearance.ends_at = change.after.starts_at, change.after.ends_at
            appearance.location, appearance.judges = (
                change.after.location,
                list(change.after.judges),
            )
            appearance.room_id = rooms[change.proposal_id]
        if change.kind is not ChangeKind.JUDGES:
            appearance.missed_at = appearance.begun_at = None
            if not _stays_on_its_day(change, edition):
                appearance.arrived_at = None
        db.session.add(appearance)
    db.session.flush()


def _stays_on_its_day(difference: ScheduleDifference, edition: Edition) -> bool:
    """Return whether it is presented on the day on which it was: who has arrived is there."""
    days = {
        spot.starts_at.astimezone(edition.zone).date() if spot else None
        for spot in (difference.before, difference.after)
    }
    return len(days) == 1


def _change(version: Version, difference: ScheduleDifference, revision: int) -> Change:
    before, after = difference.before, difference.after
    return Change(
        version_id=version.id,
        proposal_id=difference.proposal_id,
        kind=difference.kind,
        revision=revision,
        was_starts_at=before.starts_at if before else None,
        was_ends_at=before.ends_at if before else None,
        was_location=before.location if before else "",
        starts_at=after.starts_at if after else None,
        ends_at=after.ends_at if after else None,
        location=after.location if after else "",
        judges=list(after.judges) if after else [],
    )


def _content(
    edition: Edition, drafted: Mapping[int, tuple[Spot, int | None]]
) -> list[dict[str, Any]]:
    titles = db.session.execute(
        select(Proposal.id, Proposal.number, Proposal.title)
        .where(Proposal.edition_id == edition.id, Proposal.id.in_(drafted))
        .order_by(Proposal.number)
    )
    return [
        {
            "proposal": proposal_id,
            "number": number,
            "title": title,
            "starts_at": drafted[proposal_id][0].starts_at.isoformat(),
            "ends_at": drafted[proposal_id][0].ends_at.isoformat(),
            "location": drafted[proposal_id][0].location,
            "judges": list(drafted[proposal_id][0].judges),
            "room": drafted[proposal_id][1],
        }
        for proposal_id, number, title in titles
    ]


def _in_force(edition: Edition) -> Any:  # noqa: ANN401 -- a select
    return select(Appearance).where(
        Appearance.edition_id == edition.id, Appearance.cancelled_at.is_(None)
    )


def _spot(appearance: Appearance) -> Spot:
    judges = tuple(appearance.judges)
    return Spot(appearance.starts_at, appearance.ends_at, appearance.location, judges)


def _when(difference: ScheduleDifference) -> tuple[datetime, int]:
    spot = difference.after or difference.before
    if spot is None:
        raise AssertionError("a difference without either side")
    return spot.starts_at, difference.proposal_id
