"""What a change to the settings does to existing data, as later stages foresee and do it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.editions.kinds import Stage
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
CarryOut = Callable[[Edition, Rows, Person, datetime], None]
Follow = Callable[[Edition, datetime, datetime], None]
"""What follows from moving the closing of a stage, given when it was to close, and the time."""

_foresight: dict[str, Foresee] = {}
_execution: dict[str, CarryOut] = {}
_followers: dict[Stage, Follow] = {}


def foresee_by(foresight: Mapping[str, Foresee]) -> None:
    """Ask these functions, by the name of the list, from now on."""
    _foresight.update(foresight)


def carry_out_by(execution: Mapping[str, CarryOut]) -> None:
    """Let these functions, by the name of the list, do what is foreseen from now on."""
    _execution.update(execution)


def follow_by(followers: Mapping[Stage, Follow]) -> None:
    """Call these functions, by the stage whose closing has moved, from now on."""
    _followers.update(followers)


def closing_moved(edition: Edition, stage: Stage, *, before: datetime, now: datetime) -> None:
    """Let later stages do what follows from the moved closing of a stage."""
    if stage in _followers:
        _followers[stage](edition, before, now)


def consequences(edition: Edition, part: str, rows: Rows) -> list[Consequence]:
    """Return what replacing this list with `rows` does to existing data; empty if nothing."""
    return _foresight[part](edition, rows) if part in _foresight else []


def carry_out(edition: Edition, part: str, rows: Rows, *, by: Person, now: datetime) -> None:
    """Do to existing data what replacing this list with `rows` does, before it is replaced."""
    if part in _execution:
        _execution[part](edition, rows, by, now)
