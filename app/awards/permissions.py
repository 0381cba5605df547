"""Who prepares, who confirms: never the same person."""

from app.awards.models import Result
from app.editions.kinds import Role
from app.editions.permissions import User


def can_prepare(user: User) -> bool:
    """Tell whether the user prepares the result for the plenary."""
    return user.is_a(Role.ORGANISER)


def can_confirm(user: User, result: Result) -> bool:
    """Tell whether the user may confirm: another organiser or the chair, not who prepared it."""
    is_entitled = user.is_a(Role.ORGANISER) or user.is_chair
    return is_entitled and user.person is not None and user.person.id != result.prepared_by_id
