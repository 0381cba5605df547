"""What a stage leaves to later ones, which it may not import: `assembly.py` says who does it."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Later(Generic[P, R]):
    """A function that a later stage does."""

    def __init__(self, declared: Callable[P, R]) -> None:
        self._function = declared
        update_wrapper(self, declared)

    def done_by(self, function: Callable[P, R]) -> None:
        """Let this function do it from now on."""
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Let it be done, and return what it returns."""
        return self._function(*args, **kwargs)


def later(declared: Callable[P, R]) -> Later[P, R]:
    """Declare a function that a later stage does."""
    return Later(declared)
