"""Which pages are offered to whom: the edition's navigation and a proposal's links."""

from typing import Any

from app.editions.kinds import Role, SheetKind
from app.editions.permissions import User
from app.evaluation.permissions import can_write_sheet
from app.evaluation.queries import own_sheet
from app.proposals.models import Proposal
from app.proposals.permissions import can_write
from app.screening.access import inspector
from app.screening.discussion import can_discuss
from app.workflow import N_, SUBMITTED_ONCE, Message

PUBLIC = (
    ("gallery.edition", N_("Overview")),
    ("gallery.schedule", N_("Schedule")),
    ("gallery.innovations", N_("Innovations")),
    ("gallery.agencies", N_("One Agency, One Innovation")),
    ("gallery.results", N_("Results")),
)

OVERSEERS = frozenset({Role.ORGANISER, Role.SCREENER, Role.OBSERVER})

INSIDE: tuple[tuple[str, Message, frozenset[Role]], ...] = (
    ("proposals.index", N_("Proposals"), frozenset(Role)),
    ("screening.index", N_("Screening"), OVERSEERS),
    (
        "tabulation.index",
        N_("Tabulation"),
        frozenset({Role.ORGANISER, Role.OBSERVER}),
    ),
    ("conflicts.index", N_("Conflicts of interest"), OVERSEERS),
    ("schedule.slots", N_("Slots"), frozenset(Role)),
    ("scoring.progress", N_("Scoring"), frozenset({Role.ORGANISER, Role.JUDGE, Role.OBSERVER})),
    ("scoring.ranking", N_("Ranking"), frozenset({Role.ORGANISER, Role.JUDGE, Role.OBSERVER})),
    ("awards.plenary", N_("Plenary"), frozenset({Role.ORGANISER, Role.OBSERVER})),
    ("calendars.own", N_("My calendar"), frozenset(Role)),
    ("people.index", N_("People"), frozenset({Role.ORGANISER})),
    ("editions.settings", N_("Settings"), frozenset({Role.ORGANISER})),
    ("imports.index", N_("Import"), frozenset({Role.ORGANISER})),
    ("exports.index", N_("Export"), frozenset({Role.ORGANISER})),
    ("dashboard.letters", N_("Mail"), frozenset({Role.ORGANISER})),
    ("dashboard.trail", N_("Audit trail"), frozenset({Role.ORGANISER, Role.OBSERVER})),
)

Link = tuple[str, Message, dict[str, Any]]


def edition_navigation(user: User) -> list[tuple[str, Message]]:
    """Return the pages of the edition that the user may open, as endpoint and label."""
    entries = ("entries.index", N_("Our entries"))
    inside = [entries] if user.delegate_agency else []
    inside += [
        (endpoint, label)
        for endpoint, label, roles in INSIDE
        if user.is_a(*roles) or (endpoint == "awards.plenary" and user.is_chair)
    ]
    return [*PUBLIC, *inside]


def proposal_links(user: User, proposal: Proposal) -> list[Link]:
    """Return where the user can go from a proposal, as endpoint, label and values."""
    number = {"proposal": proposal.number}
    links: list[Link] = [("proposals.show", N_("Proposal"), number)]
    is_read = proposal.status in SUBMITTED_ONCE
    if user.edition is not None and is_read and inspector(user, user.edition, proposal):
        links.append(("screening.eligibility", N_("Eligibility"), number))
    if user.is_a(Role.SCREENER) and _has_sheet(user, proposal, SheetKind.DESK):
        values = number | {"sheet": SheetKind.DESK.value}
        links.append(("sheets.sheet", N_("My desk sheet"), values))
    if user.edition is not None and can_discuss(user, user.edition, proposal):
        links.append(("discussion.index", N_("Discussion"), number))
    if user.is_a(Role.JUDGE) and _has_sheet(user, proposal, SheetKind.PRESENTATION):
        values = number | {"sheet": SheetKind.PRESENTATION.value}
        links.append(("sheets.sheet", N_("My sheet"), values))
    if user.is_a(Role.ORGANISER, Role.OBSERVER) and proposal.status in SUBMITTED_ONCE:
        links.append(("screening.decision", N_("Decision"), number))
    if can_write(user, proposal) and proposal.status in SUBMITTED_ONCE:
        links.append(("awards.feedback", N_("Feedback"), number))
    return links if len(links) > 1 else []


def _has_sheet(user: User, proposal: Proposal, kind: SheetKind) -> bool:
    sheet = own_sheet(user.acting, proposal, kind)
    return sheet is not None and can_write_sheet(user, sheet)
