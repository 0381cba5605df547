"""Pages that are the same for everyone: made once, kept in memory, never shown before their time.

Each server process keeps what it made for readers who aren't signed in, plain and compressed. It is
made anew when something it may show has changed, at each full minute (pages say what is now), and
at the moment at which something becomes public. A proxy may store it, and asks each time (ETag).
While somebody works on the pages (debug), each is made anew.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app import clock
from app.web.language import language
from app.web.pages import wants_partial

T = TypeVar("T")
View = Callable[..., ResponseReturnValue]

KEPT = 400  # pages in the memory of each process; a page has some 30 kB, compressed 7 kB
LARGEST = 2_000_000  # bytes of what is kept
MINUTE = timedelta(minutes=1)
POLICY = "public, no-cache"
OWN = ("Content-Disposition", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy")
"""The headers of an answer that are kept with it."""
ANSWERED = "ajang.shared_page"
"""Where the environment of a request names the shared page that answers it."""
_changing = Lock()


class State(NamedTuple):
    """What a page shows: a `revision` that changes with it, and when it next changes by itself."""

    revision: Hashable
    changes_at: datetime | None


@dataclass(frozen=True)
class SharedPage:
    """A page as it was made: shown while the state has its revision, in a span of time."""

    key: Hashable
    revision: Hashable
    made_at: datetime
    until: datetime
    body: bytes
    packed: bytes
    tag: str
    mimetype: str
    headers: tuple[tuple[str, str], ...]

    def holds(self, state: State, now: datetime) -> bool:
        """Return whether it may still be shown."""
        return self.revision == state.revision and self.is_current(now)

    def is_current(self, now: datetime) -> bool:
        """Return whether its time is not over; a clock that was set back lets none be shown."""
        return self.made_at <= now < self.until


Memory = OrderedDict[Hashable, SharedPage]


def init_app(app: Flask) -> None:
    """Give each application its own memory, and its pages the token of those that aren't shared."""
    app.extensions["shared_pages"], app.extensions["shared_parts"] = OrderedDict(), {}
    app.jinja_env.globals["csrf_value"] = csrf_value


def forget(app: Flask) -> None:
    """Empty the memory of an application, as when it is given another database."""
    app.extensions["shared_pages"].clear()
    app.extensions["shared_parts"].clear()


def shared(state_of: Callable[..., State]) -> Callable[[View], View]:
    """Keep what the view answers to readers who aren't signed in.

    `state_of(now=…, **records)` must change with all that the view may show.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def sharing(user: Any, **records: Any) -> ResponseReturnValue:  # noqa: ANN401 -- this layer knows no user
            if user.person is not None or "_flashes" in session or request.method == "POST":
                return view(user, **records)
            g.is_shared = True
            now = clock.now()
            g.shared_state = state = state_of(now=now, **records)
            memory: Memory = current_app.extensions["shared_pages"]
            key = (request.full_path, language(), wants_partial())
            found = memory.get(key)
            if found is None or not found.holds(state, now) or current_app.debug:
                made = current_app.make_response(view(user, **records))
                if made.status_code != HTTPStatus.OK or "Location" in made.headers:
                    return made
                found = _kept(key, made, state, now)
            if _remember(memory, found) and not current_app.debug:
                request.environ[ANSWERED] = found
            return _answer(found)

        return sharing

    return decorate


def site_part(name: str, make: Callable[[], T]) -> T:
    """Return what `make` returns, made once for all shared pages of the site until the next minute.

    It must be plain data without a language, and the same on each page that is asked for the state
    of the whole site; pages of an edition have states of their own, which don't name the edition.
    """
    state: State | None = g.get("shared_state")
    if state is None or current_app.debug:
        return make()
    parts, now = current_app.extensions["shared_parts"], clock.now()
    revision, made_at, until, value = parts.get(name, (None, now, now, None))
    if revision != state.revision or not made_at <= now < until:
        value = make()
        parts[name] = (state.revision, now, _until(state, now), value)
    return cast("T", value)


def csrf_value() -> str:
    """Return the token of the reader's forms: none on a page that is the same for everyone."""
    found: str | None = g.get("csrf_value")
    if found is None:
        found = g.csrf_value = "" if is_shared() else str(generate_csrf())
    return found


def is_shared() -> bool:
    """Return whether the answer is the same for everyone, so nothing in it may be the reader's."""
    return bool(g.get("is_shared"))


def _kept(key: Hashable, made: Response, state: State, now: datetime) -> SharedPage:
    body = made.get_data()
    return SharedPage(
        key,
        state.revision,
        now,
        _until(state, now),
        body,
        gzip.compress(body, mtime=0),
        hashlib.sha256(body).hexdigest()[:32],
        made.headers["Content-Type"],
        tuple((name, made.headers[name]) for name in OWN if name in made.headers),
    )


def _until(state: State, now: datetime) -> datetime:
    """Return until when something made now shows this state: pages say what is now, by minutes."""
    minute = now.replace(second=0, microsecond=0) + MINUTE
    return min(minute, state.changes_at or minute)


def _remember(memory: Memory, found: SharedPage) -> bool:
    """Keep a page as the one used last, unless it is too large; the least recently used go."""
    if len(found.body) > LARGEST:
        return False
    with _changing:
        memory[found.key] = found
        memory.move_to_end(found.key)
        while len(memory) > KEPT:
            memory.popitem(last=False)
    return True


def _answer(found: SharedPage) -> Response:
    """Answer with a page, or 304 if the reader has it."""
    response = current_app.response_class(content_type=found.mimetype)
    response.set_etag(found.tag)
    response.headers["Cache-Control"] = POLICY
    response.vary.update(("Cookie", "HX-Request", "Accept-Encoding"))
    if request.if_none_match.contains(found.tag):
        response.status_code = HTTPStatus.NOT_MODIFIED
        return response
    response.headers.update(found.headers)
    is_packed = request.accept_encodings.quality("gzip") > 0
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(found.packed if is_packed else found.body)
    return response
