"""Reading the draft: slots, what is presented in them, panels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.parts import Room
from app.programme.extracts import Extract, RoomDay
from app.programme.models import Appearance
from app.programme.queries import by_day, within
from app.proposals.models import Proposal
from app.schedule.draft.models import Arrangement, Booking, Panel, PanelMember, Slot, Wish
from app.schedule.draft.slots import Times
from app.workflow import COMPETING, Status


@dataclass(frozen=True)
class SlotLine:
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
    """Finalists, slots and people to be named on a page, by their id."""

    proposals: Mapping[int, Proposal]
    slots: Mapping[int, Slot]
    people: Mapping[int, Person]


def slots(edition: Edition) -> list[Slot]:
    """Return the edition's slots, by time and room."""
    return list(db.session.scalars(_slots(edition)))


def times_of_slots(edition: Edition) -> list[tuple[int | None, Times]]:
    """Return room, start and end of every slot, in order."""
    rows = db.session.execute(
        select(Slot.room_id, Slot.starts_at, Slot.ends_at)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))
        .order_by(Slot.starts_at, Slot.room_id)
    )
    return [(row.room_id, (row.starts_at, row.ends_at)) for row in rows]


def slot_lines(edition: Edition, shown: Extract | None = None) -> list[SlotLine]:
    """Return the slots of an extract, or all, with the presentation in each, in order."""
    condition = within(Slot.starts_at, Slot.room_id, shown, edition)
    found = db.session.scalars(_slots(edition).where(condition))
    by_slot = {
        booking.slot_id: booking
        for booking in db.session.scalars(competing_bookings(edition).where(condition))
    }
    return [SlotLine(slot, by_slot.get(slot.id)) for slot in found]


def bookings(edition: Edition) -> list[Booking]:
    """Return the draft's bookings of those who compete, in the order of the day.

    A long presentation has two, of which one continues the other.
    """
    return list(db.session.scalars(competing_bookings(edition)))


def bookings_of(proposals: Collection[Proposal]) -> dict[int, Booking]:
    """Return the draft's bookings with which these proposals begin, by the proposal's id."""
    found = db.session.scalars(
        select(Booking)
        .where(
            Booking.proposal_id.in_([proposal.id for proposal in proposals]),
            Booking.given_up_at.is_(None),
            Booking.continues.is_(False),
        )
        .options(joinedload(Booking.slot).joinedload(Slot.room))
    )
    return {booking.proposal_id: booking for booking in found}


def ends_of(proposals: Collection[Proposal]) -> dict[int, datetime]:
    """Return when each of these proposals ends in the draft, with its last slot."""
    rows = db.session.execute(
        select(Booking.proposal_id, func.max(Slot.ends_at).label("last"))
        .join(Booking.slot)
        .where(
            Booking.proposal_id.in_([proposal.id for proposal in proposals]),
            Booking.given_up_at.is_(None),
        )
        .group_by(Booking.proposal_id)
    )
    return {row.proposal_id: row.last for row in rows}


def slot_ids_of(proposals: Collection[int]) -> dict[int, int]:
    """Return the slot (id) in which each of these proposals (ids) begins in the draft."""
    rows = db.session.execute(
        select(Booking.proposal_id, Booking.slot_id)
        .join(Booking.proposal)
        .where(
            Booking.proposal_id.in_(proposals),
            Booking.continues.is_(False),
            booking_stands(),
        )
    )
    return {row.proposal_id: row.slot_id for row in rows}


def slots_of_others(edition: Edition, proposals: Collection[int]) -> set[int]:
    """Return the slots (ids) that other proposals than these (ids) have in the draft."""
    rows = db.session.scalars(
        competing_bookings(edition)
        .where(Booking.proposal_id.not_in(proposals))
        .with_only_columns(Booking.slot_id, maintain_column_froms=True)
        .order_by(None)
    )
    return set(rows)


def taken_slots(slot_ids: Collection[int]) -> set[int]:
    """Return those of these slots (ids) that a finalist has."""
    rows = db.session.scalars(
        select(Booking.slot_id)
        .join(Booking.proposal)
        .where(
            Booking.slot_id.in_(slot_ids),
            booking_stands(),
        )
    )
    return set(rows)


def booking_stands() -> ColumnElement[bool]:
    """Return the condition that a booking isn't given up and its proposal still competes."""
    return Booking.given_up_at.is_(None) & Proposal.status.in_(COMPETING)


def live_count(edition: Edition, slot_ids: Collection[int]) -> int:
    """Count those of these slots (ids) that the edition still has."""
    live = select(func.count()).where(
        Slot.id.in_(slot_ids), Slot.edition_id == edition.id, Slot.removed_at.is_(None)
    )
    return (db.session.scalar(live) or 0) if slot_ids else 0


def booking_of(proposal: Proposal) -> Booking | None:
    """Return the proposal's booking in the draft."""
    return bookings_of([proposal]).get(proposal.id)


def unplaced_finalists(edition: Edition) -> Select[Proposal]:
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
    """Select the ids of the proposals that are presented."""
    return select(Proposal.id).where(
        Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING)
    )


def names_of(
    edition: Edition,
    *,
    proposals: Collection[int] = (),
    slots: Collection[int] = (),
    people: Collection[int] = (),
) -> Names:
    """Return the names of these finalists and slots of the edition, and of people (ids)."""
    finalists = (
        select(Proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Proposal.id.in_(proposals),
        )
        .options(joinedload(Proposal.agency))
    )
    named = _slots(edition).where(Slot.id.in_(slots))
    return Names(
        {proposal.id: proposal for proposal in db.session.scalars(finalists)},
        {slot.id: slot for slot in db.session.scalars(named)},
        people_with(people),
    )


def people_with(ids: Collection[int]) -> dict[int, Person]:
    """Return the people with these ids."""
    chosen = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in chosen}


def proposal_titles(edition: Edition, proposals: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return number and title of these proposals, also of withdrawn ones, by their id."""
    rows = db.session.execute(
        select(Proposal.id, Proposal.number, Proposal.title).where(
            Proposal.edition_id == edition.id, Proposal.id.in_(proposals)
        )
    )
    return {key: (number, title) for key, number, title in rows}


def placed_in(slot: Slot) -> Proposal | None:
    """Return the finalist that the draft has in the slot."""
    return db.session.scalar(
        select(Proposal)
        .join(Booking, Booking.proposal_id == Proposal.id)
        .where(
            Booking.slot_id == slot.id,
            booking_stands(),
        )
    )


def judging_team(edition: Edition) -> list[Membership]:
    """Return the judging team, the chair first."""
    statement = (
        select(Membership)
        .join(Membership.person)
        .where(Membership.edition_id == edition.id, Membership.role == Role.JUDGE)
        .options(contains_eager(Membership.person))
        .order_by(Membership.is_chair.desc(), Person.name, Person.id)
    )
    return list(db.session.scalars(statement))


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


def slot_places(edition: Edition) -> list[RoomDay]:
    """Return the day and room of every slot, by days and then rooms."""
    return by_day(
        edition,
        select(Slot.starts_at, Slot.room_id)
        .outerjoin(Slot.room)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None)),
    )


def unplaced_count(edition: Edition) -> int:
    """Count the finalists without a slot."""
    statement = unplaced_finalists(edition).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(statement) or 0


def _slots(edition: Edition) -> Select[Slot]:
    return (
        select(Slot)
        .outerjoin(Slot.room)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))
        .options(contains_eager(Slot.room))
        .order_by(Slot.starts_at, Room.position, Slot.id)
    )


def competing_bookings(edition: Edition) -> Select[Booking]:
    """Select the draft's bookings of those who compete, in the order of the day."""
    return (
        select(Booking)
        .join(Booking.slot)
        .join(Booking.proposal)
        .where(
            Slot.edition_id == edition.id,
            Slot.removed_at.is_(None),
            booking_stands(),
        )
        .options(
            contains_eager(Booking.slot),
            contains_eager(Booking.proposal).joinedload(Proposal.agency),
        )
        .order_by(Slot.starts_at, Slot.id)
    )


def is_as_published() -> ColumnElement[bool]:
    """Return the condition that a slot's time and room are those of the published appearance."""
    return (
        (Appearance.starts_at == Slot.starts_at)
        & Appearance.room_id.is_not_distinct_from(Slot.room_id)
        & Appearance.cancelled_at.is_(None)
    )


def moved_count(edition: Edition) -> int:
    """Count the presentations that publishing would change.

    The time, length or room of some is not as published, others are published and have no place
    any more.
    """
    stands = competing_bookings(edition).options().order_by(None)
    ends = (
        stands.with_only_columns(
            Booking.proposal_id, func.max(Slot.ends_at).label("last"), maintain_column_froms=True
        )
        .group_by(Booking.proposal_id)
        .subquery()
    )
    moved = (
        stands.with_only_columns(func.count(), maintain_column_froms=True)
        .join(ends, ends.c.proposal_id == Booking.proposal_id)
        .outerjoin(Appearance, Appearance.proposal_id == Booking.proposal_id)
        .where(
            Booking.continues.is_(False),
            Appearance.proposal_id.is_(None)
            | ~is_as_published()
            | (Appearance.ends_at != ends.c.last),
        )
    )
    placed = stands.with_only_columns(Booking.proposal_id, maintain_column_froms=True)
    gone = select(func.count()).where(
        Appearance.edition_id == edition.id,
        Appearance.cancelled_at.is_(None),
        Appearance.proposal_id.not_in(placed),
    )
    both = select(moved.scalar_subquery() + gone.scalar_subquery())
    return db.session.scalar(both) or 0


def wishes(edition: Edition) -> dict[int, tuple[int, ...]]:
    """Return which slots each finalist wishes for (ids), most wanted first."""
    rows = db.session.execute(
        select(Wish.proposal_id, Wish.slot_id)
        .join(Proposal, Proposal.id == Wish.proposal_id)
        .join(Slot, Slot.id == Wish.slot_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Slot.removed_at.is_(None),
        )
        .order_by(Wish.proposal_id, Wish.rank)
    )
    found: dict[int, tuple[int, ...]] = {}
    for proposal_id, slot_id in rows:
        found[proposal_id] = (*found.get(proposal_id, ()), slot_id)
    return found
