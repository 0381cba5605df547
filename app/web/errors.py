"""Refusals and failures as pages: what happened, what was kept, what to do."""

from http import HTTPStatus
from typing import Any

from flask import Flask, g, make_response, redirect, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.database import db
from app.web.access import ask_to_sign_in, know_reader, may_open
from app.web.keeping import typed_entries
from app.web.language import said
from app.web.pages import page, wants_partial
from app.workflow import N_, Damaged, DomainError, Message, NotAllowedNow, Overtaken
from app.writers import TooBusy

SOON = 30  # seconds after which a program may try again

STRANGERS = {
    "accounts.open_session",
    "accounts.ask_reset",
    "accounts.use_link",
    "accounts.use_email_link",
    "accounts.language",
    "replication.ask",
    "replication.confirm",
    "replication.withdraw",
    "replies.answer_invitation",
    "recount.verify",
}
"""What people do who aren't signed in: their form that was open too long asks for no sign-in."""
TEXTS = {
    400: (N_("This request could not be read"), N_("Nothing was changed. Go back and try again.")),
    403: (
        N_("You don't have access to this page"),
        N_("Your roles don't include this page. The organiser can tell you who may use it."),
    ),
    404: (
        N_("Page not found"),
        N_("The address is wrong, or you don't have access to this page."),
    ),
    405: (N_("This can't be done that way"), N_("Nothing was changed. Go back and try again.")),
    409: (N_("This can't be done now"), N_("Nothing was changed by this attempt.")),
    413: (
        N_("What you sent is too large"),
        N_(
            "Nothing was changed; everything saved before is still there. Choose a smaller "
            "file, or send less at once."
        ),
    ),
    422: (N_("This can't be done"), N_("Nothing was changed by this attempt.")),
    503: (
        N_("The site is busy at the moment"),
        N_(
            "What you sent was not saved, because another task is taking very long; everything "
            "saved before is still there. Try again in a minute."
        ),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_("What you sent was not saved; everything saved before is still there. Try again soon."),
    ),
}

DAMAGED = (N_("This file is damaged"), N_("Everything else is unaffected."))


def init_app(app: Flask) -> None:
    """Register a handler for each kind of refusal."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(Damaged, _damaged)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(TooBusy, _busy)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(HTTPException, _http)


def explain(error: DomainError) -> str:
    """Return the refusal's message in the reader's language."""
    return said(error.message, error.values)


def refuse(form: Any, error: DomainError) -> int:  # noqa: ANN401 -- any WTForms form
    """Put the refusal into the form, which keeps what was typed; return the answer's status.

    Whatever the action had changed is undone.
    """
    db.session.rollback()
    form.form_errors.append(explain(error))
    return status_of(error)


def status_of(error: DomainError) -> int:
    """Return 409 for the wrong moment, 422 for the wrong content."""
    return 409 if isinstance(error, NotAllowedNow) else 422


def _refused(error: DomainError) -> ResponseReturnValue:
    return _answer(status_of(error), explain(error), remedy=_remedy_url(error.remedy))


def _remedy_url(endpoint: str) -> str:
    """Return the address of the edition's page, empty if this user may not open it."""
    user = g.get("user")
    edition = getattr(user, "edition", None)
    if not endpoint or edition is None or not may_open(endpoint, user, edition=edition):
        return ""
    return url_for(endpoint, edition=edition.slug)


def _damaged(error: Damaged) -> ResponseReturnValue:
    return _shown(500, DAMAGED, explain(error))


def _overtaken(_error: StaleDataError) -> ResponseReturnValue:
    return _refused(Overtaken(N_("Someone changed this just before you. Open it again.")))


def _busy(_error: TooBusy) -> ResponseReturnValue:
    response = make_response(_answer(HTTPStatus.SERVICE_UNAVAILABLE, ""))
    response.headers["Retry-After"] = str(SOON)
    return response


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    if not current_user.is_authenticated and request.endpoint not in STRANGERS:
        return ask_to_sign_in()
    return _answer(
        400,
        gettext("The form was open for too long, or belongs to another session. Open it again."),
    )


def _unknown_host(error: SecurityError) -> ResponseReturnValue:
    """Answer without a page: its links would need the host name that was refused."""
    return str(error.description), 400, {"Content-Type": "text/plain"}


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, InternalServerError) and error.original_exception:
        g.pop("user", None)  # the frame without its navigation, which may be what failed
    if error.response is not None:
        return error.response
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED and (page := _page_above()):
        return redirect(page)
    if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        know_reader()
    return _answer(error.code or 500, "")


def _page_above() -> str | None:
    """Return the nearest page above an address that only takes forms, if it was asked for a page.

    A browser asks for it where the last answer was a refused form: when it is opened anew, or its
    language is changed.
    """
    path, urls = request.path, request_ctx.url_adapter
    while request.method == "GET" and urls and (path := path.rpartition("/")[0]):
        if urls.test(path, "GET"):
            return f"{request.script_root}/{path.lstrip('/')}"  # never another host
    return None


def _answer(status: int, message: str, *, remedy: str = "") -> ResponseReturnValue:
    texts = TEXTS.get(status, TEXTS[500 if status >= 500 else 400])  # noqa: PLR2004 -- HTTP's classes
    return _shown(status, texts, message, remedy=remedy)


def _shown(
    status: int, texts: tuple[Message, Message], message: str, *, remedy: str = ""
) -> ResponseReturnValue:
    title, text = texts
    template = "errors/_notice.html" if wants_partial() else "errors/page.html"
    values = {"title": gettext(title), "text": gettext(text), "message": message}
    values["remedy"] = remedy
    values["failure"] = g.get("failure", "")
    is_readable = status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    typed = typed_entries() if is_readable and not wants_partial() else []
    response = make_response(page(template, status, **values, typed=typed))
    if wants_partial():
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
