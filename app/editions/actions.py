"""What changes an edition: making it, its tree of agencies, its rules, its windows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, flush_or, hold_lock
from app.editions import queries
from app.editions.consequences import carry_out, closing_moved
from app.editions.kinds import AgencyKind, Role, Stage
from app.editions.models import Edition
from app.editions.parts import Window
from app.editions.pasted import PastedAgency
from app.editions.roles import grant_role
from app.editions.rules import (
    ALWAYS_OPEN,
    LISTS,
    OF_METHOD,
    Rules,
    apply_rules,
    check_awards,
    check_method,
    check_sections,
    made,
    unbalanced,
)
from app.editions.ties import ties_changed
from app.editions.units import Agency, Organisation, UnitKind
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken


class ClosesAtOnce(DomainError):
    """The time given has passed, so that the stage would close at this moment."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This time has already passed, so the stage would close at once. "
                "Nothing has been saved yet."
            )
        )


def make_organisation(name: str) -> Organisation:
    """Add a government that runs competitions, with the usual kinds of units."""
    organisation = Organisation(name=name)
    organisation.kinds = [
        UnitKind(code=kind.value, name=kind.indonesian, name_en=kind.english, position=place)
        for place, kind in enumerate(AgencyKind, 1)
    ]
    db.session.add(organisation)
    flush_or(Overtaken(N_("An organisation with this name already exists.")))
    return organisation


def set_kinds(organisation: Organisation, rows: list[tuple[int | None, dict[str, Any]]]) -> None:
    """Make the organisation's kinds of units these rows, each with its id unless it is new."""
    present = {kind.id: kind for kind in organisation.kinds}
    kinds = []
    for place, (row_id, values) in enumerate(rows, 1):
        kind = present.get(row_id or 0) or UnitKind()
        for key, value in (values | {"position": place}).items():
            setattr(kind, key, value)
        kinds.append(kind)
    organisation.kinds = kinds
    flush_or(Overtaken(N_("A row that is already in use can't be removed or used twice.")))


def add_agency(
    organisation: Organisation,
    *,
    code: str,
    name: str,
    kind: str,
    parent: Agency | None,
    travel_minutes: int = 0,
    can_enter: bool = True,
) -> Agency:
    """Add a unit to the organisation's tree, under `parent`, of the kind with this code."""
    agency = Agency(
        organisation_id=organisation.id,
        code=code,
        name=name,
        kind=kind,
        parent_id=parent.id if parent else None,
        travel_minutes=travel_minutes,
        can_enter=can_enter,
    )
    db.session.add(agency)
    flush_or(Overtaken(N_("An agency with this code already exists.")))
    return agency


def add_agencies(organisation: Organisation, rows: Sequence[PastedAgency]) -> None:
    """Add many units at once, each under its parent whatever their order."""
    units = {unit.code: unit for unit in queries.agencies_of(organisation)}
    for row in rows:
        units[row.code] = Agency(
            organisation_id=organisation.id, code=row.code, name=row.name, kind=row.kind
        )
        db.session.add(units[row.code])
    flush_or(Overtaken(N_("An agency with this code already exists.")))
    for row in rows:
        if row.parent:
            units[row.code].parent_id = units[row.parent].id
    db.session.flush()


def change_agency(
    agency: Agency,
    *,
    name: str,
    kind: str,
    parent: Agency | None,
    travel_minutes: int = 0,
    can_enter: bool = True,
    by: Person,
    now: datetime,
) -> None:
    """Change a unit; raise `DomainError` if it would stand above itself.

    While an edition is being scored, the tree can't change, because recusals follow from it.
    """
    is_moved = agency.parent_id != (parent.id if parent else None)
    if is_moved and queries.is_scoring(agency.organisation_id):
        raise NotAllowedNow(
            N_("An edition is being scored, so the tree of agencies can't be changed.")
        )
    tree = queries.parents(agency.organisation_id)
    above = parent.id if parent else None
    while above is not None:
        if above == agency.id:
            raise DomainError(N_("An agency can't be placed below itself."))
        above = tree[above]
    agency.name, agency.kind, agency.parent_id = name, kind, parent.id if parent else None
    agency.travel_minutes, agency.can_enter = travel_minutes, can_enter
    db.session.flush()
    for edition in queries.lock_editions_of(agency.organisation):
        edition.revise(now=now)  # calendars show names, and leave out what a judge is recused from
        if is_moved:
            ties_changed(edition, by=by, now=now)


def make_edition(
    organisation: Organisation,
    *,
    slug: str,
    name: str,
    name_en: str = "",
    rules: Rules,
    dates: list[dt.date],
    organiser: Person,
    by: Person,
    now: datetime,
) -> Edition:
    """Make an edition from rules, with its first organiser."""
    edition = Edition(
        organisation_id=organisation.id,
        slug=slug,
        calendar_key=token_hex(6),
        name=name,
        name_en=name_en,
        created_at=now,
    )
    apply_rules(rules, edition, dates)
    db.session.add(edition)
    flush_or(Overtaken(N_("An edition with this address already exists.")))
    hold_lock(edition.id)
    record(edition.id, "edition.make", by=by, now=now, subject=slug, name=name)
    grant_role(edition, organiser, Role.ORGANISER, by=by, now=now)
    return edition


def change_settings(
    edition: Edition, settings: Mapping[str, Any], *, version: int, by: Person, now: datetime
) -> None:
    """Change the edition's settings; those that affect the ranking only before scoring opens."""
    _check_version(edition, version)
    changes = {key: value for key, value in settings.items() if getattr(edition, key) != value}
    if edition.is_frozen and changes.keys() - ALWAYS_OPEN:
        raise _frozen()
    if edition.settled_at and "desk_share" in changes:
        raise _settled()
    check_method({key: settings.get(key, getattr(edition, key)) for key in OF_METHOD})
    for key, value in changes.items():
        setattr(edition, key, value)
    if changes:
        _touch(edition, now=now)
        record(edition.id, "edition.settings", by=by, now=now, changes=changes)


def replace_list(
    edition: Edition,
    part: str,
    rows: list[tuple[int | None, dict[str, Any]]],
    *,
    version: int,
    by: Person,
    now: datetime,
) -> None:
    """Make the list `part` of the edition consist of `rows`, each with its id unless it is new."""
    _check_version(edition, version)
    _check_list(edition, part, [values for _, values in rows])
    carry_out(edition, part, rows, by=by, now=now)
    model, _ = LISTS[part]
    _clear_tie_breaks(edition, part)
    present = {row.id: row for row in getattr(edition, part)}
    result = []
    for place, (row_id, values) in enumerate(rows, 1):
        row = present.get(row_id) if row_id else None
        if row is None:
            row = made(model, values, place)
        else:
            for key, value in values.items():
                setattr(row, key, value)
            if hasattr(model, "position"):
                row.position = place
        result.append(row)
    setattr(edition, part, result)
    _touch(edition, now=now)
    flush_or(Overtaken(N_("A row that is already in use can't be removed or used twice.")))
    record(edition.id, f"edition.{part}", by=by, now=now, rows=[values for _, values in rows])


def set_days(edition: Edition, days: list[Any], *, version: int, by: Person, now: datetime) -> None:
    """Set the presentation days; the slots follow from them."""
    _check_version(edition, version)
    if edition.is_frozen:
        raise _frozen()
    edition.days = []
    db.session.flush()
    edition.days = days
    _touch(edition, now=now)
    flush_or(Overtaken(N_("The same day is listed twice.")))
    record(edition.id, "edition.days", by=by, now=now, days=[str(day.date) for day in days])


def set_window(
    edition: Edition,
    stage: Stage,
    *,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    may_end_now: bool = False,
    by: Person,
    now: datetime,
) -> None:
    """Set when a stage is open. Moving one that has begun needs a reason, which is recorded.

    Raise `ClosesAtOnce` if that would close it now, unless it `may_end_now`.
    """
    window = edition.window(stage)
    if window and (window.opens_at, window.closes_at) == (opens_at, closes_at):
        return
    if window and closes_at <= now < window.closes_at and not may_end_now:
        raise ClosesAtOnce
    if window and window.opens_at <= now and not reason:
        raise DomainError(N_("This stage has begun: give a reason for changing its time."))
    before = window.closes_at if window else None
    if window is None:
        edition.windows.append(Window(stage=stage, opens_at=opens_at, closes_at=closes_at))
    else:
        window.opens_at, window.closes_at = opens_at, closes_at
    facts: dict[str, Any] = {
        "opens": str(opens_at),
        "closes": str(closes_at),
        "closed_before": str(before) if before else None,
    }
    record(edition.id, "window.set", by=by, now=now, subject=stage, reason=reason, **facts)
    if before and before != closes_at:
        closing_moved(edition, stage, before=before, now=now)


def make_public(edition: Edition, *, by: Person, now: datetime) -> None:
    """Let everyone see the edition's public pages."""
    if edition.is_public:
        return
    edition.is_public = True
    record(edition.id, "edition.make_public", by=by, now=now)


def settle_criteria(edition: Edition, *, by: Person, now: datetime) -> None:
    """Make the criteria final, when the first sheet is handed out; they must total exactly 100."""
    if edition.settled_at is not None:
        return
    check_weights(edition)
    edition.settled_at = now
    record(edition.id, "edition.settle_criteria", by=by, now=now)


def check_weights(edition: Edition) -> None:
    """Raise `NotAllowedNow` unless the weights of each kind total exactly 100."""
    for kind in unbalanced(edition):
        raise NotAllowedNow(
            N_("The weights of “%(kind)s” must total exactly 100."),
            remedy="editions.settings",
            kind=kind.label,
        )


def freeze_rules(edition: Edition, *, by: Person, now: datetime) -> None:
    """Make the rules final."""
    settle_criteria(edition, by=by, now=now)
    edition.frozen_at = now
    record(edition.id, "edition.freeze", by=by, now=now)


def _check_list(edition: Edition, part: str, rows: list[dict[str, Any]]) -> None:
    """Refuse a change to what is already final, and a list that makes no sense."""
    if edition.is_frozen and part != "rooms":
        raise _frozen()
    if edition.settled_at and part == "criteria":
        raise _settled()
    if part == "award_categories":
        check_awards(edition, rows)
    if part == "sections":
        check_sections(rows)
    if part == "rooms" and not rows:
        raise DomainError(N_("An edition needs at least one room."))


def _clear_tie_breaks(edition: Edition, part: str) -> None:
    """Free the numbers, so that two criteria can swap theirs within the unique constraint."""
    if part == "criteria":
        for criterion in edition.criteria:
            criterion.tie_break = None
        db.session.flush()


def _check_version(edition: Edition, version: int) -> None:
    if edition.version != version:
        raise Overtaken(
            N_("Someone else has changed the settings in the meantime. Check them again.")
        )


def _touch(edition: Edition, *, now: datetime) -> None:
    """Count a change of the settings, which calendars may also show."""
    edition.version += 1
    edition.revise(now=now)


def _frozen() -> NotAllowedNow:
    return NotAllowedNow(
        N_("Scoring has opened, so the rules of this edition can no longer be changed.")
    )


def _settled() -> NotAllowedNow:
    return NotAllowedNow(
        N_(
            "Score sheets have been handed out, so the criteria of this "
            "edition can no longer be changed."
        )
    )
