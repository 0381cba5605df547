"""Whether enough judges count in a presentation; which panel sits there a later stage knows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.editions.models import Edition
from app.later import later


@dataclass(frozen=True)
class Turnout:
    """How many judges' sheets of a presentation count, and how many must by its quorum."""

    judges: int
    quorum: int

    @property
    def is_short(self) -> bool:
        """Whether fewer judges count than must."""
        return self.judges < self.quorum

    @property
    def after_one_less(self) -> "Turnout":
        """The turnout once one more judge does not count."""
        return Turnout(self.judges - 1, self.quorum)


@later
def turnouts_in(edition: Edition, proposals: Collection[int]) -> Mapping[int, Turnout]:
    """Return the turnouts of these competing proposals (ids), by their ids, in one query."""
    raise NotImplementedError
