"""Makes the pictures of the guides from the demo: run by bin/pictures, not with the tests."""

import pytest

from app.dashboard.guides import picture_folder
from app.editions.kinds import SheetKind
from app.web.language import LANGUAGES
from tests.browser.settling import settle
from tests.cast import author_of, chair, drafts, screener, submitted, unplaced_author, unscored
from tests.conftest import E

WIDE, PHONE = (900, 560), (390, 640)


def of_first(numbers, path: str):
    """The path of a page about the first of some proposals."""
    return lambda server: path.format(server.ask(numbers)[0])


PICTURES = [
    ("organisation", "draft", "admin", "/organisations/1", WIDE),
    (
        "draft",
        "draft",
        lambda c: author_of(drafts(c)[0])(c),
        of_first(drafts, E + "/proposals/{}/draft"),
        PHONE,
    ),
    (
        "eligibility",
        "screening",
        screener,
        of_first(submitted, E + "/proposals/{}/eligibility"),
        WIDE,
    ),
    ("arrangement", "picking", "sekretariat", f"{E}/arrangement", WIDE),
    ("slots", "picking", unplaced_author, f"{E}/slots", PHONE),
    ("cockpit", "scoring", "sekretariat", f"{E}/cockpit", WIDE),
    ("day", "scoring", "sekretariat", f"{E}/day", WIDE),
    (
        "sheet",
        "scoring",
        chair,
        of_first(unscored(SheetKind.PRESENTATION), E + "/proposals/{}/sheets/presentation"),
        PHONE,
    ),
    ("trail", "published", "pengamat", f"{E}/audit", WIDE),
]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "moment", "who", "where", "size"), PICTURES, ids=lambda value: str(value)[:12]
)
def test_picture(serve, visit, name, moment, who, where, size):
    server = serve(moment)
    visitor = visit(server, who)
    for language in LANGUAGES:
        visitor.context.add_cookies([{"name": "language", "value": language, "url": visitor.base}])
        page = visitor.open(where(server) if callable(where) else where)
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        settle(page)
        folder = picture_folder(language)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=60)
