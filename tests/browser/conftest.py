"""Visitors with a browser: each page reports console errors and violations of the CSP."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    Response,
    Route,
    expect,
)

from tests.browser.settling import PATIENCE, settle
from tests.cast import Part

REPORT = """document.addEventListener('securitypolicyviolation',
    event => console.error('CSP', event.blockedURI, event.violatedDirective))"""
LOST = re.compile("ERR_(INTERNET_DISCONNECTED|FAILED)|htmx:(afterRequest|sendError)")
WIDE, PHONE = 1280, 360

expect.set_options(timeout=PATIENCE)


class Visitor:
    """Somebody with a browser; their complaints are what the console said."""

    def __init__(self, context: BrowserContext, base: str, *, runs_scripts: bool) -> None:
        context.add_init_script(REPORT)
        self.base, self.context, self.runs_scripts = base, context, runs_scripts
        self.complaints: list[str] = []
        self.questions: list[str] = []
        self._take(context.new_page())

    def _take(self, page: Page) -> None:
        self.page = page
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self.accept)

    def accept(self, dialog: Dialog) -> None:
        """Say yes to a question."""
        self.questions.append(dialog.message)
        dialog.accept()

    def _note(self, message: object) -> None:
        # Chromium reports every answer of 4xx as an error; refusals are asserted elsewhere.
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        """Go to a page and wait until it has come to rest."""
        self.page.goto(self.base + path)
        return self._at_rest()

    def _at_rest(self) -> Page:
        if self.runs_scripts:  # nothing moves a page on which no script runs
            settle(self.page)
        return self.page

    def sign_in(self, cookie: str) -> "Visitor":
        """Come with the cookie of a session that has begun: the sign-in page is slow by design."""
        self.context.add_cookies([{"name": "session", "value": cookie, "url": self.base}])
        self.open("/my-work")
        return self

    def post(self, path: str, **fields: str) -> None:
        """Send a form with the token of the present page, which leads on to another page."""
        token = self.page.locator("[name=csrf_token]").first.get_attribute("value")
        form = {"csrf_token": token, **fields}
        answer = self.context.request.post(self.base + path, form=form, max_redirects=0)
        assert answer.status == 302, answer.text()

    def press(self, name: str) -> None:
        """Press a button by its name and wait until the next page has come to rest."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        self._at_rest()

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Lose the connection for a while; what browser and HTMX say of that is no complaint."""
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self.forgive_losses()

    @contextmanager
    def losing_answers(self) -> Iterator[None]:
        """Let what is sent reach the server, and lose the answer on the way back."""

        def lose(route: Route) -> None:
            if route.request.method == "GET":
                route.continue_()
                return
            route.fetch()
            route.abort()

        self.context.route("**/editions/**", lose)
        yield
        self.context.unroute("**/editions/**")
        self.forgive_losses()

    def forgive_losses(self) -> None:
        """Drop the complaints about a connection that the test took away."""
        self.complaints[:] = [words for words in self.complaints if not LOST.search(words)]

    def reopen(self, path: str) -> Page:
        """Close the tab, and open the page in another tab of the same browser."""
        self.page.close()
        self._take(self.context.new_page())
        return self.open(path)

    @contextmanager
    def saves(self, text: str) -> Iterator[None]:
        """Wait for the save by itself that carries this text: an earlier one may be under way."""

        def carries_text(answer: Response) -> bool:
            fields = parse_qsl((answer.request.post_data_buffer or b"").decode())
            return text in dict(fields).values()

        with self.page.expect_response(carries_text) as saved:
            yield
        assert saved.value.status == 200
        settle(self.page)


@pytest.fixture
def serve(live: Callable[..., object]) -> Callable[..., object]:
    """Serve a moment by one process, which starts in half the time of a deployment's two."""
    return partial(live, workers=1)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a browser window on a server."""
    visitors = []

    def opened(server: object, who: str | Part | None = None, **options: object) -> Visitor:
        options.setdefault("viewport", {"width": options.pop("width", WIDE), "height": 800})
        options.setdefault("reduced_motion", "reduce")
        context = chromium.new_context(locale="id-ID", **options)
        runs_scripts = options.get("java_script_enabled", True)
        visitor = Visitor(context, server.base, runs_scripts=runs_scripts)
        visitors.append(visitor)
        return visitor.sign_in(server.identity(who).cookie) if who else visitor

    yield opened
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
