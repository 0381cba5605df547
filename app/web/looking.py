"""Answering without waiting for writers, where a look shows that it is too late to write.

The writers of one edition take turns. When hundreds want the same few things at once, most of them
are refused; a request that only looks is refused at once, whoever is writing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from app.database import is_writing

View = Callable[..., ResponseReturnValue]
Look = Callable[..., ResponseReturnValue | None]


class WritingNeededError(Exception):
    """The look found nothing: the request starts again, in a transaction that writes."""


def looks_first(look: Look) -> Callable[[View], View]:
    """Let `look` answer while the transaction only reads; if it returns None, the view runs.

    What the look saw may be stale by then, so the view doesn't rely on it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def looking(*user: Any, **records: Any) -> ResponseReturnValue:
            if is_writing():
                return view(*user, **records)
            answer = look(*user, **records)
            if answer is None:
                raise WritingNeededError
            return answer

        looking.looks_first = True  # type: ignore[attr-defined]  # read by `can_look_first`
        return looking

    return decorate


def can_look_first(app: Flask) -> bool:
    """Return whether the request's view begins with a look."""
    return hasattr(app.view_functions.get(request.endpoint or ""), "looks_first")
