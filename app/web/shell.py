"""What the frame of every page needs: assets, the demo's clock, the present page, form details."""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import gettext
from jinja2 import Template
from jinja2.utils import urlize
from markupsafe import Markup

from app import clock
from app.web import pictures
from app.web.language import language
from app.web.pages import MOST_AT_ONCE
from app.web.seen import seen_field
from app.web.shared import csrf_value
from app.web.templates import speak
from app.workflow import N_, Status

HTMX_CONFIG = json.dumps(
    {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "selfRequestsOnly": True,
        "timeout": 15000,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "(409|422)", "swap": True, "error": False},
            {"code": "...", "swap": False, "error": True},
        ],
    }
)

STATUS_COLOURS = {
    Status.DRAFT: "neutral",
    Status.SUBMITTED: "info",
    Status.RETURNED: "warning",
    Status.INELIGIBLE: "danger",
    Status.ELIGIBLE: "info",
    Status.FINALIST: "success",
    Status.RESERVE: "warning",
    Status.NOT_SELECTED: "neutral",
    Status.PRESENTED: "success",
    Status.WITHDRAWN: "neutral",
    Status.DISQUALIFIED: "danger",
}


WRITTEN = "id"
"""The language of proposals, comments and reasons."""

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

PART_LABELS = {
    "categories": N_("Categories"),
    "eligibility_items": N_("Eligibility checklist"),
    "documents": N_("Documents"),
    "sections": N_("Form"),
    "criteria": N_("Criteria"),
    "rooms": N_("Rooms"),
    "breaks": N_("Breaks"),
    "award_categories": N_("Awards"),
    "days": N_("Presentation days"),
}


SCRIPT_TEXTS = {
    "refused": N_("Not saved: the server did not accept it. What you typed is kept here."),
    "trying": N_("Not saved yet, still trying. What you typed is kept on this device."),
    "unsaved": N_("Not saved: no connection. What you typed is kept here."),
    "leaving-one": N_(
        "One form contains text that is not saved: %(titles)s. Sign out and lose it?"
    ),
    "leaving-many": N_(
        "%(count)s forms contain text that is not saved: %(titles)s. Sign out and lose it?"
    ),
}
"""What scripts say, by the name of the attribute in which they find it."""


class Nobody:
    """The user while nothing is known about them yet, as on an error page."""

    person = None
    edition = None
    memberships = ()


def init_app(app: Flask) -> None:
    """Give every template what the frame needs."""
    app.jinja_env.globals |= {
        "HTMX_CONFIG": HTMX_CONFIG,
        "assets": assets,
        "asset": partial(asset, str(app.static_folder), str(app.static_url_path)),
        "csrf_field": csrf_field,
        "seen_field": seen_field,
        "status_tag": status_tag,
        "current": current,
        "options": options,
        "pictures": pictures,
        "here": here,
        "MOST_AT_ONCE": MOST_AT_ONCE,
        "swapping": swapping,
        "aria": aria,
        "flat_errors": flat_errors,
        "PART_LABELS": PART_LABELS,
        "ZONES": ZONES,
    }

    app.jinja_env.filters["linked"] = linked
    speak(app, {"as_written": as_written_in, "texts_for_scripts": texts_for_scripts})

    @app.context_processor
    def frame() -> dict[str, Any]:
        now = clock.now()
        return {
            "user": getattr(g, "user", Nobody),
            "opened_at": now,
            "demo_now": now if clock.is_shifted() else None,
        }


def asset(folder: str, base: str, name: str) -> str:
    """Return the address of a static file; it changes with the content, so browsers may keep it."""
    return request.script_root + _static_path(folder, base, name)


def assets() -> Markup:
    """Return the links to what every page loads."""
    return _assets(current_app.jinja_env.get_template("_assets.html"), request.script_root)


def texts_for_scripts(_spoken: str) -> Markup:
    """Return the attributes in which scripts find what they say, with `{name}` for what varies."""
    places = {"titles": "{titles}", "count": "{count}"}
    attribute = Markup('data-{}="{}"')
    return Markup(" ").join(
        attribute.format(name, gettext(text, **places) if "%(" in text else gettext(text))
        for name, text in SCRIPT_TEXTS.items()
    )


@lru_cache(maxsize=1_000)
def linked(text: str) -> Markup:
    """Return what many pages say, with its addresses as links: it is looked through once."""
    return Markup(urlize(text, rel="noopener"))  # noqa: S704 -- `urlize` escapes


def status_tag(status: Status) -> Markup:
    """Return a tag with a proposal's status, as a word and a colour."""
    return _status_tag(status, language())


def as_written(thing: object = None, field: str = "name") -> Markup:
    """Return the attribute of what people wrote: Indonesian, whatever the page's language.

    A `thing` with two languages needs none where its `field` is written in English too.
    """
    return as_written_in(language(), thing, field)


def as_written_in(spoken: str, thing: object = None, field: str = "name") -> Markup:
    """Return what `as_written` does, on a page in the language `spoken`."""
    is_english = bool(getattr(thing, f"{field}_en", None))
    if spoken == WRITTEN or is_english:
        return Markup("")
    return Markup(' lang="{}"').format(WRITTEN)


def csrf_field() -> Markup:
    """Return the hidden field that a form needs to be accepted, if its page is the reader's own."""
    return _csrf_field(csrf_value())


def current(endpoint: str) -> Markup:
    """Return the attribute that marks the link to the present page, empty for other pages."""
    return Markup('aria-current="page"') if request.endpoint == endpoint else Markup("")


def options(choices: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """Return the options of a select: value and label, each label a message."""
    return _options(tuple(choices), chosen, language())


def swapping(url: str, target: str | None) -> Markup:
    """Return the attributes with which HTMX loads a link into the element `target`, if any."""
    if target is None:
        return Markup("")
    return Markup('hx-get="{}" hx-target="#{}" hx-swap="outerHTML" hx-push-url="true"').format(
        url, target
    )


def here() -> str:
    """Return the path of the present page, to come back to."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    host = request.host_url.rstrip("/")
    came_from = request.referrer or ""
    return came_from.removeprefix(host) if came_from.startswith(f"{host}/") else "/"


def aria(field: Any, described: str) -> dict[str, str]:  # noqa: ANN401 -- any WTForms field
    """Return the attributes that tell a screen reader about a field's hint and error."""
    attributes = {"aria-describedby": described.strip()} if described.strip() else {}
    return attributes | ({"aria-invalid": "true"} if field.errors else {})


def flat_errors(errors: Any) -> list[str]:  # noqa: ANN401 -- WTForms nests lists and dictionaries
    """Return the messages of a field, including those of the rows and fields within it."""
    if isinstance(errors, dict):
        return [text for nested in errors.values() for text in flat_errors(nested)]
    if isinstance(errors, (list, tuple)):
        return list(dict.fromkeys(text for nested in errors for text in flat_errors(nested)))
    return [str(errors)]


@lru_cache(maxsize=2_000)
def _options(choices: tuple[tuple[str, str], ...], chosen: str, _language: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    return Markup("").join(
        option.format(value, Markup(" selected") if value == chosen else "", gettext(label))
        for value, label in choices
    )


@lru_cache(maxsize=100)
def _csrf_field(token: str) -> Markup:
    field = Markup('<input type="hidden" name="csrf_token" value="%s">')
    return field % token if token else Markup()


@lru_cache
def _assets(template: Template, _base: str) -> Markup:
    return Markup(template.render())  # noqa: S704 -- a template escapes


@lru_cache
def _status_tag(status: Status, _language: str) -> Markup:
    return Markup('<span class="ds-tag" data-color="{}">{}</span>').format(
        STATUS_COLOURS[status], gettext(status.label)
    )


@lru_cache
def _static_path(folder: str, base: str, name: str) -> str:
    version = hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]
    return f"{base}/{name}?v={version}"
