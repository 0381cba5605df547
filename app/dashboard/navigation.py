"""What the frame of a page offers: the menu of the edition, and the pages of a proposal.

Who may open a page is written once, on its view: a page that the rule refuses is not offered.
"""

from collections.abc import Collection
from functools import partial
from typing import Any

from flask import g, request

from app.dashboard.places import COVERAGE, GROUPS, PUBLIC, SHEETS, place_of
from app.editions.access import face_in
from app.editions.faces import only_face
from app.editions.filters import coverage_name
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.models import SECOND_LOOK
from app.evaluation.permissions import can_write_sheet
from app.evaluation.queries import own_sheets
from app.programme.models import Appearance
from app.programme.queries import appearance_of
from app.proposals.models import Proposal
from app.web.access import may_open, openable
from app.web.menus import Group, Menu, MenuPlace, menu
from app.web.shared import site_part
from app.workflow import COMPETING, N_, SUBMITTED_ONCE, Message

LINKED = frozenset(
    {
        "awards/feedback.html",
        "gallery/own_follow_up.html",
        "gallery/replications.html",
        "proposals/authors.html",
        "proposals/comparison.html",
        "proposals/show.html",
        "proposals/showcase.html",
        "screening/decision.html",
        "screening/discussion.html",
        "screening/eligibility.html",
    }
)
"""The templates that link to the other pages of their proposal."""

WRITER_OF = {SheetKind.DESK: Role.SCREENER, SheetKind.PRESENTATION: Role.JUDGE}
"""Who writes each kind of sheet."""

OPENED_BY_RULE = tuple(
    place.endpoint for group in GROUPS for place in group.places if place.endpoint != SHEETS
)
"""The pages of the menu that are offered to whom the rule of their view lets in."""

OF_DRAFTS = frozenset({"proposals.show", "showcase.index", "entries.authors"})
"""The pages that a proposal has before it is submitted."""

OF_PUBLIC = frozenset({"replication.index", "follow_up.own"})
"""The pages that a proposal has once it is public."""

Link = tuple[str, Message, dict[str, Any]]
"""A page that a proposal links to: endpoint, label and values of the address."""


def frame(template: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that the frame of a whole page needs besides the view's own."""
    user = getattr(g, "user", None)
    if user is None or user.edition is None:
        return {"edition_menu": None, "face": site_part("face", only_face)}
    shown: dict[str, Any] = {
        "edition_menu": _edition_menu(user, user.edition),
        "face": face_in(user.edition),
        "guide_for": _guide_for(user),
    }
    if template in LINKED:
        shown["links"] = proposal_links(user, values["proposal"])
    if template == "proposals/show.html":
        shown["appearance"] = _shown_appearance(values["proposal"])
    return shown


def _guide_for(user: User) -> str | None:
    """Return whose guide helps here: that of the role with the most to do, if they have one."""
    return next((role.value for role in Role if role in user.roles), None)


def proposal_links(user: User, proposal: Proposal) -> list[Link]:
    """Return the pages the user can open from a proposal, or none if there is only its own."""
    pages: list[tuple[str, Message, str | None]] = [
        ("proposals.show", N_("Proposal"), None),
        ("screening.eligibility", N_("Eligibility"), None),
        ("sheets.sheet", N_("My desk sheet"), SheetKind.DESK.value),
        ("discussion.index", N_("Discussion"), None),
        ("sheets.sheet", N_("My score sheet"), SheetKind.PRESENTATION.value),
        ("sheets.sheet", N_("My second look"), SECOND_LOOK),
        ("screening.decision", N_("Decision"), None),
        ("awards.feedback", N_("Feedback"), None),
        ("showcase.index", N_("Public part"), None),
        ("entries.authors", N_("Authors"), None),
        ("replication.index", N_("Requests to replicate"), None),
        ("follow_up.own", N_("Afterwards"), None),
    ]
    links: list[Link] = []
    own = _sheet_names(user, proposal)
    for endpoint, label, sheet in pages:
        if proposal.status not in SUBMITTED_ONCE and endpoint not in OF_DRAFTS:
            continue
        if sheet and sheet not in own:
            continue
        if endpoint in OF_PUBLIC and proposal.status not in COMPETING:
            continue
        if sheet or may_open(endpoint, user, edition=user.edition, proposal=proposal):
            values = {"proposal": proposal.number} | ({"sheet": sheet} if sheet else {})
            links.append((endpoint, label, values))
    return links if len(links) > 1 else []


def _edition_menu(user: User, edition: Edition) -> Menu:
    """Return the menu of what the user may open; strangers need no heading above public pages."""
    public = tuple(place for place in map(partial(_named, edition), PUBLIC.places) if place)
    opened = openable(OPENED_BY_RULE, user, edition=edition)
    offered = [group._replace(places=_offered(user, group, opened)) for group in GROUPS]
    groups = *(group for group in offered if group.places), PUBLIC._replace(places=public)
    present = place_of(request.endpoint or "", request.view_args or {})
    return menu(groups, edition.slug, present=_named(edition, present) if present else None)


def _offered(user: User, group: Group, opened: Collection[str]) -> tuple[MenuPlace, ...]:
    """Return the group's places that the user may open; sheets, if they write that kind."""
    return tuple(
        place
        for place in group.places
        if place.endpoint in opened
        or (place.endpoint == SHEETS and user.is_a(WRITER_OF[SheetKind(place.values[0][1])]))
    )


def _named(edition: Edition, place: MenuPlace) -> MenuPlace | None:
    """Return the place with its label; the one of who has entered is named by the edition."""
    if place.endpoint != COVERAGE:
        return place
    return place._replace(label=Message(coverage_name(edition))) if edition.shows_coverage else None


def _sheet_names(user: User, proposal: Proposal) -> set[str]:
    """Return the names of the sheets for the proposal that the user may write."""
    if not user.is_a(*WRITER_OF.values()):
        return set()
    sheets = own_sheets(user.acting, proposal)
    return {sheet.name for sheet in sheets if can_write_sheet(user, sheet)}


def _shown_appearance(proposal: Proposal) -> Appearance | None:
    return appearance_of(proposal) if proposal.status in COMPETING else None
