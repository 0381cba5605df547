"""What changes the schedule. That no slot is booked twice rests on the unique indexes alone."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import Stage
from app.editions.models import Edition
from app.mail import letters, outbox
from app.proposals.models import Proposal
from app.schedule import queries
from app.schedule.models import Booking, Slot
from app.schedule.slots import slot_times
from app.workflow import COMPETING, N_, Conflict, Message, NotAllowedNow

PLACED = N_(
    "Hello %(name)s,\n\nthe organiser has placed the presentation of “%(title)s”:\n\n%(moment)s\n"
    "%(venue)s"
)
TAKEN_OUT = N_(
    "Hello %(name)s,\n\nthe organiser has taken the presentation of “%(title)s” out of its slot:\n"
    "\n%(moment)s\n%(venue)s\n\nAnother one follows; while picking is open, you can pick it "
    "yourself."
)


class SlotTaken(Conflict):
    """Somebody else has the slot; the fresh table tells which are still free."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody was faster: that slot is taken. Please pick another one."))


def make_slots(edition: Edition, *, by: Person, now: datetime) -> int:
    """Make the slots that the settings describe; return how many there are.

    Free slots that no longer fit go; raise `NotAllowedNow` if a booked one would.
    """
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened: the slots stand."))
    wanted = dict(slot_times(edition.days, edition.breaks, edition.slot_minutes, edition.zone))
    present = queries.slots_by_start(edition)
    booked = {place.slot.id for place in queries.table(edition) if place.booking}
    for start, slot in present.items():
        if wanted.get(start) == slot.ends_at:
            continue
        if slot.id in booked:
            raise NotAllowedNow(
                N_("The slot at %(start)s is booked and doesn't fit the settings. Move it first."),
                start=start,
            )
        slot.removed_at = now
    db.session.flush()
    kept = queries.slots_by_start(edition)
    for start, end in wanted.items():
        if start not in kept:
            db.session.add(Slot(edition_id=edition.id, starts_at=start, ends_at=end))
    db.session.flush()
    edition.revision += 1
    record(edition.id, "slots.make", by=by, now=now, slots=len(wanted))
    return len(wanted)


def pick(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> Booking:
    """Book a free slot for one's own finalist, or change to it, until picking closes."""
    _check_picking(proposal.edition, now=now)
    return _book(proposal, slot, by=by, now=now)


def place(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> Booking:
    """Place or move any finalist, as the organiser; its authors are told."""
    _check_not_closed(proposal.edition)
    present = queries.booking_of(proposal)
    if present is not None and present.slot_id == slot.id:
        return present
    booking = _book(proposal, slot, by=by, now=now)
    _tell(proposal, PLACED, (slot.starts_at, proposal.edition), now=now)
    return booking


def give_up(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Give the proposal's slot back, until picking closes."""
    _check_picking(proposal.edition, now=now)
    _release(proposal, by=by, now=now)


def remove(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Take a finalist out of its slot, as the organiser; its authors are told."""
    _check_not_closed(proposal.edition)
    booking = queries.booking_of(proposal)
    _release(proposal, by=by, now=now)
    if booking is not None:
        _tell(proposal, TAKEN_OUT, (booking.slot.starts_at, proposal.edition), now=now)


def _book(proposal: Proposal, slot: Slot, *, by: Person, now: datetime) -> Booking:
    edition = proposal.edition
    if proposal.status not in COMPETING:
        raise NotAllowedNow(N_("Only a finalist is presented."))
    _free_from_the_departed(slot, now=now)
    revision = queries.last_revision(proposal) + 1
    booking = Booking(
        slot_id=slot.id,
        proposal_id=proposal.id,
        booked_by_id=by.id,
        booked_at=now,
        revision=revision,
    )
    try:
        with db.session.begin_nested():
            former = queries.booking_of(proposal)
            if former is not None:
                former.given_up_at = now
                db.session.flush()
            db.session.add(booking)
    except IntegrityError as error:
        raise SlotTaken from error
    edition.revision += 1
    subject = proposal.code
    record(edition.id, "slot.book", by=by, now=now, subject=subject, start=str(slot.starts_at))
    return booking


def _release(proposal: Proposal, *, by: Person, now: datetime) -> None:
    edition = proposal.edition
    booking = queries.booking_of(proposal)
    if booking is None:
        raise NotAllowedNow(N_("This proposal has no slot."))
    booking.given_up_at = now
    edition.revision += 1
    start = str(booking.slot.starts_at)
    record(edition.id, "slot.give_up", by=by, now=now, subject=proposal.code, start=start)
    db.session.flush()


def _free_from_the_departed(slot: Slot, *, now: datetime) -> None:
    """Free a slot whose proposal was withdrawn or disqualified after it was booked."""
    booking = queries.active_in(slot)
    if booking is not None and booking.proposal.status not in COMPETING:
        booking.given_up_at = now
        db.session.flush()


def _check_picking(edition: Edition, *, now: datetime) -> None:
    if not edition.is_open(Stage.PICKING, now=now):
        raise NotAllowedNow(N_("Picking of slots is not open."))


def _check_not_closed(edition: Edition) -> None:
    if edition.closed_at is not None:
        raise NotAllowedNow(N_("The result is confirmed: the schedule stands."))


def _tell(
    proposal: Proposal, body: Message, moment: tuple[datetime, Edition], *, now: datetime
) -> None:
    starts_at, edition = moment
    for author in proposal.authors:
        outbox.queue(
            author,
            subject=N_("Your presentation: %(title)s"),
            body=body,
            values={
                "name": author.name,
                "title": proposal.title,
                "moment": letters.moment(starts_at, edition.zone, author.language),
                "venue": edition.venue,
            },
            edition_id=edition.id,
            now=now,
        )
