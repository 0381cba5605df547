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
        table = page.locator(".scroll").first
        region = table.bounding_box()
        heads = table.locator("thead th").all_text_contents()
        row = table.locator("tbody tr").first.locator("> *")
        for column in columns:
            place = next(place for place, head in enumerate(heads) if column in head)
            cell = row.nth(place).bounding_box()
            assert cell["width"] > 0, (path, column)
            assert cell["x"] + cell["width"] <= region["x"] + region["width"], (path, column)
