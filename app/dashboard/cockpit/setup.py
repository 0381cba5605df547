"""What an edition needs before its first stage opens, in the order in which things need each other.

Each item says whether it is there, and leads to the page on which it is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.editions.kinds import Role, SheetKind, Stage
from app.editions.models import Edition, Membership
from app.editions.rules import WHOLE
from app.schedule.draft.models import Panel, Slot
from app.workflow import N_, Message


@dataclass(frozen=True)
class SetupItem:
    """Something an edition needs: `lacks` says what is missing, nothing once it is there."""

    label: Message
    endpoint: str
    lacks: Message | None = None
    part: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether it is there."""
        return self.lacks is None

    @property
    def address(self) -> Mapping[str, Any]:
        """The values of the page's address, besides the edition."""
        return {"part": self.part} if self.part else {}


@dataclass(frozen=True)
class Staff:
    """How many people hold each role, and whether one of the judges chairs."""

    counts: Mapping[Role, int]
    has_chair: bool


def setup_items(edition: Edition) -> list[SetupItem]:
    """Return what the edition needs, in order, in a bounded number of queries."""
    staff = _staff(edition)
    return [
        _when(edition),
        _item(N_("Presentation days"), edition.days, N_("No days yet"), part="days"),
        _item(N_("Venue"), edition.venue, N_("Not filled in yet")),
        _item(N_("Contact of the secretariat"), edition.contact, N_("Not filled in yet")),
        _item(N_("Legal basis"), edition.legal_basis, N_("Not filled in yet")),
        _committee(edition, staff),
        _judges(edition, staff),
        _item(
            N_("Innovators"),
            staff.counts.get(Role.INNOVATOR),
            N_("Nobody can start a proposal yet"),
            endpoint="people.index",
        ),
        _criteria(edition),
        _item(N_("Form"), edition.sections, N_("No sections yet"), part="sections"),
        _item(
            N_("Eligibility checklist"),
            edition.eligibility_items,
            N_("No items yet"),
            part="eligibility_items",
        ),
        _item(N_("Rooms"), edition.rooms, N_("No rooms yet"), part="rooms"),
        _item(N_("Slots"), _has(Slot, edition), N_("Not created yet"), endpoint="schedule.slots"),
        _panels(edition),
        _item(N_("Visibility"), edition.is_public, N_("The public can't see the edition yet")),
    ]


def _when(edition: Edition) -> SetupItem:
    missing = [stage for stage in Stage if edition.window(stage) is None]
    lacks = N_("Some stages have no dates") if missing else None
    return SetupItem(N_("Stage dates"), "editions.windows", lacks)


def _committee(edition: Edition, staff: Staff) -> SetupItem:
    enough = staff.counts.get(Role.SCREENER, 0) >= edition.screeners_each
    lacks = None if enough else N_("Too few people for the evaluators each proposal needs")
    return SetupItem(N_("Selection committee"), "people.index", lacks)


def _judges(edition: Edition, staff: Staff) -> SetupItem:
    lacks = None
    if staff.counts.get(Role.JUDGE, 0) < edition.quorum:
        lacks = N_("Fewer than the quorum")
    elif not staff.has_chair:
        lacks = N_("No chair")
    return SetupItem(N_("Judges and their chair"), "people.index", lacks)


def _criteria(edition: Edition) -> SetupItem:
    shares = {SheetKind.DESK: edition.desk_share, SheetKind.PRESENTATION: 100 - edition.desk_share}
    sums = [
        sum(criterion.weight for criterion in edition.criteria_of(kind))
        for kind, share in shares.items()
        if share
    ]
    lacks = (
        None if all(weight == WHOLE for weight in sums) else N_("The weights don't add up to 100")
    )
    return SetupItem(N_("Criteria"), "editions.settings_list", lacks, "criteria")


def _panels(edition: Edition) -> SetupItem:
    is_done = len(edition.rooms) < 2 or _has(Panel, edition)  # noqa: PLR2004 -- one needs no panel
    lacks = None if is_done else N_("Several rooms, but all judges in each of them")
    return SetupItem(N_("Panels"), "panels.index", lacks)


def _item(
    label: Message,
    there: object,
    lacks: Message,
    *,
    endpoint: str = "editions.settings",
    part: str | None = None,
) -> SetupItem:
    endpoint = "editions.settings_list" if part else endpoint
    return SetupItem(label, endpoint, None if there else lacks, part)


def _staff(edition: Edition) -> Staff:
    rows = db.session.execute(
        select(Membership.role, Membership.is_chair, func.count())
        .where(Membership.edition_id == edition.id)
        .group_by(Membership.role, Membership.is_chair)
    )
    counts: dict[Role, int] = {}
    has_chair = False
    for role, is_chair, count in rows:
        counts[role] = counts.get(role, 0) + count
        has_chair = has_chair or is_chair
    return Staff(counts, has_chair)


def _has(table: type[Slot | Panel], edition: Edition) -> bool:
    statement = select(table.id).where(table.edition_id == edition.id).limit(1)
    return db.session.scalar(statement) is not None
