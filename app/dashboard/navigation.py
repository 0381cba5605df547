"""What the frame of a page offers: the pages of the edition and of the schedule, and a proposal's.

Who may open a page is written once, on its view: a page that the rule refuses is not offered.
"""

from typing import Any

from flask import g

from app.editions.filters import coverage_name
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.permissions import can_write_sheet
from app.evaluation.queries import own_sheet
from app.programme.models import Appearance
from app.programme.queries import appearance_of
from app.proposals.models import Proposal
from app.web.access import may_open
from app.workflow import COMPETING, N_, SUBMITTED_ONCE, Message

Page = tuple[str, Message]
"""A page as endpoint and label."""

COVERAGE = "gallery.agencies"
EDITION: tuple[Page, ...] = (
    ("gallery.edition", N_("Overview")),
    ("gallery.schedule", N_("Schedule")),
    ("gallery.innovations", N_("Innovations")),
    (COVERAGE, N_("One Agency, One Innovation")),
    ("gallery.results", N_("Results")),
    ("entries.index", N_("Our entries")),
    ("proposals.index", N_("Proposals")),
    ("screening.index", N_("Screening")),
    ("tabulation.index", N_("Tabulation")),
    ("conflicts.index", N_("Conflicts of interest")),
    ("schedule.slots", N_("Slots")),
    ("scoring.progress", N_("Scoring")),
    ("scoring.ranking", N_("Ranking")),
    ("awards.plenary", N_("Plenary")),
    ("calendars.own", N_("My calendar")),
    ("people.index", N_("People")),
    ("editions.settings", N_("Settings")),
    ("imports.index", N_("Import")),
    ("exports.index", N_("Export")),
    ("letters.index", N_("Mail")),
    ("dashboard.trail", N_("Audit trail")),
)
SCHEDULE: tuple[Page, ...] = (
    ("schedule.slots", N_("Slots")),
    ("arrangement.index", N_("Arrange")),
    ("plan.index", N_("Compute")),
    ("panels.index", N_("Panels")),
    ("absences.index", N_("Times away")),
    ("day.index", N_("The day")),
    ("answers.index", N_("Invitations")),
    ("arrangement.warnings", N_("Warnings")),
    ("versions.index", N_("Versions")),
)
LINKED = frozenset(
    {
        "awards/feedback.html",
        "proposals/authors.html",
        "proposals/comparison.html",
        "proposals/show.html",
        "screening/decision.html",
        "screening/discussion.html",
        "screening/eligibility.html",
    }
)
"""The templates that link to the other pages of their proposal."""

OF_DRAFTS = frozenset({"proposals.show", "entries.authors"})
"""The pages that a proposal has before it is submitted."""

Link = tuple[str, Message, dict[str, Any]]
"""A page that a proposal links to: endpoint, label and values of the address."""


def frame(template: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that the frame of a whole page needs besides the view's own."""
    user = getattr(g, "user", None)
    if user is None or user.edition is None:
        return {"navigation": [], "schedule_navigation": []}
    pages = [_named(page, user.edition) for page in _open_to(user, EDITION)]
    shown: dict[str, Any] = {
        "navigation": [page for page in pages if page is not None],
        "schedule_navigation": _open_to(user, SCHEDULE),
    }
    if template in LINKED:
        shown["links"] = proposal_links(user, values["proposal"])
    if template == "proposals/show.html":
        shown["appearance"] = _shown_appearance(values["proposal"])
    return shown


def proposal_links(user: User, proposal: Proposal) -> list[Link]:
    """Return the pages the user can open from a proposal, or none if there is only its own."""
    pages: list[tuple[str, Message, SheetKind | None]] = [
        ("proposals.show", N_("Proposal"), None),
        ("screening.eligibility", N_("Eligibility"), None),
        ("sheets.sheet", N_("My desk sheet"), SheetKind.DESK),
        ("discussion.index", N_("Discussion"), None),
        ("sheets.sheet", N_("My sheet"), SheetKind.PRESENTATION),
        ("screening.decision", N_("Decision"), None),
        ("awards.feedback", N_("Feedback"), None),
        ("entries.authors", N_("Authors"), None),
    ]
    links: list[Link] = []
    for endpoint, label, kind in pages:
        if proposal.status not in SUBMITTED_ONCE and endpoint not in OF_DRAFTS:
            continue
        if kind and not _has_sheet(user, proposal, kind):
            continue
        if kind or may_open(endpoint, user, edition=user.edition, proposal=proposal):
            values = {"proposal": proposal.number} | ({"sheet": kind.value} if kind else {})
            links.append((endpoint, label, values))
    return links if len(links) > 1 else []


def _open_to(user: User, pages: tuple[Page, ...]) -> list[Page]:
    return [page for page in pages if may_open(page[0], user, edition=user.edition)]


def _named(page: Page, edition: Edition) -> Page | None:
    """Return the page with its label; the one of who has entered is named by the edition."""
    if page[0] != COVERAGE:
        return page
    return (COVERAGE, Message(coverage_name(edition))) if edition.shows_coverage else None


def _has_sheet(user: User, proposal: Proposal, kind: SheetKind) -> bool:
    if not user.is_a(Role.SCREENER if kind is SheetKind.DESK else Role.JUDGE):
        return False
    sheet = own_sheet(user.acting, proposal, kind)
    return sheet is not None and can_write_sheet(user, sheet)


def _shown_appearance(proposal: Proposal) -> Appearance | None:
    return appearance_of(proposal) if proposal.status in COMPETING else None
