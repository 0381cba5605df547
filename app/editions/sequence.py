"""What is unusual about when an edition's stages are open: pointed out, never refused. Pure."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from app.editions.kinds import Stage
from app.workflow import N_, Message

OpenTime = tuple[datetime, datetime]
"""When a stage opens and closes."""


class UnusualOrder(NamedTuple):
    """Something unusual about a stage: a message, and the labels of the stages it names."""

    stage: Stage
    message: Message
    labels: dict[str, Message]


def unusual_orders(spans: Mapping[Stage, OpenTime]) -> list[UnusualOrder]:
    """Return which of the stages that have a window overlap, or stand in another order."""
    ordered = [stage for stage in Stage if stage in spans]
    found = (_between(earlier, later, spans) for earlier, later in pairwise(ordered))
    return [oddity for oddity in found if oddity is not None]


def _between(earlier: Stage, later: Stage, spans: Mapping[Stage, OpenTime]) -> UnusualOrder | None:
    """Compare two stages that usually follow each other."""
    labels = {"earlier": earlier.label, "later": later.label}
    if spans[later][0] < spans[earlier][0]:
        return UnusualOrder(later, N_("“%(later)s” opens before “%(earlier)s” does."), labels)
    if spans[later][0] < spans[earlier][1]:
        return UnusualOrder(
            later, N_("“%(later)s” opens while “%(earlier)s” is still open."), labels
        )
    return None
