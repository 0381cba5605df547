"""Holding a slot for a short while, and the queue for one that is taken.

A hold is a row that expires by itself; unique constraints let a proposal hold one slot, and a slot
be held by one proposal. A slot that comes free is offered to whoever has waited longest.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, transaction
from app.editions.kinds import Stage
from app.editions.models import Edition
from app.editions.parts import Window
from app.editions.queries import locked_edition
from app.mail import letters, outbox
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.models import Booking, Slot, Wish
from app.schedule.picking.models import Hold, Waiting
from app.schedule.picking.prospects import prospect
from app.workflow import COMPETING, N_, NotAllowedNow, Overtaken

TO_CONFIRM = timedelta(minutes=3)
TO_ANSWER = timedelta(hours=6)
MOST_WAITED_FOR = 5

OFFERED = N_(
    "Hello %(name)s,\n\nA slot you are waiting for is now free. It is held for “%(title)s” "
    "until %(until)s:\n\n%(moment)s\n\nPick it on the slots page; after that, it is offered to "
    "the next in the queue."
)


class SlotHeld(Overtaken):
    """Somebody else is confirming the slot right now."""

    def __init__(self) -> None:
        super().__init__(
            N_("Someone else is picking that slot right now. Try again in a few minutes.")
        )


def live_holds(edition: Edition, *, now: datetime) -> dict[int, Hold]:
    """Return the holds that have not ended, by the slot's id."""
    statement = (
        select(Hold)
        .join(Hold.slot)
        .where(Slot.edition_id == edition.id, Hold.until > now)
        .options(joinedload(Hold.proposal))
        .order_by(Hold.slot_id)
    )
    return {hold.slot_id: hold for hold in db.session.scalars(statement)}


def queues(edition: Edition) -> dict[int, list[int]]:
    """Return the proposals that wait for each slot (ids), longest wait first."""
    rows = db.session.execute(
        select(Waiting.slot_id, Waiting.proposal_id)
        .join(Waiting.slot)
        .where(Slot.edition_id == edition.id)
        .order_by(Waiting.slot_id, Waiting.since, Waiting.proposal_id)
    )
    found: dict[int, list[int]] = {}
    for slot_id, proposal_id in rows:
        found.setdefault(slot_id, []).append(proposal_id)
    return found


def keep_slot(proposal: Proposal, slot: Slot, *, now: datetime) -> Hold:
    """Keep a free slot for the proposal while its author confirms; another hold of theirs ends.

    Raise `SlotHeld` if another one holds it. Whether it is free is up to the bookings' index.
    """
    check_not_held(proposal, slot, now=now)
    offered = db.session.get(Hold, slot.id)
    if offered is not None and offered.is_offer and offered.until > now:
        return offered
    given_back = _give_back(proposal)
    _end(slot_ids=[slot.id])
    kept = Hold(slot_id=slot.id, proposal_id=proposal.id, until=now + TO_CONFIRM)
    try:
        with db.session.begin_nested():
            db.session.add(kept)
    except IntegrityError as error:
        raise SlotHeld from error
    offer_freed(proposal.edition, given_back, now=now)
    return kept


def check_not_held(proposal: Proposal, slot: Slot, *, now: datetime) -> None:
    """Raise `SlotHeld` if the slot is kept for another proposal."""
    present = db.session.scalar(select(Hold).where(Hold.slot_id == slot.id))
    if present is not None and present.until > now and present.proposal_id != proposal.id:
        raise SlotHeld


def release_hold(proposal: Proposal, *, now: datetime) -> None:
    """End the proposal's hold; the next one in the queue is offered the slot."""
    offer_freed(proposal.edition, _give_back(proposal), now=now)


def enter_queue(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> None:
    """Enter the queue for a slot that is taken but would suit the proposal."""
    holder = queries.placed_in(slot)
    if holder is None:
        raise NotAllowedNow(N_("That slot is free: you can pick it."))
    if holder.id == proposal.id:
        raise NotAllowedNow(N_("That slot is already yours."))
    if obstacle := prospect(proposal.edition, proposal, slot.id).obstacle:
        raise NotAllowedNow(N_("This slot can't be picked: %(obstacle)s."), obstacle=obstacle)
    waited = db.session.scalars(select(Waiting).where(Waiting.proposal_id == proposal.id)).all()
    if any(waiting.slot_id == slot.id for waiting in waited):
        return
    if len(waited) >= MOST_WAITED_FOR:
        raise NotAllowedNow(
            N_("You are already waiting for %(count)s slots. Leave one queue first."),
            count=MOST_WAITED_FOR,
        )
    db.session.add(Waiting(slot_id=slot.id, proposal_id=proposal.id, since=now))
    start = str(slot.starts_at)
    record(proposal.edition_id, "slot.wait", by=by, now=now, subject=proposal.code, start=start)
    db.session.flush()


def leave_queue(proposal: Proposal, slot: Slot) -> None:
    """Leave the queue for a slot."""
    db.session.execute(
        delete(Waiting).where(Waiting.slot_id == slot.id, Waiting.proposal_id == proposal.id)
    )


def forget_removed(edition: Edition) -> None:
    """Delete what holds, waits or wishes there are for slots that are gone."""
    gone = select(Slot.id).where(Slot.edition_id == edition.id, Slot.removed_at.is_not(None))
    for table in (Hold, Waiting, Wish):
        db.session.execute(delete(table).where(table.slot_id.in_(gone)))


def offer_freed(edition: Edition, slot_ids: Collection[int], *, now: datetime) -> None:
    """Offer each of these slots that is free to whoever has waited longest for it.

    Proposals that can't have it any more, or were withdrawn, leave the queue.
    """
    queue = _longest_first(slot_ids) if slot_ids else []
    if not queue or not edition.is_open(Stage.PICKING, now=now):
        return
    held = live_holds(edition, now=now)
    taken = queries.taken_slots(slot_ids)
    busy = {hold.proposal_id for hold in held.values()}
    for waiting in queue:
        if waiting.slot_id in held or waiting.slot_id in taken or waiting.proposal_id in busy:
            continue
        if not _suits(waiting, edition):
            db.session.delete(waiting)
            continue
        held[waiting.slot_id] = _offer(waiting, edition, now=now)
        busy.add(waiting.proposal_id)
    db.session.flush()


def expire_holds(*, now: datetime) -> int:
    """Clear away holds that have ended, in the worker; those who let an offer pass leave the queue.

    Free slots are offered to the next one waiting. Return for how many editions this was done.
    """
    with transaction(writing=False):
        slugs = set(db.session.scalars(_with_ended_holds(now)))
        slugs |= set(db.session.scalars(_with_free_slots_waited_for(now)))
    for slug in sorted(slugs):
        with transaction(writing=True):
            edition = locked_edition(slug)
            if edition is not None:
                _expire_in(edition, now=now)
    return len(slugs)


def _expire_in(edition: Edition, *, now: datetime) -> None:
    ended = db.session.scalars(
        select(Hold).join(Hold.slot).where(Slot.edition_id == edition.id, Hold.until <= now)
    ).all()
    for hold in ended:
        if hold.is_offer:
            leave_queue(hold.proposal, hold.slot)
        db.session.delete(hold)
    db.session.flush()
    offer_freed(edition, queues(edition).keys(), now=now)


def _with_ended_holds(now: datetime) -> Select[str]:
    return (
        select(Edition.slug)
        .join(Slot, Slot.edition_id == Edition.id)
        .join(Hold, Hold.slot_id == Slot.id)
        .where(Hold.until <= now)
        .distinct()
    )


def _with_free_slots_waited_for(now: datetime) -> Select[str]:
    """Select editions in which somebody waits for a slot that a withdrawn finalist left free."""
    taken = select(Booking.slot_id).join(Booking.proposal)
    held = select(Hold.slot_id).where(Hold.until > now)
    busy = select(Hold.proposal_id).where(Hold.until > now)
    return (
        select(Edition.slug)
        .join(Slot, Slot.edition_id == Edition.id)
        .join(Waiting, Waiting.slot_id == Slot.id)
        .join(Window, Window.edition_id == Edition.id)
        .where(
            Window.stage == Stage.PICKING,
            Window.opens_at <= now,
            Window.closes_at > now,
            Slot.id.not_in(taken.where(queries.booking_stands())),
            Slot.id.not_in(held),
            Waiting.proposal_id.not_in(busy),
        )
        .distinct()
    )


def _suits(waiting: Waiting, edition: Edition) -> bool:
    """Return whether the waiting proposal could still have the slot."""
    proposal, slot = waiting.proposal, waiting.slot
    competes = proposal.status in COMPETING and slot.removed_at is None
    return competes and prospect(edition, proposal, slot.id).is_possible


def _offer(waiting: Waiting, edition: Edition, *, now: datetime) -> Hold:
    """Keep the slot for the waiting proposal, and tell its authors."""
    _end(slot_ids=[waiting.slot_id], proposal_ids=[waiting.proposal_id])
    kept = Hold(
        slot_id=waiting.slot_id,
        proposal_id=waiting.proposal_id,
        until=min(now + TO_ANSWER, _closing(edition, now)),
        is_offer=True,
    )
    db.session.add(kept)
    db.session.flush()
    _tell(kept, waiting.slot, edition, now=now)
    return kept


def _give_back(proposal: Proposal) -> list[int]:
    """End the proposal's hold; letting an offer pass means leaving its queue. Return the slot."""
    held = db.session.scalars(select(Hold).where(Hold.proposal_id == proposal.id)).all()
    for hold in held:
        if hold.is_offer:
            leave_queue(proposal, hold.slot)
        db.session.delete(hold)
    db.session.flush()
    return [hold.slot_id for hold in held]


def _end(*, slot_ids: Iterable[int] = (), proposal_ids: Iterable[int] = ()) -> None:
    db.session.execute(
        delete(Hold).where(Hold.slot_id.in_(slot_ids) | Hold.proposal_id.in_(proposal_ids))
    )
    db.session.flush()


def _longest_first(slot_ids: Collection[int]) -> list[Waiting]:
    statement = (
        select(Waiting)
        .where(Waiting.slot_id.in_(slot_ids))
        .options(joinedload(Waiting.proposal), joinedload(Waiting.slot))
        .order_by(Waiting.since, Waiting.proposal_id)
    )
    return list(db.session.scalars(statement))


def _closing(edition: Edition, now: datetime) -> datetime:
    window = edition.window(Stage.PICKING)
    return window.closes_at if window else now


def _tell(kept: Hold, slot: Slot, edition: Edition, *, now: datetime) -> None:
    proposal = db.session.get_one(Proposal, kept.proposal_id)
    for author in proposal.authors:
        outbox.queue_letter(
            author,
            subject=N_("A slot is now free: %(title)s"),
            body=OFFERED,
            values={
                "name": author.name,
                "title": proposal.title,
                "until": letters.moment(kept.until, edition.zone, author.language),
                "moment": letters.moment(slot.starts_at, edition.zone, author.language),
            },
            edition_id=edition.id,
            now=now,
        )
