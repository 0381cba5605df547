"""Making panels among which judges rotate, in place of those that there are."""

from datetime import datetime

from babel.dates import format_date, format_time

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import Method
from app.editions.models import Edition
from app.schedule.benches.panels import check_open
from app.schedule.benches.rotation import Every, Rotation, Stint, rotation_of, stints_of
from app.schedule.draft import queries
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Panel, PanelMember
from app.workflow import N_, NotAllowedNow


def proposed_rotation(edition: Edition, size: int, every: Every) -> Rotation:
    """Return who would sit where, `size` judges each; raise `DomainError` if too few are there."""
    if edition.method is not Method.ADJUSTED:
        raise NotAllowedNow(
            N_("Judges rotate with the adjusted mean only: it makes up for who heard whom.")
        )
    timetable = timetable_of(edition)
    stints = stints_of(timetable.sittings, every)
    if not stints:
        raise NotAllowedNow(N_("There are no slots yet."), remedy="schedule.slots")
    judges = [judge.person_id for judge in queries.judging_team(edition)]
    return rotation_of(stints, sorted(judges), size, timetable.away)


def rotate_judges(
    edition: Edition, rotation: Rotation, size: int, every: Every, *, by: Person, now: datetime
) -> None:
    """Replace all panels by those that were proposed, each with a quorum of all its seats.

    The quorum is the edition's where that is smaller.
    """
    check_open(edition)
    replaced = queries.panels(edition)
    for panel in replaced:
        db.session.delete(panel)
    db.session.flush()
    rooms = {room.id: room for room in edition.rooms}
    for stint, judges in zip(rotation.stints, rotation.panels, strict=True):
        room, begins = rooms.get(stint.room_id), stint.starts_at.astimezone(edition.zone)
        names = room.name if room else "", (room.name_en or room.name) if room else ""
        panel = Panel(
            edition_id=edition.id,
            name=_named(names[0], begins, "id", every),
            name_en=_named(names[1], begins, "en", every),
            room_id=room.id if room else None,
            day=stint.day,
            begins_at=begins.time() if _begins_later(stint, rotation) else None,
            quorum=min(edition.quorum, size),
            seats=size,
            members=[PanelMember(person_id=judge_id) for judge_id in sorted(judges)],
        )
        db.session.add(panel)
    db.session.flush()
    seats = [sorted(judges) for judges in rotation.panels]
    names_before = sorted(panel.name for panel in replaced)
    record(
        edition.id,
        "panel.rotate",
        by=by,
        now=now,
        every=every,
        size=size,
        seats=seats,
        replaced=names_before,
    )


def _begins_later(stint: Stint, rotation: Rotation) -> bool:
    """Return whether another stint comes before it in its room on its day."""
    return any(
        (other.room_id, other.day) == (stint.room_id, stint.day)
        and other.starts_at < stint.starts_at
        for other in rotation.stints
    )


def _named(room: str, begins: datetime, language: str, every: Every) -> str:
    day = format_date(begins, "d MMM", locale=language)
    sign = ":" if language == "en" else "."
    time = f" {format_time(begins, f'HH{sign}mm', locale=language)}"
    return f"{room[:80]}, {day}{time if every is Every.SESSION else ''}"
