"""Who may prepare and who may confirm the result: never the same person."""

from app.awards.models import Readership, Result
from app.editions.kinds import Role
from app.editions.permissions import User


def can_follow_plenary(user: User, **_records: object) -> bool:
    """Allow those who follow the plenary: everyone who acts in it, and the observers."""
    return user.is_a(Role.ORGANISER, Role.OBSERVER) or user.is_chair


def can_prepare(user: User) -> bool:
    """Return whether the user may prepare the result for the plenary."""
    return user.is_a(Role.ORGANISER)


def can_confirm(user: User, result: Result) -> bool:
    """Return whether the user may confirm: an organiser or the chair, but not the one preparing."""
    is_entitled = user.is_a(Role.ORGANISER) or user.is_chair
    return is_entitled and user.person is not None and user.person.id != result.prepared_by_id


def can_read_file(user: User, scope: Readership) -> bool:
    """Return whether the user may read this file of a public result."""
    return scope is Readership.PUBLIC or user.is_a(Role.ORGANISER, Role.JUDGE, Role.OBSERVER)
