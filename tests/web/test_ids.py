"""On every page an id names one element, so that each label leads to its own field."""

from collections import Counter
from html.parser import HTMLParser

import pytest

from tests.cast import author_of, chair, unplaced_author
from tests.test_access import VALUES, endpoints, people

pytestmark = pytest.mark.field("empty 12")


class Named(HTMLParser):
    """The ids of a page's elements, and those that its labels and hints name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.meant = [], set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = dict(attributes)
        if found := given.get("id"):
            self.ids.append(found)
        if tag == "label" and "for" in given:
            self.meant.add(given["for"])
        for name in ("aria-describedby", "aria-labelledby"):
            self.meant.update((given.get(name) or "").split())

    @property
    def faults(self) -> list[str]:
        twice = [name for name, count in Counter(self.ids).items() if count > 1]
        return sorted(twice) + sorted(self.meant - set(self.ids))


def test_a_fault_is_seen():
    assert Named('<p id="a"></p><i id="a"></i><label for="b"></label>').faults == ["a", "b"]


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("draft", author_of(1)),
        ("screening", "sekretariat"),
        ("picking", "admin"),
        ("picking", unplaced_author),
        ("scoring", chair),
    ],
)
def test_on_every_page_an_id_names_one_element(make_app, browse, moment, who):
    app = make_app(moment)
    known, browser = VALUES | people(app), browse(app, who)
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        paths = {
            endpoint: app.url_for(endpoint, _external=False, **arguments_of(app, endpoint, known))
            for method, endpoint in sorted(endpoints(app))
            if method == "GET"
        }
    found = {}
    for endpoint, path in paths.items():
        answer = browser.get(path)
        if answer.content_type == "text/html" and (faults := Named(answer.text).faults):
            found[endpoint] = faults
    assert found == {}


def arguments_of(app, endpoint: str, known: dict) -> dict:
    """The values that the address of an endpoint takes."""
    rule = next(each for each in app.url_map.iter_rules(endpoint) if "GET" in each.methods)
    return {name: known[name] for name in rule.arguments}


def test_the_label_of_each_form_of_an_organisation_leads_to_its_own_field(make_app, browse):
    admin = browse(make_app("draft"), "admin")
    edition = admin.form("/organisations/1", "/editions")
    agency = admin.form("/organisations/1", "/agencies")
    assert edition["name"].id != agency["name"].id


def test_forms_that_were_refused_keep_ids_apart(make_app, browse):
    admin = browse(make_app("draft"), "admin")
    for place, action in (
        ("/organisations/1", "/editions"),
        ("/organisations/1", "/agencies"),
        ("/profile", "/profile/password"),
        ("/profile", "/profile/email"),
    ):
        refused = admin.fill(place, action)
        assert refused.status_code == 422
        assert Named(refused.text).faults == []
