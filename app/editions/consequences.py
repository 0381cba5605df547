"""What a change to an edition's lists does to existing data, as later stages foresee it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.editions.models import Edition
from app.workflow import Message

Rows = list[tuple[int | None, dict[str, Any]]]
"""The list as it will be: each row's values, with its id unless it is new."""


@dataclass(frozen=True)
class Consequence:
    """One thing that a change does, as a message and its values."""

    message: Message
    values: dict[str, Any]


Foresee = Callable[[Edition, Rows], list[Consequence]]
_foresight: dict[str, Foresee] = {}


def foresee_by(foresight: Mapping[str, Foresee]) -> None:
    """Ask these functions, by the name of the list, from now on."""
    _foresight.update(foresight)


def consequences(edition: Edition, part: str, rows: Rows) -> list[Consequence]:
    """Return what replacing this list with `rows` does to existing data; empty if nothing."""
    return _foresight[part](edition, rows) if part in _foresight else []
