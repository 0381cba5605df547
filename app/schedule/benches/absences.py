"""When people can't come: marked by them or the organiser, or read from their own calendar."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.proposals.models import Author, Proposal
from app.schedule.draft.models import Absence, Booking, Slot
from app.schedule.draft.queries import booking_stands
from app.schedule.draft.timetable import Span
from app.workflow import N_, DomainError

MOST = 200  # for one person
CONCERNED = (Role.JUDGE, Role.INNOVATOR)


def absences(edition: Edition, person: Person | None = None) -> Select[Absence]:
    """Select the edition's absences, or one person's, in the order of time."""
    statement = (
        select(Absence)
        .join(Absence.person)
        .where(Absence.edition_id == edition.id)
        .options(joinedload(Absence.person))
        .order_by(Absence.starts_at, Person.name, Absence.id)
    )
    return statement.where(Absence.person_id == person.id) if person else statement


def absence_with(absence_id: int, edition: Edition) -> Absence | None:
    """Return the edition's absence with this id."""
    return db.session.scalar(absences(edition).where(Absence.id == absence_id))


def people(edition: Edition, roles: Collection[Role] = CONCERNED) -> list[Person]:
    """Return the people whose absence matters, or those with one of these roles, by their names."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.edition_id == edition.id, Membership.role.in_(roles))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(statement))


def absences_of(edition: Edition, persons: Collection[Person]) -> list[Absence]:
    """Return the absences of these people, in the order of time."""
    keys = [person.id for person in persons]
    return list(db.session.scalars(absences(edition).where(Absence.person_id.in_(keys))))


def mark_absence(
    edition: Edition, person: Person, span: Span, *, by: Person, now: datetime
) -> None:
    """Note that the person can't come during the span."""
    present = list(db.session.scalars(absences(edition, person)))
    if len(present) >= MOST:
        raise DomainError(N_("Too many times have been added. Remove some first."))
    if any(
        absence.starts_at <= span.starts_at and span.ends_at <= absence.ends_at
        for absence in present
    ):
        raise DomainError(N_("That time has already been added."))
    days = {day.date for day in edition.days}
    if days and span.starts_at.astimezone(edition.zone).date() not in days:
        raise DomainError(N_("Nothing is presented that day. Only presentation days matter here."))
    if span.ends_at <= now:
        raise DomainError(N_("This time is over."))
    _add(edition, person, [span], is_imported=False)
    facts = {"from": str(span.starts_at), "until": str(span.ends_at)}
    record(edition.id, "absence.mark", by=by, now=now, subject=f"person {person.id}", **facts)


def presented_within(edition: Edition, person: Person, span: Span) -> list[Proposal]:
    """Return the proposals that the person presents, as the draft has it, during the span."""
    statement = (
        select(Proposal)
        .join(Booking, Booking.proposal_id == Proposal.id)
        .join(Booking.slot)
        .join(Author, Author.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition.id,
            Author.person_id == person.id,
            Author.is_presenter,
            booking_stands(),
            Slot.starts_at < span.ends_at,
            Slot.ends_at > span.starts_at,
        )
        .order_by(Slot.starts_at, Proposal.number)
    )
    return list(db.session.scalars(statement))


def replace_imported(
    edition: Edition, person: Person, spans: Sequence[Span], *, by: Person, now: datetime
) -> int:
    """Replace what a person's own calendar said before by what it says now; return how many.

    Only busy times are kept, and only those during the presentation days.
    """
    db.session.execute(
        delete(Absence).where(
            Absence.edition_id == edition.id,
            Absence.person_id == person.id,
            Absence.is_imported,
        )
    )
    if len(spans) > MOST:
        raise DomainError(N_("That calendar has too many busy times. Add the times by hand."))
    _add(edition, person, spans, is_imported=True)
    record(
        edition.id,
        "absence.import",
        by=by,
        now=now,
        subject=f"person {person.id}",
        times=len(spans),
    )
    return len(spans)


def forget_absence(absence: Absence, edition: Edition, *, by: Person, now: datetime) -> None:
    """Remove an absence: the person can come after all."""
    facts = {"from": str(absence.starts_at), "until": str(absence.ends_at)}
    record(
        edition.id, "absence.forget", by=by, now=now, subject=f"person {absence.person_id}", **facts
    )
    db.session.delete(absence)
    db.session.flush()


def presentation_days(edition: Edition) -> Span | None:
    """Return the stretch from the first presentation day to the end of the last."""
    if not edition.days:
        return None
    first, last = edition.days[0].date, edition.days[-1].date + timedelta(days=1)
    begin, end = (datetime.combine(day, time(), tzinfo=edition.zone) for day in (first, last))
    return Span(begin.astimezone(UTC), end.astimezone(UTC))


def _add(edition: Edition, person: Person, spans: Sequence[Span], *, is_imported: bool) -> None:
    db.session.add_all(
        Absence(
            edition_id=edition.id,
            person_id=person.id,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            is_imported=is_imported,
        )
        for span in spans
    )
    db.session.flush()
