"""On a phone the column that a list is read for is in view before anybody scrolls inside it."""

import pytest

from tests.browser.conftest import PHONE
from tests.cast import chair
from tests.conftest import E

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
]


@pytest.mark.parametrize(
    ("moment", "who", "pages"),
    [
        (
            "screening",
            "sekretariat",
            {"people": ("Peran", "Tindakan"), "proposals": ("Status",), "mail": ("Pengiriman",)},
        ),
        (
            "picking",
            "sekretariat",
            {"tabulation": ("Rata-rata",)},
        ),
        ("plenary", chair, {"ranking": ("Nilai akhir",), "scoring": ("Lembar penilaian",)}),
    ],
)
def test_what_a_list_is_read_for_is_in_view_on_a_phone(serve, visit, moment, who, pages):
    visitor = visit(serve(moment), who, width=PHONE)
    for path, columns in pages.items():
        page = visitor.open(f"{E}/{path}")
        region = page.locator(".scroll").first.bounding_box()
        for column in columns:
            head = page.locator("th", has_text=column).first.bounding_box()
            assert head["x"] + head["width"] <= region["x"] + region["width"], (path, column)
