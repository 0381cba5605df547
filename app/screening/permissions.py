"""Who may write which sheet, who evaluates, and who signs the integrity pledge."""

from app.editions.kinds import Role, SheetKind
from app.editions.permissions import User
from app.screening.conflicts import Evaluator
from app.screening.models import Sheet
from app.workflow import N_, NotAllowedNow

BOUND = frozenset({Role.ORGANISER, Role.SCREENER, Role.JUDGE})
"""The roles that sign the integrity pledge before they examine or score anything."""


def is_bound(user: User) -> bool:
    """Tell whether the user is to sign the integrity pledge."""
    return user.is_a(*BOUND)


def check_pledge(user: User) -> None:
    """Raise `NotAllowedNow` until the user has signed the integrity pledge."""
    if not user.has_pledged:
        raise NotAllowedNow(N_("Sign the integrity pledge first; your work waits for it."))


def can_write_sheet(user: User, sheet: Sheet) -> bool:
    """Tell whether the sheet is the user's own, in a role that still holds, and not recused."""
    needed = Role.SCREENER if sheet.kind is SheetKind.DESK else Role.JUDGE
    return (
        user.person is not None
        and sheet.evaluator_id == user.person.id
        and user.is_a(needed)
        and not sheet.is_recused
    )


def evaluator(user: User) -> Evaluator:
    """Return the user as conflicts of interest see them."""
    return Evaluator(user.acting.id, user.agencies)
