"""Who acts for which agency has changed: later stages follow in the same transaction."""

from datetime import datetime
from typing import Protocol

from app.accounts.models import Person
from app.editions.models import Edition


class Follow(Protocol):
    """What a later stage does; it takes as long as few people's ties take, unless all changed."""

    def __call__(
        self, edition: Edition, *, person: Person | None, by: Person | None, now: datetime
    ) -> object:
        """Follow a change of one person's ties, or of everybody's if `person` is None."""


_followers: list[Follow] = []


def follow_ties_by(*followers: Follow) -> None:
    """Let these follow from now on."""
    _followers[:] = followers


def ties_changed(
    edition: Edition, *, person: Person | None = None, by: Person | None, now: datetime
) -> None:
    """Let later stages follow; the caller has locked the edition and written what changed."""
    for follow in _followers:
        follow(edition, person=person, by=by, now=now)
