"""Reading slots, who stands in them, panels, and what was published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.database import db
from app.editions.models import Edition
from app.editions.parts import Room
from app.proposals.models import Proposal
from app.schedule.models import Arrangement, Booking, Panel, PanelMember, Slot
from app.schedule.published import Appearance, Version
from app.schedule.slots import Times
from app.workflow import COMPETING, Status


@dataclass(frozen=True)
class Place:
    """A slot with the presentation in it, if there is one."""

    slot: Slot
    booking: Booking | None

    @property
    def starts_at(self) -> datetime:
        """When the slot begins."""
        return self.slot.starts_at

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that is presented here."""
        return self.booking.proposal if self.booking else None


@dataclass(frozen=True)
class Names:
    """What finalists, slots and people are called, by their id."""

    proposals: Mapping[int, Proposal]
    slots: Mapping[int, Slot]
    people: Mapping[int, Person]


def slots(edition: Edition) -> list[Slot]:
    """Return the edition's slots, by time and room."""
    return list(db.session.scalars(_slots(edition)))


def times(edition: Edition) -> list[tuple[int | None, Times]]:
    """Return room, start and end of every slot, in order."""
    rows = db.session.execute(
        select(Slot.room_id, Slot.starts_at, Slot.ends_at)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))
        .order_by(Slot.starts_at, Slot.room_id)
    )
    return [(row.room_id, (row.starts_at, row.ends_at)) for row in rows]


def table(edition: Edition, days: Sequence[date] | None = None) -> list[Place]:
    """Return the slots of successive days, or of all, with the presentation in each, in order."""
    within = _within(Slot.starts_at, days, edition)
    found = db.session.scalars(_slots(edition).where(within))
    by_slot = {row.slot_id: row for row in db.session.scalars(_competing(edition).where(within))}
    return [Place(slot, by_slot.get(slot.id)) for slot in found]


def bookings(edition: Edition) -> list[Booking]:
    """Return the places of those who compete in the draft, in the order of the day."""
    return list(db.session.scalars(_competing(edition)))


def bookings_of(proposals: Collection[Proposal]) -> dict[int, Booking]:
    """Return where and when these proposals stand in the draft, by their id."""
    found = db.session.scalars(
        select(Booking)
        .where(
            Booking.proposal_id.in_([each.id for each in proposals]), Booking.given_up_at.is_(None)
        )
        .options(joinedload(Booking.slot).joinedload(Slot.room))
    )
    return {each.proposal_id: each for each in found}


def booking_of(proposal: Proposal) -> Booking | None:
    """Return where and when the proposal stands in the draft."""
    return bookings_of([proposal]).get(proposal.id)


def unplaced(edition: Edition) -> Select[Proposal]:
    """Select the finalists without a slot."""
    placed = select(Booking.proposal_id).where(Booking.given_up_at.is_(None))
    return (
        select(Proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status == Status.FINALIST,
            Proposal.id.not_in(placed),
        )
        .order_by(Proposal.number)
    )


def competing_ids(edition: Edition) -> Select[int]:
    """Select the ids of those who are presented."""
    return select(Proposal.id).where(
        Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING)
    )


def names(edition: Edition, ids: Collection[int]) -> Names:
    """Return the names of the edition's finalists and slots, and of people (ids)."""
    proposals = db.session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING))
        .options(joinedload(Proposal.agency))
    )
    return Names(
        {each.id: each for each in proposals},
        {each.id: each for each in slots(edition)},
        people(ids),
    )


def people(ids: Collection[int]) -> dict[int, Person]:
    """Return these people by their id."""
    chosen = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {each.id: each for each in chosen}


def titles(edition: Edition, proposals: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return number and title of these proposals, also of who has withdrawn, by their id."""
    rows = db.session.execute(
        select(Proposal.id, Proposal.number, Proposal.title).where(
            Proposal.edition_id == edition.id, Proposal.id.in_(proposals)
        )
    )
    return {key: (number, title) for key, number, title in rows}


def standing_in(slot: Slot) -> Proposal | None:
    """Return the finalist that the draft has in the slot."""
    return db.session.scalar(
        select(Proposal)
        .join(Booking, Booking.proposal_id == Proposal.id)
        .where(
            Booking.slot_id == slot.id,
            Booking.given_up_at.is_(None),
            Proposal.status.in_(COMPETING),
        )
    )


def panel_with(panel_id: int, edition: Edition) -> Panel | None:
    """Return the edition's panel with this id."""
    return db.session.scalar(
        select(Panel).where(Panel.id == panel_id, Panel.edition_id == edition.id)
    )


def slot_with(slot_id: int, edition: Edition) -> Slot | None:
    """Return the edition's slot with this id."""
    return db.session.scalar(_slots(edition).where(Slot.id == slot_id))


def panels(edition: Edition) -> list[Panel]:
    """Return the edition's panels with their members."""
    statement = (
        select(Panel)
        .where(Panel.edition_id == edition.id)
        .options(
            joinedload(Panel.room),
            selectinload(Panel.members).joinedload(PanelMember.person),
        )
        .order_by(Panel.name, Panel.id)
    )
    return list(db.session.scalars(statement))


def last_arrangement(edition: Edition) -> Arrangement | None:
    """Return the newest step of arranging that has not been undone."""
    return db.session.scalar(
        select(Arrangement)
        .where(Arrangement.edition_id == edition.id, Arrangement.undone_at.is_(None))
        .order_by(Arrangement.id.desc())
        .limit(1)
    )


def appearances(edition: Edition, days: Sequence[date] | None = None) -> list[Appearance]:
    """Return the published presentations of successive days, or of all, by time and room."""
    within = _within(Appearance.starts_at, days, edition)
    return list(db.session.scalars(_published(edition).where(within)))


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


def published_days(edition: Edition) -> list[date]:
    """Return the day of every published presentation in the edition's zone, in order."""
    starts = db.session.scalars(
        select(Appearance.starts_at)
        .join(Appearance.proposal)
        .where(_is_published(edition))
        .order_by(Appearance.starts_at)
    )
    return [start.astimezone(edition.zone).date() for start in starts]


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
        _competing(edition)
        .with_only_columns(func.count(), maintain_column_froms=True)
        .outerjoin(Appearance, Appearance.proposal_id == Booking.proposal_id)
        .where(Appearance.proposal_id.is_(None) | ~is_as_published())
        .options()
        .order_by(None)
    )
    return db.session.scalar(statement) or 0


def unplaced_count(edition: Edition) -> int:
    """Count the finalists without a slot."""
    statement = unplaced(edition).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(statement) or 0


def versions(edition: Edition) -> Select[Version]:
    """Select the published versions, the newest first."""
    return select(Version).where(Version.edition_id == edition.id).order_by(Version.number.desc())


def version_numbered(number: int, edition: Edition) -> Version | None:
    """Return the edition's version of this number."""
    return db.session.scalar(
        versions(edition).where(Version.number == number).options(joinedload(Version.published_by))
    )


def last_version(edition: Edition) -> Version | None:
    """Return the version that holds now."""
    return db.session.scalar(versions(edition).limit(1))


def _within(
    moment: InstrumentedAttribute[datetime], days: Sequence[date] | None, edition: Edition
) -> ColumnElement[bool]:
    if days is None:
        return true()
    if not days:
        return false()
    midnights = (
        datetime.combine(day, time(), tzinfo=edition.zone)
        for day in (days[0], days[-1] + timedelta(days=1))
    )
    begin, end = (each.astimezone(UTC) for each in midnights)
    return (moment >= begin) & (moment < end)


def _slots(edition: Edition) -> Select[Slot]:
    return (
        select(Slot)
        .outerjoin(Slot.room)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))
        .options(contains_eager(Slot.room))
        .order_by(Slot.starts_at, Room.position, Slot.id)
    )


def _competing(edition: Edition) -> Select[Booking]:
    return (
        select(Booking)
        .join(Booking.slot)
        .join(Booking.proposal)
        .where(
            Slot.edition_id == edition.id,
            Slot.removed_at.is_(None),
            Booking.given_up_at.is_(None),
            Proposal.status.in_(COMPETING),
        )
        .options(
            contains_eager(Booking.slot),
            contains_eager(Booking.proposal).joinedload(Proposal.agency),
        )
        .order_by(Slot.starts_at, Slot.id)
    )


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
