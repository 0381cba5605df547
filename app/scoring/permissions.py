"""Who may see and do what while presentations are scored."""

from app.editions.kinds import Role
from app.editions.permissions import User


def can_open_scoring(user: User) -> bool:
    """Tell whether the user opens scoring, which freezes the rules."""
    return user.is_a(Role.ORGANISER)


def can_see_ranking(user: User, *, is_recused: bool, is_confirmed: bool) -> bool:
    """Tell whether the user may see the ranking.

    Once the result is confirmed, everyone with a role in it may. Before, an organiser and a judge
    who are not recused from a proposal in it (rule 5 of the domain).
    """
    if is_confirmed:
        return user.is_a(Role.ORGANISER, Role.JUDGE, Role.OBSERVER)
    return user.is_a(Role.ORGANISER, Role.JUDGE) and not is_recused
