"""Importing the tree of agencies: a row for each unit, identified by its code."""

from collections.abc import Sequence

from app.accounts.models import Person
from app.dashboard.imports.plan import (
    Deed,
    ImportChange,
    ImportPlan,
    ImportSender,
    Offered,
    Row,
    Source,
    fields_changed,
    refuse_twice,
)
from app.database import db
from app.editions import queries
from app.editions.models import Edition
from app.editions.units import Agency
from app.web.table_reader.table import folded, visible
from app.workflow import N_

WRITTEN = N_("Until now, this code has been written “%(code)s”.")


def collect_agencies(
    edition: Edition, rows: list[Row], plan: ImportPlan, sender: ImportSender
) -> None:
    """Plan what the rows do to the tree.

    An organiser adds units; only the site administrator changes an existing one, because other
    editions and everybody's conflicts of interest depend on it.
    """
    organisation = edition.organisation
    present = {visible(agency.code): agency for agency in queries.agencies_of(organisation)}
    codes = {agency.id: code for code, agency in present.items()}
    above = {code: codes.get(agency.parent_id or 0, "") for code, agency in present.items()}
    above |= {
        visible(row.cells["code"]): visible(row.cells["parent_code"])
        for row in rows
        if "parent_code" in row.cells
    }
    is_scoring = queries.is_scoring(edition.organisation_id)
    refuse_twice([(row, folded(row.cells["code"])) for row in rows], "code")
    alike = {folded(code): code for code in present}
    kinds = _kinds(edition, sender.by.language)
    for row in rows:
        code = row.code("code", 64, is_required=True)
        if code not in present and folded(code) in alike:
            row.fault("code", WRITTEN, code=alike[folded(code)])
        after = {"name": row.line("name", 200, is_required=True)}
        kind = row.choice("kind", kinds, is_required=True)
        after |= {"kind": kind or "", "parent_code": above.get(code, "")}
        _check_parent(row, code, above)
        agency = present.get(code)
        travel = row.whole("travel_minutes", 0, 1440)
        if travel is None:
            travel = agency.travel_minutes if agency else 0
        after["travel_minutes"] = str(travel)
        before = _facts(agency, codes) if agency else None
        if before is not None and fields_changed(before, after):
            _check_change(row, before, after, is_scoring=is_scoring, by=sender.by)
        plan.add(row, f"{code} {after['name']}", before, after, (code, after))


def apply_agencies(changes: Sequence[ImportChange], deed: Deed) -> None:
    """Add and change the units, each under its parent whatever the order of the rows."""
    organisation = deed.edition.organisation
    units = {visible(agency.code): agency for agency in queries.agencies_of(organisation)}
    for change in changes:
        code, facts = change.what
        unit = units.setdefault(code, Agency(code=code, organisation_id=organisation.id))
        unit.name, unit.kind = facts["name"], facts["kind"]
        unit.travel_minutes = int(facts["travel_minutes"])
        db.session.add(unit)
    db.session.flush()
    for change in changes:
        code, facts = change.what
        parent = units.get(facts["parent_code"])
        units[code].parent_id = parent.id if parent else None
    for edition in queries.editions_of(organisation):
        edition.revise(now=deed.now)  # calendars show names, and recusals follow from the tree


def _facts(agency: Agency, codes: dict[int, str]) -> dict[str, str]:
    parent = codes.get(agency.parent_id or 0, "")
    return {
        "name": agency.name,
        "kind": agency.kind,
        "parent_code": parent,
        "travel_minutes": str(agency.travel_minutes),
    }


def _check_change(
    row: Row, before: dict[str, str], after: dict[str, str], *, is_scoring: bool, by: Person
) -> None:
    if not by.is_site_admin:
        row.fault("code", N_("Only the site administrator can change an existing unit."))
    if is_scoring and before["parent_code"] != after["parent_code"]:
        row.fault(
            "parent_code",
            N_("An edition is being scored, so the tree of agencies can't be changed."),
        )


def _kinds(edition: Edition, language: str) -> Offered[str]:
    """Offer the codes of the organisation's kinds of units, by their names and themselves."""
    kinds = edition.organisation.kinds
    shown = {(kind.name_en if language == "en" else "") or kind.name: kind.code for kind in kinds}
    also = {name: kind.code for kind in kinds for name in (kind.code, kind.name, kind.name_en)}
    return Offered(shown, {name: code for name, code in also.items() if name})


def _check_parent(row: Row, code: str, above: dict[str, str]) -> None:
    parent = above.get(code, "")
    if parent and parent not in above:
        row.fault(
            "parent_code",
            N_("There is no agency “%(value)s”. Add it in a row of its own."),
            value=parent,
        )
        return
    seen = {code}
    while parent:
        if parent in seen:
            row.fault("parent_code", N_("An agency can't be placed below itself."))
            return
        seen.add(parent)
        parent = above.get(parent, "")


SOURCE = Source(
    name="agencies",
    label=N_("Agencies"),
    required=("code", "name", "kind"),
    optional=("parent_code", "travel_minutes"),
    codes=("code", "parent_code"),
    collect=collect_agencies,
    apply=apply_agencies,
)
