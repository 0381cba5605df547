"""Who may write which sheet, and who evaluates."""

from app.editions.kinds import Role, SheetKind
from app.editions.permissions import User
from app.screening.conflicts import Evaluator
from app.screening.models import Sheet


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
