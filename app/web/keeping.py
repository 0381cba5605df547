"""What people typed: shown again where it was refused, and told to their browser once it is taken.

A browser keeps what somebody types under the address of its form (static/keeping.js) and sends that
address along, as `kept`. The page after the one that took the form names it, as a flashed message
would be shown, so that the browser forgets it.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, flash, g, get_flashed_messages, request
from flask_babel import gettext
from wtforms import Field, FieldList, FormField
from wtforms.widgets import TextArea

from app.workflow import N_

TAKEN = "taken"
EVERYTHING = "*"
LONGEST_ADDRESS = 300
PRIVATE = frozenset({"accounts"})
"""The blueprints whose forms hold passwords: what was typed there is never shown again."""

UNWRITTEN = frozenset({"csrf_token", "kept", "next", "touched", "version"})
ONE_LINE = frozenset({"text", "email", "url", "tel", "number", "date", "datetime-local", "time"})
LABELS = {
    "comment": N_("Overall comment"),
    "letter": N_("Text of the letter"),
    "note": N_("Note"),
    "reason": N_("Reason"),
    "score": N_("Score 0–100"),
    "text": N_("Your remark"),
    "tie_reason": N_("Reason given by the plenary"),
    "title": N_("Title"),
}
"""What is written in fields, by the beginning of their names, where no form says it."""


@dataclass(frozen=True)
class TypedField:
    """A text that somebody typed, with the label of its field."""

    label: str
    text: str


def init_app(app: Flask) -> None:
    """Tell browsers what they may forget, and whose what they keep is."""
    app.jinja_env.globals |= {"reader_key": reader_key, "forms_taken": forms_taken}

    @app.after_request
    def acknowledge(response: Response) -> Response:
        is_taken = response.status_code < HTTPStatus.BAD_REQUEST and _person() is not None
        if request.method == "POST" and is_taken:
            _acknowledge(request.form.get("kept", ""))
        return response


def reader_key() -> str:
    """Return an opaque name of who is signed in, empty for a stranger."""
    person = _person()
    if person is None:
        return ""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"reader {person.id}".encode(), hashlib.sha256).hexdigest()[:16]


def forget_everything() -> None:
    """Tell the browser to forget all that it keeps, because its user signs out."""
    flash(EVERYTHING, TAKEN)


def forms_taken() -> str:
    """Return the addresses of the forms that were taken since the last page, between spaces."""
    return " ".join(str(address) for address in get_flashed_messages(category_filter=[TAKEN]))


def remember_form(form: Any) -> None:  # noqa: ANN401 -- any WTForms form
    """Remember which form reads the request: its labels name what was typed."""
    g.setdefault("read_by", form)


def typed_entries() -> list[TypedField]:
    """Return the texts that the request carries, in the order of its fields."""
    if request.method != "POST" or request.blueprint in PRIVATE:
        return []
    known = {field.name: field for field in _fields(g.get("read_by") or ())}
    return [
        TypedField(_label(name, known.get(name)), text)
        for name, texts in request.form.lists()
        for text in texts
        if text.strip() and _is_written(name, known.get(name), text)
    ]


def _person() -> Any:  # noqa: ANN401 -- this layer knows no person
    return getattr(g.get("user"), "person", None)


def _acknowledge(address: str) -> None:
    is_path = address.startswith("/") and address.isprintable() and " " not in address
    if is_path and len(address) <= LONGEST_ADDRESS and not request.headers.get("HX-Request"):
        flash(address, TAKEN)


def _fields(fields: Any) -> Iterator[Field]:  # noqa: ANN401 -- a form, or a field that holds others
    for field in fields:
        if isinstance(field, (FieldList, FormField)):
            yield from _fields(field)
        else:
            yield field


def _is_written(name: str, field: Field | None, text: str) -> bool:
    """Return whether somebody wrote the text, rather than chose it or never saw it."""
    if name in UNWRITTEN:
        return False
    if field is None:
        return _stem(name) in LABELS or len(text.split()) > 1
    widget = field.widget
    return isinstance(widget, TextArea) or getattr(widget, "input_type", None) in ONE_LINE


def _label(name: str, field: Field | None) -> str:
    if field is not None:
        return str(field.label.text)
    return gettext(LABELS[_stem(name)]) if _stem(name) in LABELS else name


def _stem(name: str) -> str:
    """Return a field's name without the numbers of what it is about: `note` of `note_12`."""
    return name.rstrip("0123456789_")
