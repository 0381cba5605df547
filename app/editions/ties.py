"""Who acts for which agency: later stages may refuse a change, and follow it at once."""

from datetime import datetime

from app.accounts.models import Person
from app.editions.models import Edition, Membership
from app.later import later


@later
def role_ends(membership: Membership) -> object:
    """Raise `DomainError` where what a later stage holds relies on the role that is to end."""


@later
def ties_changed(
    edition: Edition, *, person: Person | None = None, by: Person | None, now: datetime
) -> object:
    """Follow a change of one person's ties, or of everybody's if `person` is None.

    The caller has locked the edition and written what changed.
    """
