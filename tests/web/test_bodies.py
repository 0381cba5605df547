"""What a request may carry: bounded before it is read, and nothing but forms."""

import json

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.web.fields import MOST_IDS
from tests.clients import Browser
from tests.conftest import E
from tests.databases import BASE

MANY = 400_000  # fields, of three bytes each: below the limit on a form's size
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app(make_app):
    return make_app("draft")


def sent(browser: Browser, path: str, body: bytes, kind: str = FORM):
    """Send these bytes as the body."""
    headers = {"Content-Type": kind}
    return browser.client.post(path, body, headers=headers, expect_errors=True)


@pytest.mark.field("security F14")
@pytest.mark.parametrize("path", ["/sign-in", "/password-reset", "/language", "/links/unknown"])
@pytest.mark.parametrize("body", [b"a=" + b"x" * 3_200_000, b"a=1&" * MANY, b"&" * 5_000])
def test_a_form_of_too_many_bytes_or_fields_is_413_to_strangers_too(app, browse, path, body):
    answer = sent(browse(app), path, body)
    assert answer.status_code == 413
    assert "yang tersimpan sebelumnya tetap ada" in answer.text


@pytest.mark.field("security F14")
def test_a_form_whose_size_nobody_announced_is_read_to_the_limit_only(app):
    class Endless:
        """A body sent in pieces, as a chunked one, of 12 MB if anybody reads on."""

        given = 0

        def read(self, size: int = -1) -> bytes:
            part = b"a" * min(65_536 if size < 0 else size, 65_536, 12_000_000 - self.given)
            self.given += len(part)
            return part

    body = Endless()
    builder = EnvironBuilder("/sign-in", BASE, method="POST", content_type=FORM)
    pieces = {"wsgi.input": body, "wsgi.input_terminated": True}
    _, status, _ = run_wsgi_app(app, builder.get_environ() | pieces | {"CONTENT_LENGTH": ""})
    assert status.startswith("413")
    assert body.given <= app.config["MAX_FORM_MEMORY_SIZE"] + 65_536


@pytest.mark.field("security F14")
def test_a_form_in_parts_is_bounded_too(app, browse):
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    answer = sent(
        browse(app), "/sign-in", part * 5_001 + b"--x--", "multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413


@pytest.mark.field("security F13")
@pytest.mark.parametrize("who", [None, "sekretariat"])
@pytest.mark.parametrize(
    "path", ["/sign-in", "/password-reset", "/links/x", "/profile", f"{E}/settings", f"{E}/people"]
)
@pytest.mark.parametrize("body", [5, [1], {"email": 5}, None, "x"])
def test_json_is_415_for_everybody(app, browse, who, path, body):
    browser = browse(app, who)
    assert sent(browser, path, json.dumps(body).encode(), "application/json").status_code == 415


@pytest.mark.field("security F13")
@pytest.mark.parametrize("kind", ["text/plain", "application/vnd.api+json", "text/xml", "x"])
def test_no_other_body_than_a_form_is_taken(app, browse, kind):
    assert sent(browse(app, "sekretariat"), f"{E}/settings", b"5", kind).status_code == 415


@pytest.mark.field("security F13")
def test_another_method_with_a_body_stays_405(app):
    answer = app.test_client().open(
        "/sign-in",
        method="REPORT",
        data="<x/>",
        content_type="text/xml",
        base_url=BASE,
    )
    assert answer.status_code == 405


@pytest.mark.field("security F22")
@pytest.mark.parametrize("path", ["tabulation/preview", "proposals/drafts/reminder"])
def test_seventy_thousand_boxes_are_413(app, browse, path):
    organiser = browse(app, "sekretariat")
    answer = organiser.post(f"{E}/{path}", {"proposal": [str(n) for n in range(70_000)]})
    assert answer.status_code == 413


@pytest.mark.field("security F22")
def test_a_list_of_numbers_in_one_field_is_bounded_too(app, browse):
    numbers = ",".join(map(str, range(1, MOST_IDS + 2)))
    answer = browse(app, "sekretariat").post(f"{E}/tabulation/decisions", {"numbers": numbers})
    assert answer.status_code == 413


def test_a_page_that_only_takes_forms_knows_its_reader(app, browse):
    answer = browse(app, "sekretariat").get("/language")
    assert answer.status_code == 405
    assert "Keluar" in answer.html.select_one("header").text


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("proposals/drafts/reminder", "proposals/drafts"),
        ("day/delay", "day"),
        ("proposals/1/arrival/removal", "proposals/1/arrival"),
        ("assignment/rule/sheets", "assignment"),
    ],
)
def test_a_page_asked_of_what_only_takes_forms_is_the_next_one_above(app, browse, form, page):
    answer = browse(app, "sekretariat").get(f"{E}/{form}")
    assert (answer.status_code, answer.location) == (302, f"{E}/{page}")


def test_whoever_may_not_see_the_page_above_does_not_see_it_so_either(app, browse):
    stranger = browse(app).get(f"{E}/day/delay")
    assert browse(app).get(stranger.location).status_code == 302  # to the page for signing in
    assert browse(app, "inovator-01").get(f"{E}/day").status_code == 403


def test_only_a_page_is_led_on(app):
    client = app.test_client()
    for method in ("PUT", "DELETE", "HEAD"):
        assert client.open(f"{E}/day/delay", method=method, base_url=BASE).status_code == 405
