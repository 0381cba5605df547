"""Changing places by mutual consent: one finalist asks, the other accepts, both move at once."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts import throttle
from app.accounts.models import Person
from app.audit.chain import record
from app.clock import real_now
from app.database import db, flush_or
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.mail import letters, outbox
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.loading import timetable_around
from app.schedule.draft.models import Booking, Slot
from app.schedule.draft.timetable import Timetable
from app.schedule.picking.models import Swap
from app.schedule.picking.picks import exchange_slots
from app.schedule.picking.prospects import Prospect, prospect_in, taken_beside
from app.workflow import COMPETING, N_, Message, NotAllowedNow, Overtaken

ASKED = N_(
    "Hello %(name)s,\n\n“%(other)s” asks to swap slots with “%(title)s”.\n\nYour slot: "
    "%(yours)s\nTheir slot: %(theirs)s\n\nAnswer on the slots page."
)
ACCEPTED = N_(
    "Hello %(name)s,\n\n“%(other)s” has swapped slots with “%(title)s”.\n\nYour old "
    "slot: %(yours)s\nYour new slot: %(theirs)s"
)
DECLINED = N_(
    "Hello %(name)s,\n\n“%(other)s” has declined to swap slots with “%(title)s”. You "
    "keep your slot: %(yours)s"
)


def open_swaps(proposals: Collection[Proposal]) -> list[Swap]:
    """Return the open swaps that these proposals ask for or are asked for, oldest first.

    There is nothing to answer once one of the two has withdrawn or a slot is gone.
    """
    ids = [proposal.id for proposal in proposals]
    statement = (
        select(Swap)
        .where(
            Swap.settled_at.is_(None),
            Swap.asking_id.in_(ids) | Swap.asked_id.in_(ids),
            Swap.asking.has(Proposal.status.in_(COMPETING)),
            Swap.asked.has(Proposal.status.in_(COMPETING)),
            Swap.asking_slot.has(Slot.removed_at.is_(None)),
            Swap.asked_slot.has(Slot.removed_at.is_(None)),
        )
        .options(
            joinedload(Swap.asking),
            joinedload(Swap.asked),
            joinedload(Swap.asking_slot),
            joinedload(Swap.asked_slot),
        )
        .order_by(Swap.id)
    )
    return list(db.session.scalars(statement))


def swap_with(swap_id: int, edition: Edition) -> Swap | None:
    """Return the edition's swap with this id."""
    return db.session.scalar(
        select(Swap)
        .join(Swap.asked)
        .where(Swap.id == swap_id, Proposal.edition_id == edition.id)
        .options(joinedload(Swap.asking), joinedload(Swap.asked))
    )


def swap_effects(
    swaps: Collection[Swap], edition: Edition
) -> list[tuple[Swap, tuple[Prospect, Prospect]]]:
    """Return how well each swap suits the proposal that asks and the one that is asked."""
    if not swaps:
        return []
    parties = [party for swap in swaps for party in (swap.asking, swap.asked)]
    timetable = timetable_around(edition, parties)
    return [
        (
            swap,
            _outcomes(
                timetable,
                (swap.asking_id, swap.asked_id),
                (swap.asking_slot_id, swap.asked_slot_id),
                taken_beside(edition, timetable, (swap.asking_id, swap.asked_id)),
            ),
        )
        for swap in swaps
    ]


def ask_swap(asking: Proposal, asked: Proposal, *, by: Person, now: datetime) -> Swap:
    """Ask the other finalist to change places, while picking is open.

    Their authors are told by mail, once an hour however often it is asked and taken back.
    """
    edition = asking.edition
    _check_open(edition, now=now)
    mine, theirs = _places(asking, asked)
    _check_possible(asking, asked, (mine.slot_id, theirs.slot_id))
    swap = Swap(
        asking_id=asking.id,
        asked_id=asked.id,
        asking_slot_id=mine.slot_id,
        asked_slot_id=theirs.slot_id,
        asked_at=now,
    )
    db.session.add(swap)
    flush_or(Overtaken(N_("You have already asked them.")))
    record(edition.id, "swap.ask", by=by, now=now, subject=f"{asking.code} {asked.code}")
    pair = f"swap {asking.id} {asked.id}"
    if throttle.try_again(pair, limit=1, now=real_now(), period=throttle.HOUR):
        _tell(swap, ASKED, asked, edition, now=now)
    return swap


def accept_swap(swap: Swap, edition: Edition, *, by: Person, now: datetime) -> None:
    """Change places, both at once; raise `NotAllowedNow` if either has moved since."""
    _check_open(edition, now=now)
    _check_unsettled(swap)
    mine, theirs = _places(swap.asking, swap.asked)
    if (mine.slot_id, theirs.slot_id) != (swap.asking_slot_id, swap.asked_slot_id):
        raise NotAllowedNow(
            N_("One of the two has moved since, so this swap can no longer be accepted.")
        )
    _check_possible(swap.asking, swap.asked, (mine.slot_id, theirs.slot_id))
    exchange_slots(swap.asking, swap.asked, by=by, now=now)
    swap.settled_at, swap.is_accepted = now, True
    _tell(swap, ACCEPTED, swap.asking, edition, now=now)


def decline_swap(swap: Swap, edition: Edition, *, by: Person, now: datetime) -> None:
    """Decline to change places; the authors who asked are told."""
    _check_unsettled(swap)
    swap.settled_at = now
    record(edition.id, "swap.decline", by=by, now=now, subject=_subject(swap))
    _tell(swap, DECLINED, swap.asking, edition, now=now)


def take_back_swap(swap: Swap, edition: Edition, *, by: Person, now: datetime) -> None:
    """Take back the request to change places."""
    _check_unsettled(swap)
    swap.settled_at = now
    record(edition.id, "swap.take_back", by=by, now=now, subject=_subject(swap))


def _outcomes(
    timetable: Timetable,
    parties: tuple[int, int],
    slots: tuple[int, int],
    taken: Collection[int],
) -> tuple[Prospect, Prospect]:
    """Return how well the other one's slot suits each party (ids)."""
    (asking, asked), (mine, theirs) = parties, slots
    then = replace(timetable, placed={**timetable.placed, asking: theirs, asked: mine})
    return (
        prospect_in(then, asking, theirs, {*taken, *_span(then, asked, mine)}),
        prospect_in(then, asked, mine, {*taken, *_span(then, asking, theirs)}),
    )


def _span(timetable: Timetable, talk_id: int, sitting_id: int) -> set[int]:
    """Return the slots (ids) that a talk takes from this one on."""
    talk, sitting = timetable.talk_of[talk_id], timetable.sitting_of[sitting_id]
    return {taken.id for taken in timetable.taken_by(talk, sitting)}


def _places(asking: Proposal, asked: Proposal) -> tuple[Booking, Booking]:
    places = queries.bookings_of([party for party in (asking, asked) if party.status in COMPETING])
    if asking.id not in places or asked.id not in places:
        raise NotAllowedNow(N_("Both need a slot before they can swap."))
    return places[asking.id], places[asked.id]


def _check_possible(asking: Proposal, asked: Proposal, slots: tuple[int, int]) -> None:
    around = timetable_around(asking.edition, [asking, asked])
    taken = taken_beside(asking.edition, around, (asking.id, asked.id))
    for outcome in _outcomes(around, (asking.id, asked.id), slots, taken):
        if outcome.obstacle:
            raise NotAllowedNow(
                N_("These two can't swap slots: %(obstacle)s."), obstacle=outcome.obstacle
            )


def _check_open(edition: Edition, *, now: datetime) -> None:
    if edition.picking is Picking.WISHES or not edition.is_open(Stage.PICKING, now=now):
        raise NotAllowedNow(N_("Slot selection is not open."))


def _check_unsettled(swap: Swap) -> None:
    if swap.settled_at is not None:
        raise Overtaken(N_("This has already been answered."))


def _subject(swap: Swap) -> str:
    return f"{swap.asking.code} {swap.asked.code}"


def _tell(swap: Swap, body: Message, reader: Proposal, edition: Edition, *, now: datetime) -> None:
    """Write to the authors of one of the two, from their point of view."""
    is_asked = reader.id == swap.asked_id
    other = swap.asking if is_asked else swap.asked
    mine, theirs = (
        (swap.asked_slot, swap.asking_slot) if is_asked else (swap.asking_slot, swap.asked_slot)
    )
    for author in reader.authors:
        times = [
            letters.moment(slot.starts_at, edition.zone, author.language) for slot in (mine, theirs)
        ]
        outbox.queue_letter(
            author,
            subject=N_("Slot swap: %(title)s"),
            body=body,
            values={
                "name": author.name,
                "title": reader.title,
                "other": other.title,
                "yours": times[0],
                "theirs": times[1],
            },
            edition_id=edition.id,
            now=now,
        )
