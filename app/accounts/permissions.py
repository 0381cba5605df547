"""Rules that need no edition."""

from typing import Any


def anyone(_user: object, **_records: object) -> bool:
    """Allow everyone, signed in or not."""
    return True


def signed_in(user: Any, **_records: object) -> bool:  # noqa: ANN401 -- `editions.permissions.User`
    """Allow anyone who is signed in."""
    return user.person is not None


def site_admin(user: Any, **_records: object) -> bool:  # noqa: ANN401 -- `editions.permissions.User`
    """Allow site administrators, who create organisations and editions."""
    return user.person is not None and user.person.is_site_admin
