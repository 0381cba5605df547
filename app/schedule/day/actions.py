"""The presentation days themselves: who has arrived, who did not come, what runs late.

Changes made here are published at once, so nothing else may have moved in the draft.
"""

from collections.abc import Iterable
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.queries import all_sheets
from app.programme.extracts import Extract
from app.programme.models import Appearance, ChangeKind, Version
from app.programme.queries import appearances, last_version
from app.proposals.models import Proposal
from app.schedule.arranging.arrangements import arrange_draft
from app.schedule.arranging.publishing import pending_changes, publish_draft
from app.schedule.draft import queries
from app.workflow import N_, DomainError, NotAllowedNow, Status


def note_arrival(appearance: Appearance, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that the presenters are there."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    appearance.arrived_at, appearance.missed_at = appearance.arrived_at or now, None
    record(edition.id, "day.arrive", by=by, now=now, subject=appearance.proposal.code)


def take_back_arrival(
    appearance: Appearance, edition: Edition, *, by: Person, now: datetime
) -> None:
    """Take back an arrival that was noted by mistake."""
    appearance.arrived_at = None
    record(edition.id, "day.leave", by=by, now=now, subject=appearance.proposal.code)


def note_no_show(appearance: Appearance, edition: Edition, *, by: Person, now: datetime) -> None:
    """Note that the presenters did not come; arriving later takes it back."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if not appearance.has_begun(now):
        raise NotAllowedNow(
            N_(
                "The presentation begins on %(moment)s: nobody can be recorded as absent before "
                "then."
            ),
            moment=appearance.starts_at,
        )
    if appearance.proposal.status is Status.PRESENTED:
        raise NotAllowedNow(N_("This presentation has been scored: nobody was absent."))
    appearance.arrived_at, appearance.missed_at = None, now
    record(edition.id, "day.miss", by=by, now=now, subject=appearance.proposal.code)


def begin_presentation(
    appearance: Appearance, edition: Edition, *, reason: str, by: Person, now: datetime
) -> None:
    """Say that it has begun, which opens its sheets; before its published start with a reason."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if appearance.has_begun(now):
        raise NotAllowedNow(N_("The presentation has already begun."))
    if not reason:
        raise DomainError(
            N_(
                "The presentation begins on %(moment)s. Give a reason for opening its score "
                "sheets earlier."
            ),
            moment=appearance.starts_at,
        )
    _check_next(appearance, edition, now=now)
    appearance.begun_at = now
    code = appearance.proposal.code
    record(edition.id, "day.begin", by=by, now=now, subject=code, reason=reason)


def take_back_beginning(
    appearance: Appearance, edition: Edition, *, by: Person, now: datetime
) -> None:
    """Take back that a presentation has begun early, unless a judge has scored it since."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if appearance.begun_at is None:
        raise NotAllowedNow(N_("This presentation hasn't begun early."))
    if any(sheet.saved_at for sheet in all_sheets(appearance.proposal, SheetKind.PRESENTATION)):
        raise NotAllowedNow(N_("A judge has begun to score this presentation: it has begun."))
    appearance.begun_at = None
    record(edition.id, "day.unbegin", by=by, now=now, subject=appearance.proposal.code)


def _check_next(appearance: Appearance, edition: Edition, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless it is the next of today in its room."""
    day = appearance.starts_at.astimezone(edition.zone).date()
    if day != now.astimezone(edition.zone).date():
        raise NotAllowedNow(
            N_("This presentation is on %(day)s: only on that day can it begin early."), day=day
        )
    rows = appearances(edition, Extract((day,), (appearance.room_id,)))
    (first,) = next_to_begin(rows, edition, now=now)
    if first is not appearance:
        raise NotAllowedNow(
            N_("“%(title)s” comes before it in this room and hasn't begun."),
            title=first.proposal.title,
        )


def next_to_begin(
    rows: Iterable[Appearance], edition: Edition, *, now: datetime
) -> list[Appearance]:
    """Return the next presentation of today in each room, of these in the order of time."""
    today = now.astimezone(edition.zone).date()
    first: dict[int | None, Appearance] = {}
    for row in rows:
        is_waiting = not row.has_begun(now) and row.missed_at is None
        if is_waiting and row.starts_at.astimezone(edition.zone).date() == today:
            first.setdefault(row.room_id, row)
    return list(first.values())


def call_finalist(
    missing: Appearance, called: Proposal, edition: Edition, *, by: Person, now: datetime
) -> Version:
    """Let another finalist present in a no-show's slot; the no-show gets theirs, if any.

    This is published at once; both finalists and their judges are told.
    """
    check_calm(edition)
    if missing.missed_at is None:
        raise NotAllowedNow(N_("First record that they did not come."))
    if missing.ends_at <= now:
        raise NotAllowedNow(N_("This slot is over: nobody can present in it any more."))
    if called.status is not Status.FINALIST:
        raise NotAllowedNow(N_("Only a finalist who has not presented can be called."))
    places = queries.bookings_of([missing.proposal, called])
    slots = {key: booking.slot_id for key, booking in places.items()}
    moves = {called.id: slots.get(missing.proposal_id), missing.proposal_id: slots.get(called.id)}
    arrange_draft(edition, moves, by=by, now=now)
    missing.missed_at = None if slots.get(called.id) else missing.missed_at
    record(edition.id, "day.call", by=by, now=now, subject=called.code)
    last = last_version(edition)
    return publish_draft(
        edition, note="", expected=(last.number if last else 0) + 1, by=by, now=now
    )


def check_calm(edition: Edition) -> None:
    """Raise `NotAllowedNow` if publishing would move more than this change does.

    The judges may have changed meanwhile, because one has declined: that is published with it.
    """
    check_unconfirmed(edition, SCHEDULE_STANDS)
    if any(change.kind is not ChangeKind.JUDGES for change in pending_changes(edition)):
        raise NotAllowedNow(
            N_("The draft has other unpublished changes. Publish or undo them first."),
            remedy="versions.index",
        )
