"""Who may see and do what while presentations are scored."""

from app.editions.models import Role
from app.editions.permissions import User


def can_open_scoring(user: User) -> bool:
    """Tell whether the user opens scoring, which freezes the rules."""
    return user.is_a(Role.ORGANISER)


def can_reopen(user: User) -> bool:
    """Tell whether the user may open a locked sheet again: the chair alone."""
    return user.is_chair


def can_see_ranking(user: User, *, is_recused: bool, is_public: bool) -> bool:
    """Tell whether the user may see the ranking.

    The organiser may; a judge unless they are recused from a proposal in it (rule 5 of the domain);
    an observer once the result is public.
    """
    if user.is_a(Role.ORGANISER):
        return not is_recused or is_public
    if user.is_a(Role.JUDGE):
        return not is_recused or is_public
    return user.is_a(Role.OBSERVER) and is_public
