"""Who acts for which agency: later stages may refuse a change, and follow it at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from app.accounts.models import Person
from app.editions.models import Edition, Membership


class Follow(Protocol):
    """What a later stage does; it takes as long as few people's ties take, unless all changed."""

    def __call__(
        self, edition: Edition, *, person: Person | None, by: Person | None, now: datetime
    ) -> object:
        """Follow a change of one person's ties, or of everybody's if `person` is None."""


Check = Callable[[Membership], object]
"""Raises `DomainError` where what a later stage holds relies on a role that is to end."""

_checks: list[Check] = []
_followers: list[Follow] = []


def check_roles_by(*checks: Check) -> None:
    """Ask these before a role ends, from now on."""
    _checks[:] = checks


def role_ends(membership: Membership) -> None:
    """Let later stages refuse the end of a role, before anything is written."""
    for check in _checks:
        check(membership)


def follow_ties_by(*followers: Follow) -> None:
    """Let these follow from now on."""
    _followers[:] = followers


def ties_changed(
    edition: Edition, *, person: Person | None = None, by: Person | None, now: datetime
) -> None:
    """Let later stages follow; the caller has locked the edition and written what changed."""
    for follow in _followers:
        follow(edition, person=person, by=by, now=now)
