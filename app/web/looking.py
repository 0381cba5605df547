"""Answering without waiting for those who write, where a look shows that it is too late to write.

Writers of one edition follow each other. When hundreds want the same few things at once, most of
them are refused; who only looks is refused at once, whoever is writing.
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
    """The look found nothing: the request is answered from its beginning, in a writing one."""


def looks_first(look: Look) -> Callable[[View], View]:
    """Let `look` answer while the transaction only reads; where it returns None, the view runs.

    What the look saw may be stale by then, so the view relies on none of it.
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
    """Tell whether the request's view begins with a look."""
    return hasattr(app.view_functions.get(request.endpoint or ""), "looks_first")
