"""PDF documents, set by typst from our own templates: the same bytes for the same data. Pure.

A separate program sets them (`typesetter.py`): what people write can make typst need all memory,
or end its process.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from app.confined import Overrun, run
from app.workflow import N_, DomainError, Message

TEMPLATES = Path(__file__).parents[2] / "templates" / "pdf"
TYPESETTER = Path(__file__).with_name("typesetter.py")
SECONDS = 10  # of processor time; 50,000 words take one
MEMORY = 400_000_000  # bytes; 50,000 words take 300 million

log = logging.getLogger(__name__)

PRINT_INSTEAD = N_(
    "A PDF of this document can't be made right now: its text needs too much time or memory. "
    "Nothing is lost. Try again in a minute, or print the page instead."
)


class Unsettable(DomainError):
    """A document whose text typst can't set within what it is allowed (422)."""


def typeset(
    template: str, data: Mapping[str, Any], *, at: datetime, otherwise: Message = PRINT_INSTEAD
) -> bytes:
    """Return `templates/pdf/{template}.typ` as a PDF dated `at`; raise Unsettable, `otherwise`.

    Texts reach the template as data and never as markup; it reads no file but the templates, and
    no fonts but typst's own, so that every machine sets the same pages.
    """
    order = {
        "template": str(TEMPLATES / f"{template}.typ"),
        "folder": str(TEMPLATES),
        "data": json.dumps(data, ensure_ascii=False),
        "timestamp": int(at.timestamp()),
    }
    content = json.dumps(order).encode()
    try:
        return run(TYPESETTER, content, seconds=SECONDS, memory=MEMORY)
    except Overrun as error:
        log.warning("typst did not set a %s: %s", template, error)
        raise Unsettable(otherwise) from error
