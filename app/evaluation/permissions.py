"""Who writes, reopens and reads score sheets, and who signs the integrity pledge."""

from app.accounts.models import Person
from app.editions.kinds import Role, SheetKind
from app.editions.permissions import User
from app.evaluation.conflicts import Evaluator
from app.evaluation.models import Sheet, Standing
from app.workflow import N_, NotAllowedNow

PLEDGING = frozenset({Role.ORGANISER, Role.SCREENER, Role.JUDGE})
"""The roles that sign the integrity pledge before they examine or score anything."""


def must_pledge(user: User) -> bool:
    """Return whether the user must sign the integrity pledge."""
    return user.is_a(*PLEDGING)


def check_pledge(user: User) -> None:
    """Raise `NotAllowedNow` until the user has signed the integrity pledge."""
    if not user.has_pledged:
        raise NotAllowedNow(
            N_("Sign the integrity pledge first; you can start work after that."),
            remedy="pledge.index",
        )


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


def can_agree(user: User, person: Person, chair_id: int | None) -> bool:
    """Return whether the user may agree to what a person did about their own sheet.

    The chair does; where the person chairs, or nobody does (`chair_id` is the chair's person), an
    organiser. Whether a conflict bars the user from the proposal is asked beside this.
    """
    if user.person is None or person.id == user.person.id:
        return False
    if chair_id is None or person.id == chair_id:
        return user.is_a(Role.ORGANISER)
    return user.is_chair


def can_read_scores(standing: Standing | None) -> bool:
    """Return whether a proposal's scores are open to those whom no conflict bars from it.

    Nobody sees another's scores, or a running average, before every sheet of the proposal is
    locked (rule 5 of the domain). `reading.py` hands out what this allows.
    """
    return standing is not None and standing.is_whole


def evaluator(user: User) -> Evaluator:
    """Return the user as conflicts of interest see them."""
    return Evaluator(user.acting.id, user.agencies)
