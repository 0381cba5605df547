"""Who is waited for: what each person has still to do, and the letter that reminds them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select

from app.accounts.models import Person
from app.audit.chain import record
from app.awards.actions import confirmers
from app.dashboard.models import Matter, Reminder
from app.database import db
from app.editions.kinds import Picking, SheetKind, Stage
from app.editions.models import Edition
from app.editions.queries import unpledged
from app.evaluation.due import overdue_by
from app.evaluation.permissions import PLEDGING
from app.evaluation.queries import evaluator_progress
from app.mail import letters, outbox
from app.proposals.models import Author
from app.schedule.draft.queries import unplaced_finalists
from app.schedule.picking.wishes import unwishing_finalists
from app.scoring.second_look.queries import owed_by
from app.workflow import N_, NN_, Message

GENTLE = timedelta(hours=1)
"""Within this time nobody is reminded of the same matter again."""

SUBJECT = N_("Reminder: %(edition)s")
BODIES = {
    Matter.PLEDGE: N_(
        "Hello %(name)s,\n\nPlease sign the integrity pledge of %(edition)s. You can't screen "
        "or score anything until you have signed it:\n\n%(link)s"
    ),
    Matter.DESK: NN_(
        "Hello %(name)s,\n\nYou have %(count)s desk sheet in %(edition)s that is not "
        "submitted yet. Please submit it by %(until)s:\n\n%(link)s",
        "Hello %(name)s,\n\nYou have %(count)s desk sheets in %(edition)s that are not "
        "submitted yet. Please submit them by %(until)s:\n\n%(link)s",
    ),
    Matter.SLOT: NN_(
        "Hello %(name)s,\n\n%(count)s of your proposals in %(edition)s has no presentation "
        "slot yet. You can pick one until %(until)s:\n\n%(link)s",
        "Hello %(name)s,\n\n%(count)s of your proposals in %(edition)s have no presentation "
        "slot yet. You can pick slots until %(until)s:\n\n%(link)s",
    ),
    Matter.PRESENTATION: NN_(
        "Hello %(name)s,\n\nYou have %(count)s score sheet in %(edition)s that is not "
        "submitted yet. Its presentation has been over since %(until)s:\n\n%(link)s",
        "Hello %(name)s,\n\nYou have %(count)s score sheets in %(edition)s that are not "
        "submitted yet. Their presentations have been over since %(until)s:\n\n%(link)s",
    ),
    Matter.SECOND_LOOK: NN_(
        "Hello %(name)s,\n\nYou have %(count)s score sheet of the second look in "
        "%(edition)s that is not submitted yet. The result waits for it:\n\n%(link)s",
        "Hello %(name)s,\n\nYou have %(count)s score sheets of the second look in %(edition)s "
        "that are not submitted yet. The result waits for them:\n\n%(link)s",
    ),
    Matter.CONFIRMATION: N_(
        "Hello %(name)s,\n\nThe result of %(edition)s has been prepared. A second person must "
        "confirm it, and you can do so here:\n\n%(link)s"
    ),
}

BODY_OF_WISHES = NN_(
    "Hello %(name)s,\n\n%(count)s of your proposals in %(edition)s has no preferred slots "
    "yet. You can choose them until %(until)s; the schedule follows them as far as it can:\n\n"
    "%(link)s",
    "Hello %(name)s,\n\n%(count)s of your proposals in %(edition)s have no preferred slots "
    "yet. You can choose them until %(until)s; the schedule follows them as far as it can:\n\n"
    "%(link)s",
)

LinkTo = Callable[[Matter], str]


@dataclass(frozen=True)
class Awaited:
    """A person who has something to do: how much of it, until or since when, when reminded."""

    matter: Matter
    person: Person
    count: int
    until: datetime | None
    reminded_at: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        """Return whether the time for it is over."""
        return self.until is not None and self.until <= now

    def can_be_reminded(self, now: datetime) -> bool:
        """Return whether the last reminder was long enough ago."""
        return self.reminded_at is None or now - self.reminded_at >= GENTLE


def awaited_in(edition: Edition, *, but: Person, now: datetime) -> dict[Matter, list[Awaited]]:
    """Return who is waited for, by matter, each in the order of names, without the reader."""
    if edition.is_confirmed:
        return {}
    found = [
        *_pledges(edition),
        *_desk_sheets(edition),
        *_picks(edition, now=now),
        *(
            Awaited(Matter.PRESENTATION, person, count, since)
            for person, count, since in overdue_by(edition, now=now)
        ),
        *(Awaited(Matter.SECOND_LOOK, person, count, None) for person, count in owed_by(edition)),
        *(Awaited(Matter.CONFIRMATION, person, 1, None) for person in confirmers(edition)),
    ]
    reminders = {
        (reminder.matter, reminder.person_id): reminder.reminded_at
        for reminder in db.session.scalars(
            select(Reminder).where(Reminder.edition_id == edition.id)
        )
    }
    lines = [
        Awaited(line.matter, line.person, line.count, line.until, reminders.get(_key(line)))
        for line in found
        if line.person.id != but.id
    ]
    return {matter: list(own) for matter, own in groupby(lines, key=lambda line: line.matter)}


def remind(
    lines: Sequence[Awaited], edition: Edition, *, link_to: LinkTo, by: Person, now: datetime
) -> int:
    """Queue a letter to each of these people; return how many.

    Whoever was reminded of it within the last hour gets none.
    """
    due = [line for line in lines if line.can_be_reminded(now)]
    for line in due:
        reminder = Reminder(
            edition_id=edition.id, person_id=line.person.id, matter=line.matter, reminded_at=now
        )
        db.session.merge(reminder)
        outbox.queue_letter(
            line.person,
            subject=SUBJECT,
            body=_body(line, edition),
            values=_values(line, edition, link_to),
            edition_id=edition.id,
            now=now,
        )
    if due:
        people = sorted(line.person.id for line in due)
        record(edition.id, "person.remind", by=by, now=now, matter=due[0].matter, people=people)
    return len(due)


def text_to_share(line: Awaited, edition: Edition, *, link_to: LinkTo) -> str:
    """Return what the letter says, in the reader's language, to be sent by other means."""
    values = _values(line, edition, link_to)
    return letters.letter_text(line.person.language, _body(line, edition), values)


def _body(line: Awaited, edition: Edition) -> Message:
    takes_wishes = line.matter is Matter.SLOT and edition.picking is Picking.WISHES
    return BODY_OF_WISHES if takes_wishes else BODIES[line.matter]


def _values(line: Awaited, edition: Edition, link_to: LinkTo) -> dict[str, object]:
    until = line.until and letters.moment(line.until, edition.zone, line.person.language)
    return {
        "name": line.person.name,
        "count": line.count,
        "edition": edition,
        "until": until or "–",
        "link": link_to(line.matter),
    }


def _key(line: Awaited) -> tuple[Matter, int]:
    return line.matter, line.person.id


def _pledges(edition: Edition) -> list[Awaited]:
    people: Collection[Person] = unpledged(edition, PLEDGING)
    return [Awaited(Matter.PLEDGE, person, 1, None) for person in people]


def _desk_sheets(edition: Edition) -> list[Awaited]:
    if edition.is_frozen:
        return []
    until = edition.closes(Stage.SCREENING)
    return [
        Awaited(Matter.DESK, line.person, line.total - line.locked, until)
        for line in evaluator_progress(edition, SheetKind.DESK)
        if line.locked < line.total
    ]


def _picks(edition: Edition, *, now: datetime) -> list[Awaited]:
    if not edition.is_open(Stage.PICKING, now=now):
        return []
    takes_wishes = edition.picking is Picking.WISHES
    finalists = unwishing_finalists(edition) if takes_wishes else unplaced_finalists(edition)
    unplaced = finalists.order_by(None).subquery()
    rows = db.session.execute(
        select(Person, func.count())
        .join(Author, Author.person_id == Person.id)
        .join(unplaced, unplaced.c.id == Author.proposal_id)
        .group_by(Person.id)
        .order_by(Person.name, Person.id)
    )
    until = edition.closes(Stage.PICKING)
    return [Awaited(Matter.SLOT, person, count, until) for person, count in rows]
