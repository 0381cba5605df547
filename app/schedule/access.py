"""Which slot, panel, absence or version an address means."""

from app.editions.models import Edition
from app.editions.permissions import User
from app.schedule import absences, queries, swaps
from app.schedule.appearances import version_numbered
from app.schedule.claims import Swap
from app.schedule.models import Absence, Panel, Slot
from app.schedule.permissions import can_pick, can_place
from app.schedule.published import Version
from app.web.access import loads


@loads("slot")
def slot_of(slot_id: int, *, user: User, edition: Edition) -> Slot | None:
    """Return the edition's slot."""
    return queries.slot_with(slot_id, edition)


@loads("swap")
def swap_of(swap_id: int, *, user: User, edition: Edition) -> Swap | None:
    """Return the edition's swap, to who is part of it."""
    found = swaps.swap_with(swap_id, edition)
    is_part = found is not None and (can_pick(user, found.asked) or can_pick(user, found.asking))
    return found if is_part else None


@loads("panel")
def panel_of(panel_id: int, *, user: User, edition: Edition) -> Panel | None:
    """Return the edition's panel."""
    return queries.panel_with(panel_id, edition)


@loads("absence")
def absence_of(absence_id: int, *, user: User, edition: Edition) -> Absence | None:
    """Return an absence of the user's own, to the organiser anybody's."""
    found = absences.absence_with(absence_id, edition)
    is_own = found is not None and user.person is not None and found.person_id == user.person.id
    return found if is_own or can_place(user) else None


@loads("version")
def version_of(number: int, *, user: User, edition: Edition) -> Version | None:
    """Return the edition's version of this number."""
    return version_numbered(number, edition)
