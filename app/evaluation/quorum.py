"""Whether enough judges count in a presentation; which panel sits there a later stage knows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.editions.models import Edition


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


Turnouts = Callable[[Edition, Collection[int]], Mapping[int, Turnout]]
"""Returns the turnouts of these proposals (ids), by their ids, in one query."""

_known: list[Turnouts] = []


def know_turnouts_by(turnouts: Turnouts) -> None:
    """Ask this function, of the stage that knows the panels, from now on."""
    _known[:] = [turnouts]


def turnouts_in(edition: Edition, proposals: Collection[int]) -> dict[int, Turnout]:
    """Return the turnouts of these competing proposals (ids), by their ids."""
    return {key: found for know in _known for key, found in know(edition, proposals).items()}
