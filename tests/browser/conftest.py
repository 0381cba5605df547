"""Visitors with a browser: each page reports console errors and violations of the CSP."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

REPORT = """document.addEventListener('securitypolicyviolation',
    event => console.error('CSP', event.blockedURI, event.violatedDirective))"""
WIDE, PHONE = 1280, 360


class Visitor:
    """Somebody with a browser; their complaints are what the console said."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        context.add_init_script(REPORT)
        self.base, self.context = base, context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.accept = lambda dialog: dialog.accept()
        self.page.on("dialog", self.accept)

    def _note(self, message: object) -> None:
        # Chromium reports every answer of 4xx as an error; refusals are asserted elsewhere.
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
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
        """Press a button by its name and wait for the next page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a browser window on a server."""
    visitors = []

    def opened(server: object, name: str | None = None, **options: object) -> Visitor:
        options.setdefault("viewport", {"width": options.pop("width", WIDE), "height": 800})
        context = chromium.new_context(locale="id-ID", reduced_motion="reduce", **options)
        visitor = Visitor(context, server.base)
        visitors.append(visitor)
        visitor.identity = server.identity  # a visitor can be named in place of their server
        return visitor.sign_in(server.identity(name).cookie) if name else visitor

    yield opened
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
