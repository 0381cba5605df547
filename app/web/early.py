"""Public pages answered before the framework: a hall full of telephones asks for the same few.

What a shared page answered is repeated, to readers without a session, for a quarter of a second:
so long may what another process changes not be seen yet. What this process changes, and a moment
at which something becomes public, is seen at once.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_cookie
from werkzeug.wsgi import ClosingIterator

from app import clock
from app.database import commits
from app.web.language import COOKIE
from app.web.shared import ANSWERED, Memory, SharedPage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TRUSTED = 0.25  # seconds
KEPT = 400  # answers: a page has one for each way in which browsers ask for it
SESSION = "session"  # the cookie of whom the application knows something about
DECIDING = (
    "wsgi.url_scheme",
    "HTTP_HOST",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_HX_REQUEST",
    "HTTP_HX_BOOSTED",
)
"""What of a request decides about the answer, besides the language."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class RepeatedAnswer:
    """What was answered, from which page, at which second, and after how many commits."""

    page: SharedPage
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    asked_at: float
    commits: int

    @property
    def is_recent(self) -> bool:
        """Whether it was asked for a moment ago."""
        return time.monotonic() - self.asked_at < TRUSTED

    def holds(self, memory: Memory) -> bool:
        """Return whether it may be repeated: the page is still the one in memory, and current."""
        return (
            self.is_recent
            and self.commits == commits()
            and self.page.is_current(clock.now())
            and memory.get(self.page.key) is self.page
        )


class EarlyAnswers:
    """A WSGI application that repeats what the one behind it answered with a shared page."""

    def __init__(self, behind: "WSGIApplication", memory: Memory) -> None:
        self.behind, self.memory = behind, memory
        self.answers: OrderedDict[Key, RepeatedAnswer] = OrderedDict()
        self.changing = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Repeat an answer that holds, else ask."""
        key = _key(environ)
        if key is None:
            return self.behind(environ, start_response)
        known = self.answers.get(key)
        if known is None or not known.holds(self.memory):
            return self._ask(key, environ, start_response)
        start_response(known.status, list(known.headers))  # servers add theirs to the list
        return [known.body]

    def _ask(
        self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        asked_at, before, begun = time.monotonic(), commits(), []

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # noqa: ANN401 -- as WSGI has it
            begun.append((status, tuple(headers)))
            return start_response(status, headers, *rest)

        chunks = self.behind(environ, note)
        page: SharedPage | None = environ.get(ANSWERED)
        if page is None:
            return chunks
        with closing(ClosingIterator(chunks)) as whole:
            body = b"".join(whole)
        status, headers = begun[-1]
        self._keep(key, RepeatedAnswer(page, status, headers, body, asked_at, before))
        return [body]

    def _keep(self, key: Key, answer: RepeatedAnswer) -> None:
        with self.changing:
            self.answers[key] = answer
            self.answers.move_to_end(key)
            while len(self.answers) > KEPT or not self._is_current():
                self.answers.popitem(last=False)

    def _is_current(self) -> bool:
        """Return whether no answer is too old to be repeated."""
        oldest = next(iter(self.answers.values()), None)
        return oldest is None or oldest.is_recent


def _key(environ: "WSGIEnvironment") -> Key | None:
    """Return what decides about the answer, None where it may be the reader's own."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" in environ:
        return None
    cookies = parse_cookie(environ)
    if SESSION in cookies:
        return None
    return (cookies.get(COOKIE, ""), *(environ.get(name, "") for name in DECIDING))
