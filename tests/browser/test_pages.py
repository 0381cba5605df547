"""Every page in Chromium: axe (WCAG 2.2 AA) in light and dark, and no page wider than a phone."""

from urllib.parse import urljoin

import pytest

from app.editions.kinds import SheetKind
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, WIDE
from tests.browser.settling import hold, settle, unfold
from tests.browser.situations import SITUATIONS
from tests.browser.targets import crowded
from tests.cast import (
    author_of,
    chair,
    delegate,
    drafts,
    recused_judge,
    scored,
    screener,
    unplaced_author,
    unscored,
    written_by,
)
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

HEIGHT = 800
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


# Who looks at which pages, relative to the edition's, at the moment that the function is named for.


def screening(server) -> dict:
    own = server.ask(written_by(delegate))[0]
    return {
        "sekretariat": [
            "screening",
            "proposals/1/decision",
            "proposals/1/discussion",
            "announcement",
            "tabulation",
            "assignment",
            "pledge",
            "conflicts",
            "exports",
            "imports",
            "people",
            "people/1",
            "settings",
            "settings/criteria",
            "settings/sections",
            "settings/documents",
            "proposals/preview",
            "settings/days",
            "settings/award_categories",
            "windows",
            "mail",
            "mail/1",
            "audit",
        ],
        screener: ["/my-work", "screening", "proposals/1/eligibility", "sheets/desk", "conflicts"],
        delegate: ["/my-work", "proposals/entries", f"proposals/{own}"],
        "pengamat": ["screening", "proposals/1/eligibility", "proposals/1/decision", "plenary"],
    }


def draft(server) -> dict:
    number = server.ask(drafts)[0]
    parts = ("draft", "documents", "authors", "submission", "withdrawal")
    return {
        author_of(number): [
            *("/my-work", "/profile", "proposals", "calendar", f"proposals/{number}"),
            *(f"proposals/{number}/{part}" for part in parts),
        ],
        "sekretariat": ["cockpit", "proposals/drafts", f"proposals/{number}/authors"],
        "admin": [
            *("/organisations", "/organisations/1", "/organisations/1/agencies/12"),
            f"/organisations/1{E}",
        ],
    }


def picking(_server) -> dict:
    strangers = ["/", E, "schedule", "innovations", "innovations/1", "results", "agencies"]
    strangers += ["/sign-in", "/password-reset", "/links/unknown", "/nowhere"]
    inside = ["proposals/1/decision", "tabulation", "proposals/1", "proposals/1/authors"]
    return {None: strangers, unplaced_author: ["slots"], "sekretariat": inside}


def scoring(server) -> dict:
    lists = ("/my-work", "cockpit", "sheets/presentation", "scoring", "ranking", "plenary")
    to_score = f"proposals/{server.ask(unscored(SheetKind.PRESENTATION))[0]}"
    reopening = f"proposals/{server.ask(scored(SheetKind.PRESENTATION))[0]}/reopening"
    return {chair: [*lists, f"{to_score}/sheets/presentation", f"{to_score}/conflict", reopening]}


def plenary(_server) -> dict:
    return {
        "sekretariat": ["ranking", "plenary", "scoring", "slots", "day"],
        recused_judge: ["ranking"],  # which refuses them
    }


def published(_server) -> dict:
    code = "/verification?code=0123456789abcdef"
    everyone = ["/innovations", "/innovations?search=x", "privacy", "accessibility", E]
    after = [
        "branding",
        "follow-up",
        "plenary",
        "plenary/preview",
        "decree",
        "objections",
        "results/recount",
    ]
    papers = ["papers", "papers/stationery", "papers/signatories/new", "papers/rules/minutes"]
    return {
        None: [
            "/",
            "results",
            "innovations/1",
            "innovations/1/replication",
            "results/recount",
            "/verification",
            code,
            *everyone,
        ],
        author_of(1): [
            "proposals/1/public",
            "proposals/1/replication",
            "proposals/1/follow-up",
            "proposals/1/feedback",
            "proposals/1/objection",
            "proposals/1/papers",
        ],
        "sekretariat": [*after, *papers],
        chair: ["sheet-receipt"],
        "admin": ["/erasure", "/erasure?email=juri-1@luwu-utara.example"],
    }


@pytest.mark.parametrize("pages", [screening, draft, picking, scoring, plenary, published])
def test_pages_pass_axe_in_light_and_dark_and_fit_a_phone(serve, visit, pages):
    server = serve(pages.__name__)
    found = {who: faults(visit(server, who), paths) for who, paths in pages(server).items()}
    assert {who: faulty for who, faulty in found.items() if faulty} == {}


@pytest.mark.parametrize(("moment", "who", "bring_about"), SITUATIONS)
def test_a_schedule_half_way_passes_axe_and_fits_a_phone(serve, visit, moment, who, bring_about):
    server = serve(moment)
    paths = bring_about(server, visit)
    assert faults(visit(server, who), paths) == {}


def faults(visitor, paths) -> dict:
    """What axe finds, by colour scheme and path; what is wider than a phone, or missed by a finger.

    Each page is opened once: colours and width follow from style sheets alone, none from a script.
    """
    found = {}
    for path in paths:
        page = opened(visitor, path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settle(page)
            if broken := violations(page):
                found[scheme, path] = broken
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        settle(page)
        if page.evaluate(IS_TOO_WIDE):
            found[PHONE, path] = "wider than the phone"
        if missed := crowded(page):
            found["targets", path] = missed
    return found


def opened(visitor, path):
    """The page on a wide screen, with everything unfolded."""
    visitor.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page = visitor.open(urljoin(f"{E}/", path))
    assert page.title().endswith("– Ajang"), page.title()
    hold(page)
    unfold(page)
    return page
