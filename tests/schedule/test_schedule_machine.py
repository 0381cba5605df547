"""Random sequences around the schedule, compared with a model of what is published and told."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from icalendar import Calendar

from app import clock
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.database import Base, db, transaction
from app.demo.moments import ZONE
from app.editions.models import Edition
from app.editions.queries import edition_named, locked_edition
from app.mail.models import Letter
from app.programme.models import Appearance, Change, Invitation, Version
from app.programme.queries import last_version
from app.proposals.models import Proposal
from app.proposals.withdrawals import withdraw_proposal
from app.schedule.arranging import arrangements, publishing
from app.schedule.benches import absences
from app.schedule.day import delays
from app.schedule.draft import queries
from app.schedule.draft.models import Absence, Arrangement, Booking, LongPresentation, Slot
from app.schedule.draft.timetable import Span
from app.schedule.picking import holds, picks, swaps
from app.schedule.picking.models import Hold, Swap, Waiting
from app.workflow import DomainError
from tests.applications import Applications
from tests.calendars.letters import letters_of
from tests.cast import judges, placed, unplaced
from tests.conftest import SLUG
from tests.factories import the_person
from tests.schedule.schedule_model import Spot, Word, authors, draft, letters_for, unbiased

PLACED, UNPLACED = (0, 1, 2, 3, 4), (5, 6, 7, 8)  # finalists, by their place in `ids`
FINALISTS = st.sampled_from(PLACED + UNPLACED)
PLACES = st.integers(0, 12)  # the slots of those placed, and the eight that are free
PICKS = st.integers(0, 50)
THEN = st.sampled_from(["tell", "nothing"])
MINUTES = st.sampled_from([-30, -10, 10, 45])
STATE = (Booking, LongPresentation, Hold, Waiting, Swap, Arrangement, Slot, Absence)
STATE += (Version, Change, Appearance, Invitation, Letter, AuditEntry)


class ScheduleMachine(RuleBasedStateMachine):
    """Everybody who moves presentations, one request after the other."""

    def __init__(self, applications: Applications) -> None:
        super().__init__()
        self.applications = applications
        self.app = applications.lend("picking")
        self.words: dict[int, Word] = {}
        self.letter = 0  # the last one looked at
        self.told_of_swaps: list[int] = []  # whose authors a swap has been told
        self.told_of_leaving: list[int] = []  # who has been told that a finalist has withdrawn

    @initialize(then=THEN)
    def begin(self, then: str) -> None:
        with self.app.app_context(), transaction(writing=False):
            connection = db.session.connection()
            self.judges, published = judges(connection), placed(connection)
            chosen = published[: len(PLACED)] + unplaced(connection)[: len(UNPLACED)]
            ids = dict(db.session.execute(sa.select(Proposal.number, Proposal.id)).all())
            self.ids = [ids[number] for number in chosen]
            self.organising = the_person("sekretariat").id
            self.people = dict(db.session.execute(sa.select(Person.email, Person.id)).all())
            self.authors = authors()
            self.unbiased = unbiased(self.authors)
            places = dict(db.session.execute(sa.select(Booking.proposal_id, Booking.slot_id)).all())
            slots = db.session.scalars(sa.select(Slot.id).order_by(Slot.id)).all()
            self.letter = db.session.scalar(sa.select(sa.func.max(Letter.id))) or 0
        free = [each for each in slots if each not in places.values()]
        self.slots = [places[self.ids[finalist]] for finalist in PLACED] + free
        assert len(self.slots) == 13
        self.note_published()
        assert len(self.words) == len(published)
        if then == "tell":
            self.tell()

    def teardown(self) -> None:
        self.applications.take_back()

    def attempt(self, act: Callable[[Edition], object]) -> bool:
        """Do it as a request would; return whether it was done. A refusal changes nothing."""
        before, offers = self.state(), self.offers()
        try:
            with self.app.app_context(), transaction(writing=True):
                act(locked_edition(SLUG))
        except DomainError:
            assert self.state() == before
            return False
        self.check_letters(offers)
        return True

    def state(self) -> dict[type[Base], list]:
        with self.app.app_context(), transaction(writing=False):
            return {
                each: db.session.execute(
                    sa.select(each.__table__).order_by(*each.__table__.primary_key)
                ).all()
                for each in STATE
            }

    def offers(self) -> set[tuple[int, int, dt.datetime]]:
        with self.app.app_context(), transaction(writing=False):
            rows = sa.select(Hold.slot_id, Hold.proposal_id, Hold.until).where(Hold.is_offer)
            return set(map(tuple, db.session.execute(rows)))

    def check_letters(self, offers_before: set) -> None:
        """Written to is whom a slot is offered to, who is asked or answered, and who organises."""
        with self.app.app_context(), transaction(writing=False):
            newer = sa.select(Letter).where(Letter.id > self.letter).order_by(Letter.id)
            letters = [(each.recipient, each.calendar) for each in db.session.scalars(newer)]
        self.letter += len(letters)
        told = [proposal for _, proposal, _ in self.offers() - offers_before] + self.told_of_swaps
        expected = [person for proposal in told for person in self.authors[proposal]]
        expected += self.told_of_leaving
        self.told_of_swaps, self.told_of_leaving = [], []
        assert Counter(self.people[email] for email, _ in letters) == Counter(expected)
        assert not any(calendar for _, calendar in letters)

    def differing(self) -> dict[int, Spot | None]:
        """What publishing the draft would change, by the model."""
        with self.app.app_context(), transaction(writing=False):
            now = draft(self.unbiased)
        known = {key: word.spots[-1] for key, word in self.words.items()}
        return {key: now.get(key) for key in {*now, *known} if now.get(key) != known.get(key)}

    def moved(self) -> list[int]:
        """What publishing the draft would change but for who judges it."""
        last = {key: word.spots[-1] for key, word in self.words.items()}
        return [
            key
            for key, spot in self.differing().items()
            if not (spot and last.get(key)) or spot.times != last[key].times
        ]

    def note_published(self) -> None:
        for key, spot in self.differing().items():
            self.words.setdefault(key, Word()).spots.append(spot)

    def proposal(self, finalist: int) -> Proposal:
        return db.session.get_one(Proposal, self.ids[finalist])

    def author(self, finalist: int) -> Person:
        return self.proposal(finalist).authors[0]

    def slot(self, place: int) -> Slot:
        return db.session.get_one(Slot, self.slots[place])

    @property
    def organiser(self) -> Person:
        return the_person("sekretariat")

    @rule(finalist=FINALISTS, place=PLACES)
    def pick(self, finalist: int, place: int) -> None:
        self.attempt(
            lambda _: picks.pick_slot(
                self.proposal(finalist), self.slot(place), by=self.author(finalist), now=clock.now()
            )
        )

    @rule(finalist=FINALISTS, place=PLACES)
    def hold(self, finalist: int, place: int) -> None:
        self.attempt(
            lambda _: picks.hold_slot(self.proposal(finalist), self.slot(place), now=clock.now())
        )

    @rule(finalist=FINALISTS, place=PLACES)
    def wait(self, finalist: int, place: int) -> None:
        self.attempt(
            lambda _: picks.wait_for_slot(
                self.proposal(finalist), self.slot(place), by=self.author(finalist), now=clock.now()
            )
        )

    @rule(finalist=FINALISTS, place=PLACES)
    def leave(self, finalist: int, place: int) -> None:
        self.attempt(lambda _: holds.leave_queue(self.proposal(finalist), self.slot(place)))

    @rule(finalist=FINALISTS)
    def give_up(self, finalist: int) -> None:
        self.attempt(
            lambda _: picks.give_up_slot(
                self.proposal(finalist), by=self.author(finalist), now=clock.now()
            )
        )

    @rule(finalist=st.sampled_from(PLACED), other=st.sampled_from(PLACED + UNPLACED))
    def ask_swap(self, finalist: int, other: int) -> None:
        if finalist == other:
            return
        self.told_of_swaps = [self.ids[other]]
        if not self.attempt(
            lambda _: swaps.ask_swap(
                self.proposal(finalist),
                self.proposal(other),
                by=self.author(finalist),
                now=clock.now(),
            )
        ):
            self.told_of_swaps = []

    @rule(
        which=PICKS,
        answer=st.sampled_from([swaps.accept_swap, swaps.decline_swap, swaps.take_back_swap]),
    )
    def settle_swap(self, which: int, answer) -> None:
        with self.app.app_context(), transaction(writing=False):
            rows = db.session.execute(sa.select(Swap.id, Swap.asking_id).order_by(Swap.id)).all()
        if not rows:
            return
        swap_id, asking = rows[which % len(rows)]
        self.told_of_swaps = [] if answer is swaps.take_back_swap else [asking]

        def act(edition: Edition) -> None:
            swap = swaps.swap_with(swap_id, edition)
            answer(swap, edition, by=swap.asked.authors[0], now=clock.now())

        if not self.attempt(act):
            self.told_of_swaps = []

    @rule(finalist=st.sampled_from((PLACED[-1], UNPLACED[-1])))
    def withdraw_proposal(self, finalist: int) -> None:
        self.told_of_leaving = [self.organising]
        is_done = self.attempt(
            lambda _: withdraw_proposal(
                self.proposal(finalist),
                reason="Mundur",
                link="",
                by=self.author(finalist),
                now=clock.now(),
            )
        )
        if not is_done:
            self.told_of_leaving = []

    @rule(minutes=st.sampled_from([1, 4, 361]))
    def pass_time(self, minutes: int) -> None:
        clock.shift(clock.now() - clock.real_now() + timedelta(minutes=minutes))

    @rule()
    def expire(self) -> None:
        before = self.offers()
        with self.app.app_context():
            holds.expire_holds(now=clock.now())
        self.check_letters(before)

    @rule(finalist=FINALISTS, place=PLACES, then=st.sampled_from(["publish", "nothing"]))
    def arrange(self, finalist: int, place: int, then: str) -> None:
        def act(_edition: Edition) -> None:
            proposal, slot = self.proposal(finalist), self.slot(place)
            other = queries.placed_in(slot)
            if other and other != proposal:
                arrangements.swap_finalists(proposal, other, by=self.organiser, now=clock.now())
            else:
                arrangements.place_finalist(proposal, slot, by=self.organiser, now=clock.now())

        self.attempt(act)
        if then == "publish":
            self.publish("nothing")

    @rule(finalist=FINALISTS, is_long=st.booleans())
    def lengthen(self, finalist: int, is_long: bool) -> None:  # noqa: FBT001 -- Hypothesis's
        self.attempt(
            lambda _: arrangements.set_length(
                self.proposal(finalist), is_long=is_long, by=self.organiser, now=clock.now()
            )
        )

    @rule(finalist=FINALISTS)
    def remove(self, finalist: int) -> None:
        self.attempt(
            lambda _: arrangements.remove_finalist(
                self.proposal(finalist), by=self.organiser, now=clock.now()
            )
        )

    @rule()
    def undo(self) -> None:
        def act(edition: Edition) -> None:
            step = arrangements.undoable_step(edition)
            arrangements.undo_step(
                edition, step.id if step else 0, by=self.organiser, now=clock.now()
            )

        self.attempt(act)

    @rule(judge=st.integers(0, 5), place=st.integers(0, len(PLACED)))
    def be_away(self, judge: int, place: int) -> None:
        def act(edition: Edition) -> None:
            slot = self.slot(place)
            person = the_person(self.judges[judge])
            span = Span(slot.starts_at, slot.ends_at)
            absences.mark_absence(edition, person, span, by=person, now=clock.now())

        self.attempt(act)

    @rule(which=PICKS)
    def be_there_after_all(self, which: int) -> None:
        def act(edition: Edition) -> None:
            rows = db.session.scalars(sa.select(Absence).order_by(Absence.id)).all()
            if rows:
                absence = rows[which % len(rows)]
                absences.forget_absence(absence, edition, by=absence.person, now=clock.now())

        self.attempt(act)

    @rule(place=PLACES, minutes=MINUTES, before=st.sampled_from(["publish", "nothing"]))
    def delay(self, place: int, minutes: int, before: str) -> None:
        if before == "publish":
            self.publish("nothing")
        is_calm = not self.moved()

        def act(edition: Edition) -> None:
            start = self.slot(place).starts_at.astimezone(ZONE)
            number, now = last_version(edition).number + 1, clock.now()
            moved = delays.shift_slots(
                edition, start.date(), start.time(), minutes, None, expected=number, now=now
            )
            by = self.organiser
            delays.publish_delay(edition, moved, expected=number, note="", by=by, now=now)

        if self.attempt(act):
            assert is_calm
            assert self.differing()
            self.note_published()

    @rule(then=THEN)
    def publish(self, then: str) -> None:
        def act(edition: Edition) -> None:
            last = last_version(edition).number
            publishing.publish_draft(
                edition, note="", expected=last + 1, by=self.organiser, now=clock.now()
            )

        assert self.attempt(act) == bool(self.differing())
        self.note_published()
        if then == "tell":
            self.tell()

    @rule()
    def tell(self) -> None:
        with self.app.app_context(), transaction(writing=False):
            competing = set(db.session.scalars(queries.competing_ids(edition_named(SLUG))))
        expected = [
            (key, *each)
            for key, word in self.words.items()
            for each in letters_for(word, self.authors[key], is_gone=key not in competing)
        ]
        letters = letters_of(self.app)
        self.letter += len(letters)
        found = [self.read(each) for each in letters]
        assert Counter(found) == Counter(expected)
        for key in self.words:
            sequences = [each[3] for each in found if each[0] == key]
            assert sequences == sorted(sequences)

    def read(self, letter: Letter) -> tuple[int, int, str, int, dt.datetime]:
        """Which presentation a letter is about, and person, METHOD, SEQUENCE and start."""
        calendar = Calendar.from_ical(letter.calendar)
        (event,) = calendar.walk("VEVENT")
        uid = str(event["UID"]).removeprefix("presentation-").partition("@")[0]
        assert str(event["ATTENDEE"]) == f"mailto:{letter.recipient}"
        person, method = self.people[letter.recipient], str(calendar["METHOD"])
        start = event["DTSTART"].dt.astimezone(dt.UTC)
        return int(uid), person, method, int(event["SEQUENCE"]), start

    @invariant()
    def no_slot_and_no_proposal_is_booked_twice(self) -> None:
        with self.app.app_context(), transaction(writing=False):
            rows = db.session.execute(
                sa.select(Booking.slot_id, Booking.proposal_id).where(Booking.given_up_at.is_(None))
            ).all()
            long = set(db.session.scalars(sa.select(LongPresentation.proposal_id)))
        assert len({slot for slot, _ in rows}) == len(rows)
        held = Counter(key for _, key in rows)
        assert held == {key: 2 if key in long else 1 for key in held}

    @invariant()
    def no_slot_and_no_proposal_is_held_twice(self) -> None:
        with self.app.app_context(), transaction(writing=False):
            rows = db.session.execute(
                sa.select(Hold.slot_id, Hold.proposal_id).where(Hold.until > clock.now())
            ).all()
        assert len({slot for slot, _ in rows}) == len({key for _, key in rows}) == len(rows)

    @invariant()
    def what_is_published_is_what_the_model_says(self) -> None:
        with self.app.app_context(), transaction(writing=False):
            rows = db.session.scalars(sa.select(Appearance)).all()
            found = {
                each.proposal_id: (
                    each.revision,
                    None
                    if each.cancelled_at
                    else Spot(each.starts_at, each.ends_at, frozenset(each.judges)),
                )
                for each in rows
            }
        assert found == {key: (len(w.spots) - 2, w.spots[-1]) for key, w in self.words.items()}


@pytest.mark.parametrize("examples", [15, pytest.param(100, marks=pytest.mark.long)])
def test_no_sequence_breaks_the_schedule_nor_tells_anybody_too_much_or_too_little(
    applications, examples
):
    run_state_machine_as_test(
        lambda: ScheduleMachine(applications),
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
