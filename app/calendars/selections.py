"""Which presentations a feed holds: of one day, room, agency, category, or of a role. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from app.editions.kinds import Role
from app.programme.models import Appearance
from app.web.fields import whole


@dataclass(frozen=True)
class Selection:
    """What an address asks for; a part that is missing or invalid narrows nothing."""

    day: date | None = None
    room: int = 0
    agency: int = 0
    category: int = 0
    role: Role | None = None

    @property
    def key(self) -> str:
        """What distinguishes this selection from any other."""
        return "-".join(str(value or 0) for value in vars(self).values())

    def of(self, rows: Iterable[Appearance], zone: ZoneInfo) -> list[Appearance]:
        """Return the presentations that are asked for, in their order."""
        return [appearance for appearance in rows if self._holds(appearance, zone)]

    def _holds(self, appearance: Appearance, zone: ZoneInfo) -> bool:
        return (
            self.day in {None, appearance.starts_at.astimezone(zone).date()}
            and self.room in {0, appearance.room_id}
            and self.agency in {0, appearance.proposal.agency_id}
            and self.category in {0, appearance.proposal.category_id}
        )


def selection_asked(arguments: Mapping[str, str]) -> Selection:
    """Read the selection from an address."""
    role = arguments.get("role", "")
    return Selection(
        day=_day(arguments.get("day", "")),
        room=whole(arguments.get("room")),
        agency=whole(arguments.get("agency")),
        category=whole(arguments.get("category")),
        role=Role(role) if role in set(Role) else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
