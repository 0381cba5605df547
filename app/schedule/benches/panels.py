"""Panels: named parts of the judging team, each in its room."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, flush_or
from app.editions.models import Edition
from app.schedule.draft import queries
from app.schedule.draft.models import Panel, PanelMember
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken


def set_panel(
    edition: Edition,
    panel: Panel | None,
    facts: Mapping[str, Any],
    *,
    members: Collection[int],
    alternates: Collection[int],
    by: Person,
    now: datetime,
) -> Panel:
    """Make a panel, or change one; `members` and `alternates` are the ids of judges."""
    check_open(edition)
    _check_team(edition, members, alternates, facts["quorum"])
    panel = panel or Panel(edition_id=edition.id)
    for name, value in facts.items():
        setattr(panel, name, value)
    db.session.add(panel)
    flush_or(
        Overtaken(N_("Another panel already has this name, or sits in this room on that day."))
    )
    db.session.execute(delete(PanelMember).where(PanelMember.panel_id == panel.id))
    db.session.add_all(
        PanelMember(panel_id=panel.id, person_id=person_id, is_alternate=person_id in alternates)
        for person_id in sorted({*members, *alternates})
    )
    db.session.flush()
    db.session.expire(panel, ["members"])
    record(
        edition.id,
        "panel.set",
        by=by,
        now=now,
        subject=panel.name,
        members=sorted(members),
        alternates=sorted(alternates),
        quorum=panel.quorum,
    )
    return panel


def seat_judges(
    edition: Edition, seats: Mapping[int | None, Collection[int]], *, by: Person, now: datetime
) -> None:
    """Add judges to panels, by the panel's id."""
    check_open(edition)
    db.session.add_all(
        PanelMember(panel_id=panel_id, person_id=person_id)
        for panel_id, people in seats.items()
        for person_id in people
    )
    flush_or(Overtaken(N_("The panels have changed in the meantime. Check them again.")))
    facts = {str(key): sorted(people) for key, people in seats.items()}
    record(edition.id, "panel.seat", by=by, now=now, seats=facts)


def remove_panel(panel: Panel, edition: Edition, *, by: Person, now: datetime) -> None:
    """Dissolve a panel; the whole team judges where it sat."""
    check_open(edition)
    record(edition.id, "panel.remove", by=by, now=now, subject=panel.name)
    db.session.delete(panel)
    db.session.flush()


def check_open(edition: Edition) -> None:
    """Raise `NotAllowedNow` once scoring has opened: panels stand from then on."""
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened, so the panels can no longer be changed."))


def _check_team(
    edition: Edition, members: Collection[int], alternates: Collection[int], quorum: int
) -> None:
    team = {judge.person_id for judge in queries.judging_team(edition)}
    if not {*members, *alternates} <= team:
        raise DomainError(N_("Someone you chose is no longer a judge. Check the team again."))
    if {*members} & {*alternates}:
        raise DomainError(N_("Nobody can be both a member and an alternate of the same panel."))
    if len({*members, *alternates}) < quorum and members:
        raise DomainError(N_("The panel is smaller than its quorum."))
