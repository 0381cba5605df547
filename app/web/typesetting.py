"""PDF documents, set by typst from our own templates: the same bytes for the same data. Pure.

A separate program sets them (`typesetter.py`): what people write can make typst need all memory,
or end its process.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.confined import Overrun, run
from app.workflow import N_, DomainError, Message

TEMPLATES = Path(__file__).parents[2] / "templates" / "pdf"
FONTS = TEMPLATES / "fonts"
TYPESETTER = Path(__file__).with_name("typesetter.py")
SECONDS = 10  # of processor time; 50,000 words take one
MEMORY = 400_000_000  # bytes; 50,000 words take 300 million

log = logging.getLogger(__name__)

PRINT_INSTEAD = N_(
    "A PDF of this document can't be made right now: its text needs too much time or memory. "
    "Nothing is lost. Try again in a minute, or print the page instead."
)
NO_FONT = N_(
    "A PDF of this document can't be made: no font here has “%(letters)s”. Nothing is lost. Write "
    "it otherwise where it was typed, or ask the administrator for a font."
)


class Unsettable(DomainError):
    """A document whose text typst can't set within what it is allowed (422)."""


@dataclass(frozen=True)
class Order:
    """A document to be set: `templates/pdf/{template}.typ`, its data, and its date."""

    template: str
    data: Mapping[str, Any]
    at: datetime


def typeset(
    template: str, data: Mapping[str, Any], *, at: datetime, otherwise: Message = PRINT_INSTEAD
) -> bytes:
    """Return `templates/pdf/{template}.typ` as a PDF dated `at`; raise Unsettable, `otherwise`.

    Texts reach the template as data and never as markup; it reads no file but the templates, and
    no fonts but typst's own and ours, so that every machine sets the same pages.
    """
    (document,) = _set([Order(template, data, at)], otherwise)
    if isinstance(document, Unsettable):
        raise document
    return document


def typeset_all(orders: Sequence[Order]) -> list[bytes | Unsettable]:
    """Return each document as a PDF, or why it can't be set, in the order of `orders`.

    They share one process and its limits; if together they need too much, each is set alone.
    """
    try:
        return _set(orders, PRINT_INSTEAD)
    except Unsettable as refusal:
        if len(orders) == 1:
            return [refusal]
    return [document for order in orders for document in typeset_all([order])]


def _set(orders: Sequence[Order], otherwise: Message) -> list[bytes | Unsettable]:
    content = {
        "folder": str(TEMPLATES),
        "fonts": str(FONTS),
        "documents": [
            {
                "template": str(TEMPLATES / f"{order.template}.typ"),
                "data": json.dumps(order.data, ensure_ascii=False),
                "timestamp": int(order.at.timestamp()),
            }
            for order in orders
        ],
    }
    try:
        output = run(TYPESETTER, json.dumps(content).encode(), seconds=SECONDS, memory=MEMORY)
    except Overrun as error:
        log.warning("typst did not set %s: %s", orders[0].template, error)
        raise Unsettable(otherwise) from error
    return list(_parted(output))


def _parted(output: bytes) -> Iterator[bytes | Unsettable]:
    line, _, documents = output.partition(b"\n")
    begin = 0
    for told in json.loads(line):
        if "missing" in told:
            yield Unsettable(NO_FONT, letters=told["missing"])
        else:
            yield documents[begin : begin + told["bytes"]]
            begin += told["bytes"]
