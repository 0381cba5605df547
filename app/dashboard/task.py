"""Something that somebody has to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.workflow import Message


@dataclass(frozen=True)
class Task:
    """Something to do: what, where, until when."""

    text: Message
    values: dict[str, Any]
    endpoint: str
    url_values: dict[str, Any]
    until: datetime | None = None
