"""What is odd about an outcome, given what was found on a proposal: a warning, no refusal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.screening.models import Finding, Outcome
from app.workflow import N_, NN_, Message

PASSED = frozenset({Outcome.ELIGIBLE, Outcome.FINALIST, Outcome.RESERVE})
"""The outcomes that only a proposal should have which meets every requirement."""


@dataclass(frozen=True)
class Oddity:
    """One thing that is odd, as a message and its values."""

    message: Message
    values: dict[str, Any]


def oddities(outcome: Outcome, found: Mapping[Finding, int], lines: int) -> list[Oddity]:
    """Return what is odd about an outcome: `found` counts findings on a checklist of `lines`."""
    if outcome is Outcome.INELIGIBLE:
        is_met = lines and found.get(Finding.MEETS, 0) == lines
        return (
            [Oddity(N_("The checklist says that every requirement is met."), {})] if is_met else []
        )
    if outcome not in PASSED:
        return []
    counts = {
        N_("Requirements not met: %(count)s of %(all)s."): found.get(Finding.FAILS, 0),
        N_("Requirements that need correction: %(count)s of %(all)s."): found.get(
            Finding.NEEDS_CORRECTION, 0
        ),
        N_("Requirements not checked yet: %(count)s of %(all)s."): lines - sum(found.values()),
    }
    return [
        Oddity(message, {"count": count, "all": lines})
        for message, count in counts.items()
        if count > 0
    ]


def too_many(finalists: int, foreseen: int) -> list[Oddity]:
    """Return the warning that more finalists are prepared and announced than are foreseen."""
    if finalists <= foreseen:
        return []
    text = NN_(
        "%(count)s finalist is prepared or announced; %(foreseen)s are planned.",
        "%(count)s finalists are prepared or announced; %(foreseen)s are planned.",
    )
    return [Oddity(text, {"count": finalists, "foreseen": foreseen})]
