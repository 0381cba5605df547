"""Every page in Chromium: axe (WCAG 2.2 AA) in light and dark, and no page wider than a phone."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import PHONE, WIDE
from tests.browser.settling import hold, settle, unfold
from tests.browser.situations import SITUATIONS
from tests.conftest import E

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

HEIGHT = 800
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PUBLIC = [
    "/",
    E,
    *(
        f"{E}/{name}"
        for name in ("schedule", "innovations", "innovations/1", "results", "agencies")
    ),
]
PAGES = {
    "screening": {
        "sekretariat": [
            f"{E}/{page}"
            for page in (
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
        "verifikator-1": [
            "/my-work",
            *(
                f"{E}/{page}"
                for page in ("screening", "proposals/1/eligibility", "sheets/desk", "conflicts")
            ),
        ],
        "inovator-02": ["/my-work", f"{E}/proposals/entries", f"{E}/proposals/2"],
        "pengamat": [
            f"{E}/{page}"
            for page in ("screening", "proposals/1/eligibility", "proposals/1/decision", "plenary")
        ],
    },
    "draft": {
        "inovator-03": [
            "/my-work",
            "/profile",
            *(
                f"{E}/{page}"
                for page in (
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
        "sekretariat": [f"{E}/proposals/drafts"],
        "admin": ["/organisations", "/organisations/1", "/organisations/1/agencies/12"],
    },
    "picking": {
        None: [*PUBLIC, "/sign-in", "/password-reset", "/links/unknown", "/nowhere"],
        "inovator-27": [f"{E}/slots"],
    },
    "scoring": {
        "juri-4": [
            "/my-work",
            *(
                f"{E}/{page}"
                for page in (
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
    },
    "plenary": {
        "sekretariat": [f"{E}/{page}" for page in ("ranking", "plenary", "scoring", "slots")],
        "juri-5": [f"{E}/ranking"],
    },
    "published": {
        None: [f"{E}/results", f"{E}/innovations/1"],
        "inovator-01": [f"{E}/proposals/1/feedback"],
    },
}


@pytest.mark.parametrize("moment", PAGES)
def test_pages_pass_axe_in_light_and_dark_and_fit_a_phone(serve, visit, moment):
    server = serve(moment)
    found = {name: faults(visit(server, name), paths) for name, paths in PAGES[moment].items()}
    assert {name: faulty for name, faulty in found.items() if faulty} == {}


@pytest.mark.parametrize(("moment", "name", "bring_about"), SITUATIONS)
def test_a_schedule_half_way_passes_axe_and_fits_a_phone(serve, visit, moment, name, bring_about):
    server = serve(moment)
    paths = bring_about(server, visit)
    assert faults(visit(server, name), paths) == {}


def faults(visitor, paths) -> dict:
    """What axe finds, by colour scheme and path, and which pages are wider than a phone.

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
    return found


def opened(visitor, path):
    """The page on a wide screen, with everything unfolded."""
    visitor.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    page = visitor.open(path)
    assert page.title().endswith("– Ajang"), page.title()
    hold(page)
    unfold(page)
    return page
