"""Rendering: a whole page, or the partial that HTMX asked for; lists in pages."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    has_request_context,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_sqlalchemy.pagination import Pagination
from htmx_flask import Htmx
from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from app.database import db

PAGE_SIZE = 30
MOST_AT_ONCE = 500  # rows of a list that is asked for as a whole
LAST_PAGE = 100_000

htmx = Htmx()

Frame = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Returns what a page shows around its view's values, given the template and those values."""


def init_app(app: Flask, *, frame: Frame) -> None:
    """Let `frame` give the values of what surrounds every whole page."""
    htmx.init_app(app)
    app.extensions["frame"] = frame


def page(template: str, status: int = 200, /, **values: Any) -> ResponseReturnValue:
    """Render a whole page, or just the template if HTMX asked for it."""
    if not wants_partial():
        values |= current_app.extensions["frame"](template, values)
    return render_template(template, http_status=status, **values), status


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
    """Return whether HTMX asked for a part of the page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


class _AtHand(Pagination):
    """One page of rows that were already fetched, for which the library wants a subclass."""

    def _query_items(self) -> list[Any]:
        first = self._query_offset
        return list(self._query_args["rows"][first : first + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["rows"])


class _Counted(Pagination):
    """One page of what a statement selects, fetched with how many there are in all."""

    def _query_items(self) -> list[Any]:
        statement: Select[Any] = self._query_args["statement"]
        every = statement.options(lazyload("*")).order_by(None).subquery()
        self._count = select(func.count()).select_from(every)
        shown = statement.limit(self.per_page).offset(self._query_offset)
        found = db.session.execute(shown.add_columns(self._count.scalar_subquery())).unique()
        rows = found.all()
        self._total: int | None = rows[0][-1] if rows else None
        return [row[0] for row in rows]

    def _query_count(self) -> int:
        if self._total is None:  # beyond the last page, where no row tells it
            self._total = db.session.scalar(self._count) if self._query_offset else 0
        return self._total or 0


def listing(statement: Select[Any], number: int, *, size: int = PAGE_SIZE) -> Pagination:
    """Fetch page `number` (from 1) of the records that `statement` selects, in one query.

    Beyond the last page it is the last one, so that a list never looks empty that isn't.
    """
    size = MOST_AT_ONCE if wants_all() else size

    def fetched(number: int) -> Pagination:
        return _Counted(
            page=number, per_page=size, max_per_page=size, error_out=False, statement=statement
        )

    found = fetched(number)
    return fetched(found.pages) if found.total and number > found.pages else found


def paged(rows: Sequence[Any], number: int) -> Pagination:
    """Return page `number` (from 1), or the last one, of rows that were already fetched."""
    size = MOST_AT_ONCE if wants_all() else PAGE_SIZE
    number = min(number, max(1, -(-len(rows) // size)))
    return _AtHand(page=number, per_page=size, max_per_page=size, error_out=False, rows=rows)


def wants_all() -> bool:
    """Return whether the reader asks for a whole list on one page, as for printing it."""
    return has_request_context() and request.args.get("all") == "1"


def day_asked() -> date | None:
    """Return the day asked for in the URL, None if there is no valid one."""
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def room_asked() -> int | None:
    """Return the id of the room asked for in the URL (0 for none), None if it names none."""
    return request.args.get("room", type=int)


def page_number(name: str = "page") -> int:
    """Return the page asked for in the URL under this name, 1 if there is no valid one."""
    number = request.args.get(name, 1, type=int)
    return min(max(number or 1, 1), LAST_PAGE)
