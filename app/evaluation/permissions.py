"""Who writes and reopens sheets, and signs the pledge; who reads them, `reading.py` says."""

from app.editions.kinds import Role, SheetKind
from app.editions.permissions import User
from app.evaluation.conflicts import Evaluator
from app.evaluation.models import Sheet
from app.workflow import N_, NotAllowedNow

PLEDGING = frozenset({Role.ORGANISER, Role.SCREENER, Role.JUDGE})
"""The roles that sign the integrity pledge before they examine or score anything."""


def must_pledge(user: User) -> bool:
    """Return whether the user must sign the integrity pledge."""
    return user.is_a(*PLEDGING)


def check_pledge(user: User) -> None:
    """Raise `NotAllowedNow` until the user has signed the integrity pledge."""
    if not user.has_pledged:
        raise NotAllowedNow(N_("Sign the integrity pledge first; your work waits for it."))


def can_write_sheet(user: User, sheet: Sheet) -> bool:
    """Return whether the sheet counts and is the user's own, in a role that they still have."""
    needed = Role.SCREENER if sheet.kind is SheetKind.DESK else Role.JUDGE
    return (
        user.person is not None
        and sheet.evaluator_id == user.person.id
        and user.is_a(needed)
        and sheet.counts
    )


def can_reopen(user: User) -> bool:
    """Return whether the user may reopen a locked sheet: only the chair may."""
    return user.is_chair


def evaluator(user: User) -> Evaluator:
    """Return the user as conflicts of interest see them."""
    return Evaluator(user.acting.id, user.agencies)
