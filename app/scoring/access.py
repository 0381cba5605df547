"""Which sheet an address means: always the reader's own."""

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.proposals.models import Proposal
from app.screening.models import Sheet
from app.screening.permissions import can_write_sheet, evaluator
from app.screening.queries import own_sheet
from app.screening.recusals import conflicts_between
from app.web.access import loads


@loads("kind")
def kind_of(name: str, **_records: object) -> SheetKind | None:
    """Return the kind of sheet."""
    return SheetKind(name) if name in set(SheetKind) else None


@loads("sheet")
def sheet_of(name: str, *, user: User, edition: Edition, proposal: Proposal) -> Sheet | None:
    """Return the user's own sheet of this kind, None where they have none or are recused.

    Conflicts are derived anew: a change in the tree of agencies acts at once.
    """
    kind = kind_of(name)
    if user.person is None or kind is None:
        return None
    sheet = own_sheet(user.person, proposal, kind)
    if sheet is None or not can_write_sheet(user, sheet):
        return None
    return None if conflicts_between(evaluator(user), proposal, edition) else sheet
