"""Clients without JavaScript: they sign in, read pages, and fill in and send the forms on them."""

from http.cookiejar import Cookie
from typing import Self
from urllib.parse import urljoin, urlsplit

import webtest
from flask import Flask

from app.database import db
from tests.cast import Part
from tests.databases import BASE
from tests.sessions import identity, values_of, with_token

HOST = BASE.removeprefix("http://")
COOKIE, ADDRESS = "session", HOST.partition(":")[0]
APART = frozenset({"csrf_token", "next"})

Page = webtest.TestResponse
Values = dict[str, str | list[str]]


class Browser:
    """Somebody's browser on an application.

    What a page offers is sent by its form: `fill` does it in one step, `form` hands it out. `post`
    sends anything anywhere, as who means harm would, with the token that the session's forms carry.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = webtest.TestApp(app, extra_environ={"HTTP_HOST": HOST}, lint=False)

    def sign_in(self, who: str | Part) -> Self:
        """Sign in without the sign-in page."""
        with self.app.app_context():
            self.cookie = identity(db.engine, who).cookie
        return self

    def get(self, path: str, headers: dict[str, str] | None = None) -> Page:
        return self.client.get(path, headers=headers, expect_errors=True)

    def form(self, path: str, action: str | None = None) -> webtest.Form:
        """The form of a page: see `form_of`."""
        return form_of(self.get(path), action)

    def fill(self, path: str, action: str | None = None, **values: object) -> Page:
        """Open a page, fill in its form and send it."""
        form = self.form(path, action)
        for name, value in values.items():
            form[name] = value
        return send(form)

    def post(
        self,
        path: str,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Send these fields and files, whatever a page offers."""
        holds = with_token(self.session)
        self.cookie = holds.cookie
        return self.client.post(
            path,
            {"csrf_token": holds.token} | (data or {}),
            headers=headers,
            upload_files=[(name, *file) for name, file in (files or {}).items()] or None,
            expect_errors=True,
        )

    @property
    def cookie(self) -> str:
        """The cookie of the session; setting it comes with another's, or with none."""
        return next((each.value or "" for each in self.client.cookiejar if each.name == COOKIE), "")

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.cookiejar.clear()
        if value:
            self.client.cookiejar.set_cookie(session_cookie(value))

    @property
    def session(self) -> dict[str, object]:
        """What the cookie holds."""
        return values_of(self.cookie)


def form_of(page: Page, action: str | None = None) -> webtest.Form:
    """The first form that posts to an address ending in `action`, by default to the page's own."""
    own = page.request.path
    forms = [form for place, form in page.forms.items() if isinstance(place, int)]
    found = [
        form
        for form in forms
        if form.method.upper() == "POST"
        and (target := urlsplit(urljoin(own, form.action)).path)
        and (target == own if action is None else target.endswith(action))
    ]
    assert found, f"{own} posts only to {[form.action for form in forms]}"
    return found[0]


def send(form: webtest.Form, headers: dict[str, str] | None = None) -> Page:
    """Send a form as it is filled in."""
    return form.submit(headers=headers, expect_errors=True)


def names_of(form: webtest.Form, beginning: str) -> list[str]:
    """The names of the form's fields that begin so."""
    return [name for name in form.fields if name and name.startswith(beginning)]


def fields_of(form: webtest.Form) -> Values:
    """What a form would send, by name, several values as a list; to be sent later or changed."""
    found: dict[str, list[str]] = {}
    for name, value in form.submit_fields():
        if name not in APART and isinstance(value, str):
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def session_cookie(value: str) -> Cookie:
    return Cookie(
        version=0,
        name=COOKIE,
        value=value,
        port=None,
        port_specified=False,
        domain=ADDRESS,
        domain_specified=False,
        domain_initial_dot=False,
        path="/",
        path_specified=True,
        secure=False,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={},
    )
