"""Where each page of an edition is in its menu: groups by stage, and what lies under each place."""

from collections.abc import Mapping

from app.editions.kinds import SheetKind
from app.web.menus import Group, Place
from app.workflow import N_

COVERAGE = "gallery.agencies"
SHEETS = "sheets.index"


def _sheets(kind: SheetKind) -> Place:
    return Place(SHEETS, N_("My score sheets"), (("kind", kind.value),))


GROUPS = (
    Group(
        N_("Overview"),
        (
            Place("cockpit.index", N_("Current state")),
            Place("calendars.own", N_("My calendar")),
        ),
    ),
    Group(
        N_("Proposals"),
        (
            Place("proposals.index", N_("List")),
            Place("drafts.index", N_("Not submitted yet")),
            Place("entries.index", N_("Our entries")),
        ),
    ),
    Group(
        N_("Screening"),
        (
            Place("screening.index", N_("Proposals to screen")),
            _sheets(SheetKind.DESK),
            Place("assignment.index", N_("Assignment")),
            Place("tabulation.index", N_("Tabulation")),
            Place("conflicts.index", N_("Conflicts of interest")),
            Place("announcement.index", N_("Announcement")),
        ),
    ),
    Group(
        N_("Schedule"),
        (
            Place("schedule.slots", N_("Slots")),
            Place("arrangement.index", N_("Arrange")),
            Place("plan.index", N_("Compute")),
            Place("panels.index", N_("Panels")),
            Place("absences.index", N_("Times away")),
            Place("day.index", N_("The day")),
            Place("answers.index", N_("Invitations")),
            Place("arrangement.warnings", N_("Warnings")),
            Place("versions.index", N_("Versions")),
        ),
    ),
    Group(
        N_("Scoring"),
        (
            Place("scoring.progress", N_("Progress")),
            _sheets(SheetKind.PRESENTATION),
            Place("scoring.ranking", N_("Ranking")),
            Place("awards.plenary", N_("Plenary")),
        ),
    ),
    Group(
        N_("Manage"),
        (
            Place("people.index", N_("People")),
            Place("editions.settings", N_("Settings")),
            Place("imports.index", N_("Import")),
            Place("exports.index", N_("Export")),
            Place("letters.index", N_("Mail")),
            Place("dashboard.trail", N_("Audit trail")),
        ),
    ),
)
"""What those who take part work with, in the order of the stages."""

PUBLIC = Group(
    N_("Public pages"),
    (
        Place("gallery.edition", N_("About")),
        Place("gallery.schedule", N_("Schedule")),
        Place("gallery.innovations", N_("Innovations")),
        Place(COVERAGE, N_("One Agency, One Innovation")),
        Place("gallery.results", N_("Results")),
    ),
)
"""What everybody may see."""

UNDER: Mapping[str, str] = {
    "announcement": "announcement.index",
    "awards.feedback": "proposals.index",
    "conflicts": "conflicts.index",
    "discussion": "screening.index",
    "documents": "proposals.index",
    "editions": "editions.settings",
    "entries.authors": "proposals.index",
    "gallery.innovation": "gallery.innovations",
    "gallery.wall": "gallery.schedule",
    "letters": "letters.index",
    "panels": "panels.index",
    "people": "people.index",
    "picking": "schedule.slots",
    "pledge": "conflicts.index",
    "proposals": "proposals.index",
    "receipts": "proposals.index",
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


def place_of(endpoint: str, values: Mapping[str, object]) -> Place | None:
    """Return the place in the menu where a page of the edition is, given its address' values."""
    blueprint = endpoint.partition(".")[0]
    if blueprint == "sheets" and endpoint not in UNDER:
        kind = str(values.get("kind") or values.get("sheet"))
        return _sheets(SheetKind(kind)) if kind in set(SheetKind) else None
    known = (endpoint, UNDER.get(endpoint), UNDER.get(blueprint))
    found = (_OF_ENDPOINT.get(place) for place in known if place)
    return next((place for place in found if place is not None), None)
