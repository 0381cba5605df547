"""Elements that stand only where HTML lets them: what browsers mend in silence, each in its way."""

import pytest

from tests.conftest import E

PAGES = [
    *("arrangement", "cockpit", "slots", "day", "plenary", "ranking", "tabulation", "screening"),
    *("proposals/1/eligibility", "proposals/1/decision", "conflicts", "people", "scoring"),
    *("settings", "settings/criteria", "windows", "audit", "schedule/plan", "proposals/drafts"),
]


@pytest.mark.parametrize("moment", ["screening", "picking", "scoring"])
def test_forms_stand_in_no_line_of_text_and_legends_come_first(make_app, browse, moment):
    organiser = browse(make_app(moment), "sekretariat")
    pages = {path: organiser.get(f"{E}/{path}") for path in PAGES}
    assert {path for path, page in pages.items() if page.status_code != 200} == set()
    inside = {path: page.html.select("span form, p form, p div") for path, page in pages.items()}
    assert {path: len(found) for path, found in inside.items() if found} == {}
    legends = {path: page.html.select("fieldset > legend") for path, page in pages.items()}
    assert any(legends.values())
    late = {
        path: [legend.text for legend in found if legend.find_previous_sibling() is not None]
        for path, found in legends.items()
    }
    assert {path: found for path, found in late.items() if found} == {}
