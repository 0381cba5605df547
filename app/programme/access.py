"""Which published version the number in an address means."""

from app.editions.models import Edition
from app.editions.permissions import User
from app.programme.models import Version
from app.programme.queries import version_numbered


def version_of(number: int, *, user: User, edition: Edition) -> Version | None:
    """Return the edition's version with this number, if there is one."""
    return version_numbered(number, edition)
