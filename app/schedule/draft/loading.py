"""The draft of the schedule as a `Timetable`, read in a bounded number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Row, or_, select, true
from sqlalchemy.orm import aliased

from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.units import Agency
from app.evaluation.recusals import conflicts_by_pair
from app.programme.models import Answer, Appearance, Invitation
from app.proposals.models import Author, Proposal
from app.schedule.draft import queries
from app.schedule.draft.models import Absence, Booking, LongPresentation, Slot
from app.schedule.draft.models import Panel as PanelRow
from app.schedule.draft.places import panel_at
from app.schedule.draft.queries import is_as_published, wishes
from app.schedule.draft.slots import sessions_of
from app.schedule.draft.timetable import PanelSeats, Sitting, Span, Talk, Timetable
from app.workflow import COMPETING, Status

SlotRow = Row[int, int | None, datetime, datetime]
"""A slot's id, room, start and end, by room and then time."""


def timetable_of(edition: Edition) -> Timetable:
    """Return the draft with everything it depends on."""
    return _timetable(edition, queries.panels(edition), true())


def timetable_around(edition: Edition, proposals: Collection[Proposal]) -> Timetable:
    """Return as much of the draft as decides where these proposals can be placed.

    Its talks are these proposals, whatever else their presenters present, and what judges present;
    all talks if panels have alternates, who are called to one room only, or if a presenter judges
    too. Hundreds of people ask for it within seconds when picking opens.
    """
    rows = queries.panels(edition)
    own, other = aliased(Author), aliased(Author)
    ids = [proposal.id for proposal in proposals]
    presented = own.proposal_id.in_(ids)
    judging = select(Membership.person_id).where(
        Membership.edition_id == edition.id, Membership.role == Role.JUDGE
    )
    judges = select(own.person_id).where(presented, own.is_presenter, own.person_id.in_(judging))
    has_alternates = any(member.is_alternate for panel in rows for member in panel.members)
    if has_alternates or db.session.scalar(select(judges.exists())):
        return _timetable(edition, rows, true())
    shared = select(other.proposal_id).join(own, own.person_id == other.person_id).where(presented)
    judged = select(Author.proposal_id).where(Author.person_id.in_(judging))
    among = or_(*(Proposal.id.in_(group) for group in (ids, shared, judged)))
    return _timetable(edition, rows, among)


def _timetable(edition: Edition, rows: Sequence[PanelRow], among: ColumnElement[bool]) -> Timetable:
    judges = [judge.person_id for judge in queries.judging_team(edition)]
    slots = _slots(edition)
    return Timetable(
        sittings=_sittings(slots, rows, edition),
        talks=_talks(edition, among),
        panels=_panels(edition, rows, judges),
        placed=_placed(edition, among),
        barred=frozenset(conflicts_by_pair(edition, {Role.JUDGE}, COMPETING, among)),
        away=_absences(edition),
        wishes=wishes(edition),
        free=_free(rows, judges),
        declined=_declined(edition),
        order=edition.agency_order,
        earliest=_departures(slots, edition),
        most_a_day=edition.most_a_day,
    )


def _slots(edition: Edition) -> Sequence[SlotRow]:
    statement = (
        select(Slot.id, Slot.room_id, Slot.starts_at, Slot.ends_at)
        .where(Slot.edition_id == edition.id, Slot.removed_at.is_(None))
        .order_by(Slot.room_id.nulls_first(), Slot.starts_at)
    )
    return db.session.execute(statement).all()


def _sittings(
    slots: Sequence[SlotRow], panels: Iterable[PanelRow], edition: Edition
) -> tuple[Sitting, ...]:
    """Return the slots as sittings, each with the panel that sits in its room then."""
    in_room: dict[int | None, list[PanelRow]] = defaultdict(list)
    for panel in panels:
        in_room[panel.room_id].append(panel)
    found = []
    for slot, session in zip(slots, sessions_of(slots), strict=True):
        begins = slot.starts_at.astimezone(edition.zone)
        sits = panel_at(in_room[slot.room_id], slot.room_id, begins)
        times, panel_id = (slot.starts_at, slot.ends_at), sits.id if sits else None
        found.append(Sitting(*times, slot.id, slot.room_id or 0, panel_id, begins.date(), session))
    return tuple(found)


def _placed(edition: Edition, among: ColumnElement[bool]) -> dict[int, int]:
    rows = db.session.execute(
        select(Booking.proposal_id, Booking.slot_id)
        .join(Booking.slot)
        .join(Booking.proposal)
        .where(
            Slot.edition_id == edition.id,
            Booking.continues.is_(False),
            queries.booking_stands(),
            among,
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    return {row.proposal_id: row.slot_id for row in rows}


def _talks(edition: Edition, among: ColumnElement[bool]) -> tuple[Talk, ...]:
    presenters = defaultdict(set)
    authors = (
        select(Author.proposal_id, Author.person_id)
        .join(Proposal, Proposal.id == Author.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Author.is_presenter,
            among,
        )
        .order_by(Author.proposal_id, Author.person_id)
    )
    for proposal_id, person_id in db.session.execute(authors):
        presenters[proposal_id].add(person_id)
    is_long = LongPresentation.proposal_id.is_not(None)
    rows = db.session.execute(
        select(Proposal.id, Proposal.agency_id, Agency.travel_minutes, is_long, Proposal.status)
        .join(Proposal.agency)
        .outerjoin(LongPresentation, LongPresentation.proposal_id == Proposal.id)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING), among)
        .order_by(Proposal.number)
    )
    return tuple(
        Talk(
            key,
            agency_id,
            frozenset(presenters[key]),
            timedelta(minutes=travel),
            is_long=long,
            is_held=status is Status.PRESENTED,
        )
        for key, agency_id, travel, long, status in rows
    )


def _panels(
    edition: Edition, rows: Iterable[PanelRow], judges: Sequence[int]
) -> dict[int | None, PanelSeats]:
    """Return the panels by their id, with the whole team under None."""
    found: dict[int | None, PanelSeats] = {
        None: PanelSeats(None, tuple(judges), quorum=edition.quorum)
    }
    for panel in rows:
        present = [member for member in panel.members if member.person_id in judges]
        members = tuple(member.person_id for member in present if not member.is_alternate)
        alternates = tuple(member.person_id for member in present if member.is_alternate)
        found[panel.id] = PanelSeats(panel.id, members, alternates, panel.quorum, panel.seats)
    return found


def _free(rows: Iterable[PanelRow], judges: Iterable[int]) -> tuple[int, ...]:
    seated = {member.person_id for panel in rows for member in panel.members}
    return tuple(judge for judge in judges if judge not in seated)


def _declined(edition: Edition) -> frozenset[tuple[int, int, int]]:
    """Return who has declined to come to which presentation, in the slot where it is published."""
    rows = db.session.execute(
        select(Invitation.person_id, Invitation.proposal_id, Slot.id)
        .join(Appearance, Appearance.proposal_id == Invitation.proposal_id)
        .join(Slot, (Slot.edition_id == Appearance.edition_id) & is_as_published())
        .where(Appearance.edition_id == edition.id, Invitation.answer == Answer.DECLINED)
    )
    return frozenset((person, proposal, slot) for person, proposal, slot in rows)


def _absences(edition: Edition) -> Mapping[int, tuple[Span, ...]]:
    away = defaultdict(list)
    statement = (
        select(Absence.person_id, Absence.starts_at, Absence.ends_at)
        .where(Absence.edition_id == edition.id)
        .order_by(Absence.person_id, Absence.starts_at)
    )
    for person_id, starts_at, ends_at in db.session.execute(statement):
        away[person_id].append(Span(starts_at, ends_at))
    return {person_id: tuple(spans) for person_id, spans in away.items()}


def _departures(slots: Iterable[SlotRow], edition: Edition) -> dict[dt.date, datetime]:
    """Return, for each day, the earliest time at which anybody should have to leave home."""
    days = {slot.starts_at.astimezone(edition.zone).date() for slot in slots}
    early = edition.earliest_departure
    return {
        day: datetime.combine(day, early, tzinfo=edition.zone).astimezone(UTC)
        for day in sorted(days)
    }
