"""Rendering: a whole page, or the partial that HTMX asked for; lists by the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from htmx_flask import Htmx
from sqlalchemy import Select, func

from app.database import db

T = TypeVar("T")

PAGE_SIZE = 25
LAST_PAGE = 100_000

htmx = Htmx()

Frame = Callable[[str, dict[str, Any]], dict[str, Any]]
"""What a page shows around the values of its view, given both the template and the values."""


def init_app(app: Flask, *, frame: Frame) -> None:
    """Let `frame` say what stands around every whole page."""
    htmx.init_app(app)
    app.extensions["frame"] = frame


def page(template: str, status: int = 200, /, **values: Any) -> ResponseReturnValue:
    """Render a whole page, or a template that HTMX asked for by itself."""
    if not wants_partial():
        values |= current_app.extensions["frame"](template, values)
    return render_template(template, **values), status


def page_or_partial(template: str, status: int = 200, /, **values: Any) -> ResponseReturnValue:
    """Render `folder/_name.html` for HTMX and `folder/name.html`, which includes it, otherwise."""
    if not wants_partial():
        return page(template, status, **values)
    folder, _, name = template.rpartition("/")
    response = make_response(render_template(f"{folder}/_{name}", **values), status)
    response.headers["Vary"] = "HX-Request"
    return response


def download(body: bytes, mimetype: str, name: str) -> Response:
    """Return a file that the browser keeps under this (ASCII) name."""
    response = make_response(body)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def wants_partial() -> bool:
    """Tell whether HTMX asked, and for a part of the page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list."""

    items: list[T]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """The place of the page's first item in the whole list, from 1."""
        return (self.number - 1) * PAGE_SIZE + 1


def listing(statement: Select[Any], number: int) -> Listing[Any]:
    """Fetch page `number` (from 1) of what `statement` selects, in two queries."""
    counting = statement.with_only_columns(func.count(), maintain_column_froms=True)
    total = db.session.scalar(counting.order_by(None))
    rows = db.session.scalars(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Listing(items=list(rows.unique()), number=number, total=total or 0)


def paged(rows: Sequence[T], number: int) -> Listing[T]:
    """Return page `number` (from 1) of what is at hand already."""
    first = (number - 1) * PAGE_SIZE
    return Listing(items=list(rows[first : first + PAGE_SIZE]), number=number, total=len(rows))


def day_asked() -> date | None:
    """Return the day asked for in the URL, None where it says nothing sensible."""
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def room_asked() -> int | None:
    """Return the id of the room asked for in the URL (0 for none), None where it names none."""
    return request.args.get("room", type=int)


def page_number(name: str = "page") -> int:
    """Return the page asked for in the URL under this name, 1 where it says nothing sensible."""
    number = request.args.get(name, 1, type=int)
    return min(max(number or 1, 1), LAST_PAGE)
