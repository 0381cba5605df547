"""What a change to the settings does to existing data, as later stages foresee and do it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.editions.kinds import Stage
from app.editions.models import Edition
from app.later import later
from app.workflow import Message

Rows = list[tuple[int | None, dict[str, Any]]]
"""The list as it will be: each row's values, with its id unless it is new."""


@dataclass(frozen=True)
class Consequence:
    """One thing that a change does, as a message and its values."""

    message: Message
    values: dict[str, Any]


@later
def consequences(edition: Edition, part: str, rows: Rows) -> list[Consequence]:
    """Return what replacing this list with `rows` does to existing data; empty if nothing."""
    raise NotImplementedError


@later
def carry_out(edition: Edition, part: str, rows: Rows, *, by: Person, now: datetime) -> object:
    """Do to existing data what replacing this list with `rows` does, before it is replaced."""


@later
def closing_moved(edition: Edition, stage: Stage, *, before: datetime, now: datetime) -> object:
    """Do what follows from moving the closing of a stage, which was to be `before`."""
