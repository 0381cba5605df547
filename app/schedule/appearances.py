"""Reading what was published: versions, and when and where everything is presented."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import db
from app.editions.models import Edition
from app.editions.parts import Room
from app.proposals.models import Proposal
from app.schedule.extracts import Extract, Place
from app.schedule.models import Booking, Slot
from app.schedule.published import Appearance, Version
from app.schedule.queries import by_day, competing, within
from app.workflow import COMPETING


def appearances(edition: Edition, shown: Extract | None = None) -> list[Appearance]:
    """Return the published presentations of an extract, or all, by time and room."""
    return list(db.session.scalars(_published(edition).where(within(Appearance, shown, edition))))


def appearances_of(proposals: Collection[Proposal]) -> dict[int, Appearance]:
    """Return where and when these proposals are presented, as published, by their id."""
    found = db.session.scalars(
        select(Appearance)
        .where(
            Appearance.proposal_id.in_([each.id for each in proposals]),
            Appearance.cancelled_at.is_(None),
        )
        .options(joinedload(Appearance.room), joinedload(Appearance.proposal))
    )
    return {each.proposal_id: each for each in found}


def appearance_of(proposal: Proposal) -> Appearance | None:
    """Return where and when the proposal is presented, as published."""
    return appearances_of([proposal]).get(proposal.id)


def appearance_numbered(number: int, edition: Edition) -> Appearance | None:
    """Return the published presentation of the proposal with this number."""
    return db.session.scalar(_published(edition).where(Proposal.number == number))


def published_places(edition: Edition) -> list[Place]:
    """Return the day and room of every published presentation, by days and then rooms."""
    return by_day(
        edition,
        select(Appearance.starts_at, Appearance.room_id)
        .join(Appearance.proposal)
        .outerjoin(Appearance.room)
        .where(_is_published(edition)),
    )


def is_as_published() -> ColumnElement[bool]:
    """Return the condition that a slot's time and room are those of the published appearance."""
    return (
        (Appearance.starts_at == Slot.starts_at)
        & Appearance.room_id.is_not_distinct_from(Slot.room_id)
        & Appearance.cancelled_at.is_(None)
    )


def moved_count(edition: Edition) -> int:
    """Count the placed presentations whose published time or room is another, or none."""
    statement = (
        competing(edition)
        .with_only_columns(func.count(), maintain_column_froms=True)
        .outerjoin(Appearance, Appearance.proposal_id == Booking.proposal_id)
        .where(Appearance.proposal_id.is_(None) | ~is_as_published())
        .options()
        .order_by(None)
    )
    return db.session.scalar(statement) or 0


def version_list(edition: Edition) -> Select[Version]:
    """Select the published versions, the newest first."""
    return select(Version).where(Version.edition_id == edition.id).order_by(Version.number.desc())


def version_numbered(number: int, edition: Edition) -> Version | None:
    """Return the edition's version of this number."""
    return db.session.scalar(
        version_list(edition)
        .where(Version.number == number)
        .options(joinedload(Version.published_by))
    )


def last_version(edition: Edition) -> Version | None:
    """Return the version that holds now."""
    return db.session.scalar(version_list(edition).limit(1))


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
