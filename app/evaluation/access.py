"""Which sheet an address means, and whom a conflict of interest bars from a page."""

from collections.abc import Collection

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_or_chair
from app.evaluation.models import SECOND_LOOK, Look, Sheet
from app.evaluation.permissions import can_reopen, can_write_sheet, evaluator, must_pledge
from app.evaluation.queries import own_sheet
from app.evaluation.recusals import barred_for, conflicts_between
from app.proposals.models import Proposal
from app.workflow import SUBMITTED_ONCE, Status


def kind_of(name: str, **_records: object) -> SheetKind | None:
    """Return the kind of sheet with this name, if there is one."""
    return SheetKind(name) if name in set(SheetKind) else None


def sheet_of(name: str, *, user: User, edition: Edition, proposal: Proposal) -> Sheet | None:
    """Return the user's own sheet of this name, None if they have none or are recused.

    Conflicts are derived each time, so a change in the tree of agencies takes effect at once.
    """
    look = Look.SECOND if name == SECOND_LOOK else Look.FIRST
    kind = SheetKind.PRESENTATION if look is Look.SECOND else kind_of(name)
    if user.person is None or kind is None:
        return None
    sheet = own_sheet(user.person, proposal, kind, look)
    if sheet is None or not can_write_sheet(user, sheet):
        return None
    return None if is_barred(user, edition, proposal) else sheet


def decider(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Allow organisers whom no conflict bars from the proposal."""
    return organiser(user) and not is_barred(user, edition, proposal)


def chair(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Allow the chair of the judging team, unless barred from the proposal."""
    return can_reopen(user) and not is_barred(user, edition, proposal)


def decider_or_chair(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Allow who decides on the proposal, and the chair, unless barred from it."""
    return organiser_or_chair(user) and not is_barred(user, edition, proposal)


def pledger(user: User, **_records: object) -> bool:
    """Allow everyone who signs the integrity pledge."""
    return must_pledge(user)


def is_barred(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Return whether a conflict bars the user from the proposal."""
    return bool(conflicts_between(evaluator(user), proposal, edition))


def barred_from(
    user: User, edition: Edition, statuses: Collection[Status] = SUBMITTED_ONCE
) -> set[int]:
    """Return the ids of the proposals in these statuses that a conflict bars the user from."""
    return barred_for(evaluator(user), edition, statuses)
