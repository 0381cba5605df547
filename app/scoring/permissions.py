"""Who may see and do what while presentations are scored."""

from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.permissions import User


def can_open_scoring(user: User) -> bool:
    """Return whether the user may open scoring, which freezes the rules."""
    return user.is_a(Role.ORGANISER)


def can_open_ranking(user: User, edition: Edition, **_records: object) -> bool:
    """Allow organisers and judges, and observers once the result is confirmed."""
    return user.is_a(Role.ORGANISER, Role.JUDGE) or (
        edition.is_confirmed and user.is_a(Role.OBSERVER)
    )


def can_see_ranking(user: User, *, is_recused: bool, is_confirmed: bool, waits: bool) -> bool:
    """Return whether the user may see the ranking.

    Once the result is confirmed, organisers, judges and observers may. Before that, only organisers
    and judges who are not recused from a proposal in it may (rule 5 of the domain); and no judge,
    in whatever role, who `waits` for a second look, for any of them may be asked for more sheets.
    """
    if is_confirmed:
        return user.is_a(Role.ORGANISER, Role.JUDGE, Role.OBSERVER)
    return user.is_a(Role.ORGANISER, Role.JUDGE) and not is_recused and not waits
