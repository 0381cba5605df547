"""Every page in Chromium: axe (WCAG 2.2 AA) in light and dark, and no page wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE
from tests.browser.situations import SITUATIONS
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PUBLIC = [
    "/",
    E,
    *(
        f"{E}/{name}"
        for name in ("schedule", "innovations", "innovations/1", "results", "agencies")
    ),
]
PAGES = [
    ("picking", None, [*PUBLIC, "/sign-in", "/password-reset", "/links/unknown", "/nowhere"]),
    ("published", None, [f"{E}/results", f"{E}/innovations/1"]),
    ("published", "inovator-01", [f"{E}/proposals/1/feedback"]),
    (
        "draft",
        "inovator-03",
        [
            "/my-work",
            "/profile",
            *(
                f"{E}/{p}"
                for p in (
                    "proposals",
                    "proposals/3",
                    "proposals/3/draft",
                    "proposals/3/documents",
                    "proposals/3/authors",
                    "proposals/3/submission",
                    "proposals/3/withdrawal",
                    "calendar",
                )
            ),
        ],
    ),
    ("picking", "inovator-27", [f"{E}/slots"]),
    ("screening", "inovator-02", ["/my-work", f"{E}/proposals/entries", f"{E}/proposals/2"]),
    (
        "screening",
        "verifikator-1",
        [
            "/my-work",
            *(
                f"{E}/{p}"
                for p in ("screening", "proposals/1/eligibility", "sheets/desk", "conflicts")
            ),
        ],
    ),
    (
        "screening",
        "sekretariat",
        [
            f"{E}/{p}"
            for p in (
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
            )
        ],
    ),
    (
        "scoring",
        "juri-4",
        [
            "/my-work",
            *(
                f"{E}/{p}"
                for p in (
                    "sheets/presentation",
                    "proposals/27/sheets/presentation",
                    "proposals/27/conflict",
                    "proposals/1/reopening",
                    "scoring",
                    "ranking",
                    "plenary",
                )
            ),
        ],
    ),
    ("draft", "sekretariat", [f"{E}/proposals/drafts"]),
    ("plenary", "sekretariat", [f"{E}/{p}" for p in ("ranking", "plenary", "scoring", "slots")]),
    (
        "screening",
        "pengamat",
        [
            f"{E}/{p}"
            for p in ("screening", "proposals/1/eligibility", "proposals/1/decision", "plenary")
        ],
    ),
    ("plenary", "juri-5", [f"{E}/ranking"]),
    ("draft", "admin", ["/organisations", "/organisations/1", "/organisations/1/agencies/12"]),
]


@pytest.mark.parametrize(("moment", "name", "paths"), PAGES)
def test_pages_pass_axe_in_light_and_dark_and_fit_a_phone(live, visit, moment, name, paths):
    assert faults(visit, live(moment), name, paths) == {}


@pytest.mark.parametrize(("moment", "name", "bring_about"), SITUATIONS)
def test_a_schedule_half_way_passes_axe_and_fits_a_phone(live, visit, moment, name, bring_about):
    server = live(moment)
    paths = bring_about(server, visit)
    assert faults(visit, server, name, paths) == {}


def faults(visit, server, name, paths) -> dict:
    """What axe finds, by colour scheme and path, and which pages are wider than a phone."""
    found = {}
    for scheme in ("light", "dark"):
        visitor = visit(server, name, color_scheme=scheme)
        for path in paths:
            page = opened(visitor, path)
            result = Axe().run(page, options=RULES)
            if result.violations_count:
                found[scheme, path] = [
                    (v["id"], [n["html"][:120] for n in v["nodes"]][:3])
                    for v in result.response["violations"]
                ]
    narrow = visit(server, name, width=PHONE)
    for path in paths:
        if opened(narrow, path).evaluate(IS_TOO_WIDE):
            found[PHONE, path] = "wider than the phone"
    return found


def opened(visitor, path):
    """The page with everything unfolded."""
    page = visitor.open(path)
    assert page.title().endswith("– Ajang"), page.title()
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    return page
