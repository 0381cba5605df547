"""Deny by default: a view without `@requires(rule)` is refused, even a public one.

`requires` turns the values of the URL into records the user may see, asks the rule, and hands the
view what it needs: `user` first, then the records under their names in the URL.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from app.web.fields import LARGEST_ID
from app.web.keeping import typed_entries
from app.web.pages import page

Rule = Callable[..., bool]
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Addresses:
    """How the values of an address become records, and who makes the request.

    `load(value, user=…, **earlier)` returns None for what the user may not see, so that forbidden
    looks like missing; `identify(**records)` returns the user, given the records loaded so far;
    `zone_of(user)` the time zone of what is theirs.
    """

    records: Mapping[str, Callable[..., Any]]
    identify: Callable[..., Any]
    zone_of: Callable[[Any], ZoneInfo]


class Identifier(IntegerConverter):
    """A whole number in an address that a database can hold; any other matches no address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app: Flask, addresses: Addresses) -> None:
    """Let addresses load these records, and refuse addresses that no record can have."""
    app.extensions["addresses"] = addresses
    app.jinja_env.globals["own_zone"] = own_zone
    app.url_map.converters["int"] = Identifier

    @app.before_request
    def refuse_nul() -> None:
        """Refuse the one character that PostgreSQL can't hold, wherever it is in an address."""
        values = [request.path, *request.args.keys(), *request.args.values()]
        if any("\0" in value for value in values):
            abort(404)


def requires(rule: Rule) -> Callable[[View], View]:
    """Run the view only if `rule(user, **records)` allows it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            user, records = _load(values)
            if None in records.values():
                return _refuse(404)
            if not rule(user, **records):
                return _refuse(403)
            return view(user, **records)

        guarded.rule = rule  # type: ignore[attr-defined]  # read by `refuse_unguarded`
        return guarded

    return decorate


def may_open(endpoint: str, user: Any, **records: Any) -> bool:  # noqa: ANN401 -- as rules take it
    """Return whether the view's rule lets the user open it with these records."""
    rule: Rule = current_app.view_functions[endpoint].rule  # type: ignore[union-attr]  # set by `requires`
    return rule(user, **records)


def openable(endpoints: Iterable[str], user: Any, **records: Any) -> set[str]:  # noqa: ANN401 -- as rules take it
    """Return those of the views that their rules let the user open with these records."""
    views: Mapping[str, Any] = current_app.view_functions
    return {endpoint for endpoint in endpoints if views[endpoint].rule(user, **records)}


def know_reader() -> None:
    """Find out who reads, where no view did: the address belongs to none."""
    if "user" not in g:
        addresses: Addresses = current_app.extensions["addresses"]
        g.user = addresses.identify()


def own_zone() -> ZoneInfo:
    """Return the zone of times that belong to no edition: the user's own, looked up once."""
    if "own_zone" not in g:
        addresses: Addresses = current_app.extensions["addresses"]
        g.own_zone = addresses.zone_of(g.get("user"))
    zone: ZoneInfo = g.own_zone
    return zone


def refuse_unguarded(app: Flask) -> None:
    """Raise `TypeError` if a view of the application doesn't say who may use it."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "rule"):
            raise TypeError(f"the view {endpoint} has no @requires(…)")


def _load(values: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    addresses: Addresses = current_app.extensions["addresses"]
    user = g.user = addresses.identify()
    records: dict[str, Any] = {}
    for name, value in values.items():
        if name in addresses.records:
            records[name] = addresses.records[name](value, user=user, **records)
            if records[name] is None:
                break
            user = g.user = addresses.identify(**records)
        else:
            records[name] = value
    return user, records


def _refuse(status: int) -> ResponseReturnValue:
    """Ask a stranger to sign in, whether the record is missing or not theirs; refuse others."""
    if g.user.person is not None:
        abort(status)
    return ask_to_sign_in()


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a stranger to the sign-in page and back again; tell HTMX to do the same.

    A browser that keeps nothing is shown what was typed first: it would be lost on the way.
    """
    sign_in = url_for("accounts.sign_in", next=_place())
    if request.headers.get("HX-Request"):
        return current_app.response_class(status=401, headers={"HX-Redirect": sign_in})
    if (typed := typed_entries()) and "kept" not in request.form:
        return page("errors/signed_out.html", 401, typed=typed, sign_in=sign_in)
    return redirect(sign_in)


def _place() -> str:
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.referrer.removeprefix(request.host_url.rstrip("/")) if request.referrer else "/"
