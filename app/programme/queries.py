"""Reading what was published: versions, and when and where everything is presented."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from app.database import columns, db
from app.editions.models import Edition
from app.editions.parts import Room
from app.programme.extracts import Extract, RoomDay
from app.programme.models import Answer, Appearance, Invitation, Version
from app.proposals.models import Proposal
from app.workflow import COMPETING

# Built once, as every score sheet asks it: building a statement costs more than running it.
OF_PROPOSALS = (
    select(Appearance)
    .where(
        Appearance.proposal_id.in_(bindparam("proposals", expanding=True)),
        Appearance.cancelled_at.is_(None),
    )
    .options(joinedload(Appearance.room))
)
TIMING = select(
    Appearance.starts_at,
    or_(Appearance.begun_at.is_not(None), Appearance.starts_at <= bindparam("now")),
    Appearance.missed_at.is_not(None),
).where(Appearance.proposal_id == bindparam("proposal"), Appearance.cancelled_at.is_(None))


class Timing(NamedTuple):
    """When a proposal is presented, as published, and how far that is."""

    starts_at: datetime
    has_begun: bool
    is_missed: bool


def appearances(edition: Edition, shown: Extract | None = None) -> list[Appearance]:
    """Return the published presentations of an extract, or all, by time and room."""
    return list(
        db.session.scalars(
            _published(edition).where(
                within(Appearance.starts_at, Appearance.room_id, shown, edition)
            )
        )
    )


def appearances_of(proposals: Collection[Proposal]) -> dict[int, Appearance]:
    """Return where and when these proposals are presented, as published, by their id."""
    keys = [proposal.id for proposal in proposals]
    found = db.session.scalars(OF_PROPOSALS, {"proposals": keys})
    return {appearance.proposal_id: appearance for appearance in found}


def appearance_of(proposal: Proposal) -> Appearance | None:
    """Return where and when the proposal is presented, as published."""
    return appearances_of([proposal]).get(proposal.id)


def timing_of(proposal: Proposal, *, now: datetime) -> Timing | None:
    """Return when the proposal is presented, and whether that has begun or nobody came."""
    found = columns(TIMING, {"proposal": proposal.id, "now": now}).one_or_none()
    return Timing(*found) if found else None


def appearance_numbered(number: int, edition: Edition) -> Appearance | None:
    """Return the published presentation of the proposal with this number."""
    return db.session.scalar(_published(edition).where(Proposal.number == number))


def remaining_on(edition: Edition, day: date, *, now: datetime) -> int:
    """Count the published presentations of a day that are not over, without those missed."""
    statement = select(func.count()).select_from(Appearance).join(Appearance.proposal)
    found = db.session.scalar(
        statement.where(
            _is_published(edition),
            within(Appearance.starts_at, Appearance.room_id, Extract((day,)), edition),
            Appearance.ends_at > now,
            Appearance.missed_at.is_(None),
        )
    )
    return found or 0


def published_places(edition: Edition) -> list[RoomDay]:
    """Return the day and room of every published presentation, ordered by day, then room."""
    return by_day(
        edition,
        select(Appearance.starts_at, Appearance.room_id)
        .join(Appearance.proposal)
        .outerjoin(Appearance.room)
        .where(_is_published(edition)),
    )


def version_list(edition: Edition) -> Select[Version]:
    """Select the published versions, newest first."""
    return select(Version).where(Version.edition_id == edition.id).order_by(Version.number.desc())


def version_numbered(number: int, edition: Edition) -> Version | None:
    """Return the edition's version with this number, if there is one."""
    return db.session.scalar(
        version_list(edition)
        .where(Version.number == number)
        .options(joinedload(Version.published_by))
    )


def last_version(edition: Edition) -> Version | None:
    """Return the current version, if one has been published."""
    return db.session.scalar(version_list(edition).limit(1))


def comments_on_declining(proposals: Collection[int]) -> dict[tuple[int, int], str]:
    """Return what people wrote who declined to be there, by the ids of person and proposal."""
    rows = db.session.execute(
        select(Invitation.person_id, Invitation.proposal_id, Invitation.comment).where(
            Invitation.proposal_id.in_(proposals),
            Invitation.answer == Answer.DECLINED,
            Invitation.withdrawn_at.is_(None),
            Invitation.comment != "",
        )
    )
    return {(person_id, proposal_id): comment for person_id, proposal_id, comment in rows}


def _is_published(edition: Edition) -> ColumnElement[bool]:
    return (
        (Appearance.edition_id == edition.id)
        & Appearance.cancelled_at.is_(None)
        & Proposal.status.in_(COMPETING)
    )


def _published(edition: Edition) -> Select[Appearance]:
    return (
        select(Appearance)
        .join(Appearance.proposal)
        .outerjoin(Appearance.room)
        .where(_is_published(edition))
        .options(
            contains_eager(Appearance.proposal).options(
                joinedload(Proposal.agency), joinedload(Proposal.category)
            ),
            contains_eager(Appearance.room),
        )
        .order_by(Appearance.starts_at, Room.position, Appearance.proposal_id)
    )


def by_day(edition: Edition, statement: Select[datetime, int | None]) -> list[RoomDay]:
    """Return the day of each moment, and its room, ordered by day, then room."""
    rows = db.session.execute(statement.order_by(Room.position.nulls_last(), Room.id))
    found = [(starts_at.astimezone(edition.zone).date(), room_id) for starts_at, room_id in rows]
    return sorted(found, key=lambda place: place[0])


def within(
    starts_at: InstrumentedAttribute[datetime],
    room_id: InstrumentedAttribute[int | None],
    shown: Extract | None,
    edition: Edition,
) -> ColumnElement[bool]:
    """Return the condition that something beginning then, in that room, is in the extract."""
    if shown is None:
        return true()
    if not shown.days:
        return false()
    midnights = (
        datetime.combine(day, time(), tzinfo=edition.zone)
        for day in (shown.days[0], shown.days[-1] + timedelta(days=1))
    )
    begin, end = (midnight.astimezone(UTC) for midnight in midnights)
    is_in_days = (starts_at >= begin) & (starts_at < end)
    if shown.rooms is None:
        return is_in_days
    has_none = room_id.is_(None) if None in shown.rooms else false()
    return is_in_days & (room_id.in_([room for room in shown.rooms if room]) | has_none)
