"""What a change of an edition's lists does to what exists: later stages register what they see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.editions.models import Edition
from app.workflow import Message

Rows = list[tuple[int | None, dict[str, Any]]]
"""The list as it is to be: each row's values, with its id unless it is new."""


@dataclass(frozen=True)
class Consequence:
    """One thing that a change does, as a message and its values."""

    message: Message
    values: dict[str, Any]


Foresee = Callable[[Edition, Rows], list[Consequence]]
_known: dict[str, list[Foresee]] = {}


def foresees(part: str) -> Callable[[Foresee], Foresee]:
    """Register what foresees the consequences of a change to this list."""

    def register(foresee: Foresee) -> Foresee:
        _known.setdefault(part, []).append(foresee)
        return foresee

    return register


def consequences(edition: Edition, part: str, rows: Rows) -> list[Consequence]:
    """Return what replacing this list by `rows` does to what exists; empty when nothing."""
    return [each for foresee in _known.get(part, []) for each in foresee(edition, rows)]
