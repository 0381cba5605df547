"""Where each page of an edition is in its menu: groups by stage, and what lies under each place."""

from collections.abc import Mapping

from app.editions.kinds import SheetKind
from app.evaluation.models import SECOND_LOOK
from app.web.menus import Group, MenuPlace
from app.workflow import N_

COVERAGE = "gallery.agencies"
SHEETS = "sheets.index"


def _sheets(kind: SheetKind) -> MenuPlace:
    return MenuPlace(SHEETS, N_("My score sheets"), (("kind", kind.value),))


GROUPS = (
    Group(
        "overview",
        N_("Overview"),
        (
            MenuPlace("cockpit.index", N_("Current state")),
            MenuPlace("calendars.own", N_("My calendar")),
        ),
    ),
    Group(
        "proposals",
        N_("Proposals"),
        (
            MenuPlace("proposals.index", N_("List")),
            MenuPlace("drafts.index", N_("Not submitted yet")),
            MenuPlace("entries.index", N_("Our proposals")),
        ),
    ),
    Group(
        "screening",
        N_("Screening"),
        (
            MenuPlace("screening.index", N_("Proposals to screen")),
            _sheets(SheetKind.DESK),
            MenuPlace("assignment.index", N_("Assignment")),
            MenuPlace("tabulation.index", N_("Tabulation")),
            MenuPlace("conflicts.index", N_("Conflicts of interest")),
            MenuPlace("announcement.index", N_("Announcement")),
        ),
    ),
    Group(
        "schedule",
        N_("Schedule"),
        (
            MenuPlace("schedule.slots", N_("Slots")),
            MenuPlace("arrangement.index", N_("Arrange")),
            MenuPlace("plan.index", N_("Build automatically")),
            MenuPlace("panels.index", N_("Panels")),
            MenuPlace("absences.index", N_("Unavailable times")),
            MenuPlace("day.index", N_("Event day")),
            MenuPlace("answers.index", N_("Invitations")),
            MenuPlace("arrangement.warnings", N_("Warnings")),
            MenuPlace("versions.index", N_("Versions")),
        ),
    ),
    Group(
        "scoring",
        N_("Scoring"),
        (
            MenuPlace("scoring.progress", N_("Progress")),
            _sheets(SheetKind.PRESENTATION),
            MenuPlace("scoring.ranking", N_("Ranking")),
            MenuPlace("awards.plenary", N_("Plenary")),
            MenuPlace("papers.index", N_("Documents")),
            MenuPlace("follow_up.index", N_("Afterwards")),
        ),
    ),
    Group(
        "manage",
        N_("Manage"),
        (
            MenuPlace("people.index", N_("People")),
            MenuPlace("editions.settings", N_("Settings")),
            MenuPlace("imports.index", N_("Import")),
            MenuPlace("exports.index", N_("Export")),
            MenuPlace("letters.index", N_("E-mail log")),
            MenuPlace("dashboard.trail", N_("Audit trail")),
        ),
    ),
)
"""What those who take part work with, in the order of the stages."""

PUBLIC = Group(
    "public",
    N_("Public pages"),
    (
        MenuPlace("gallery.edition", N_("About")),
        MenuPlace("gallery.schedule", N_("Schedule")),
        MenuPlace("gallery.innovations", N_("Innovations")),
        MenuPlace(COVERAGE, N_("One Agency, One Innovation")),
        MenuPlace("gallery.results", N_("Results")),
    ),
)
"""What everybody may see."""

UNDER: Mapping[str, str] = {
    "announcement": "announcement.index",
    "absences": "absences.index",
    "arrangement": "arrangement.index",
    "assignment": "assignment.index",
    "awards": "awards.plenary",
    "awards.feedback": "proposals.index",
    "sheet_receipts": "scoring.progress",
    "decree": "awards.plenary",
    "dashboard.trail_file": "dashboard.trail",
    "objections": "awards.plenary",
    "objections.own": "proposals.index",
    "papers": "papers.index",
    "papers.own": "proposals.index",
    "stationery": "papers.index",
    "drafts": "drafts.index",
    "entries": "entries.index",
    "plan": "plan.index",
    "scoring": "scoring.progress",
    "method": "scoring.ranking",
    "certainty": "scoring.ranking",
    "desk_certainty": "tabulation.index",
    "second_look": "scoring.ranking",
    "tabulation": "tabulation.index",
    "conflicts": "conflicts.index",
    "discussion": "screening.index",
    "documents": "proposals.index",
    "branding": "editions.settings",
    "editions": "editions.settings",
    "entries.authors": "proposals.index",
    "follow_up.own": "proposals.index",
    "follow_up.report": "proposals.index",
    "formats": "gallery.schedule",
    "gallery.innovation": "gallery.innovations",
    "gallery.picture": "gallery.innovations",
    "gallery.small_picture": "gallery.innovations",
    "gallery.wall": "gallery.schedule",
    "statements": "gallery.edition",
    "recount": "gallery.results",
    "replication": "gallery.innovations",
    "replication.index": "proposals.index",
    "replication.answer": "proposals.index",
    "letters": "letters.index",
    "panels": "panels.index",
    "rotation": "panels.index",
    "people": "people.index",
    "picking": "schedule.slots",
    "pledge": "conflicts.index",
    "proposals": "proposals.index",
    "receipts": "proposals.index",
    "showcase": "proposals.index",
    "day": "day.index",
    "screening": "screening.index",
    "sheets.reopening": "scoring.progress",
    "versions": "versions.index",
    "calendars": "calendars.own",
    "replies": "calendars.own",
    "answers": "answers.index",
    "imports": "imports.index",
}
"""The place (endpoint) that other pages lie under: one page, or all of a blueprint's others."""

_OF_ENDPOINT = {
    place.endpoint: place
    for group in (*GROUPS, PUBLIC)
    for place in group.places
    if place.endpoint != SHEETS
}


def place_of(endpoint: str, values: Mapping[str, object]) -> MenuPlace | None:
    """Return the place in the menu where a page of the edition is, given its address' values."""
    blueprint = endpoint.partition(".")[0]
    if blueprint == "sheets" and endpoint not in UNDER:
        kind = str(values.get("kind") or values.get("sheet"))
        kind = SheetKind.PRESENTATION.value if kind == SECOND_LOOK else kind
        return _sheets(SheetKind(kind)) if kind in set(SheetKind) else None
    known = (endpoint, UNDER.get(endpoint), UNDER.get(blueprint))
    found = (_OF_ENDPOINT.get(place) for place in known if place)
    return next((place for place in found if place is not None), None)
