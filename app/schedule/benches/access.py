"""Which panel or absence an address means."""

from app.editions.models import Edition
from app.editions.permissions import User
from app.schedule.benches import absences
from app.schedule.draft import queries
from app.schedule.draft.models import Absence, Panel
from app.schedule.draft.permissions import can_place


def panel_of(panel_id: int, *, user: User, edition: Edition) -> Panel | None:
    """Return the edition's panel."""
    return queries.panel_with(panel_id, edition)


def absence_of(absence_id: int, *, user: User, edition: Edition) -> Absence | None:
    """Return one of the user's own absences, or anybody's to the organiser."""
    found = absences.absence_with(absence_id, edition)
    is_own = found is not None and user.person is not None and found.person_id == user.person.id
    return found if is_own or can_place(user) else None
