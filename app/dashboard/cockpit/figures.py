"""How many proposals, slots and sheets there are, and which of them are late."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.editions.kinds import SheetKind, Stage
from app.editions.models import Edition
from app.evaluation.queries import sheet_counts
from app.proposals.queries import status_counts
from app.schedule.draft.queries import unplaced_count
from app.screening.queries import SCREENABLE
from app.workflow import COMPETING, N_, NN_, SUBMITTED_ONCE, Message, Status

WITHOUT_SCHEDULE = 3  # days before the presentations at which it is late to publish none


@dataclass(frozen=True)
class EditionCounts:
    """The counts of an edition: proposals by status, finalists without a slot, sheets.

    `sheets` says of each kind how many are locked and how many count.
    """

    statuses: Mapping[Status, int]
    unplaced: int
    sheets: Mapping[SheetKind, tuple[int, int]]

    def of(self, *statuses: Status) -> int:
        """Return how many proposals have one of these statuses."""
        return sum(self.statuses.get(status, 0) for status in statuses)

    @property
    def competing(self) -> int:
        """How many finalists there are, those who have presented included."""
        return self.of(*COMPETING)

    def missing(self, kind: SheetKind) -> int:
        """Return how many sheets of this kind are not submitted yet."""
        locked, total = self.sheets[kind]
        return total - locked


@dataclass(frozen=True)
class Tile:
    """One count of the cockpit: of how many, if that is known, and where they are."""

    label: Message
    count: int
    out_of: int | None
    endpoint: str
    filters: Mapping[str, str]


@dataclass(frozen=True)
class LateMatter:
    """Something that is open though its time is over: what, since when, where it is done."""

    text: Message
    count: int
    since: datetime
    endpoint: str


def figures_of(edition: Edition) -> EditionCounts:
    """Count what the edition has, in a bounded number of queries."""
    return EditionCounts(status_counts(edition), unplaced_count(edition), sheet_counts(edition))


def tiles_of(edition: Edition, figures: EditionCounts) -> list[Tile]:
    """Return the six counts that tell how far the competition has come. Pure."""
    kind = SheetKind.PRESENTATION if edition.is_frozen else SheetKind.DESK
    locked, sheets = figures.sheets[kind]
    submitted = figures.of(*SUBMITTED_ONCE - {Status.WITHDRAWN})
    placed, label = figures.competing - figures.unplaced, N_("Score sheets submitted")
    finalist = {"status": Status.FINALIST.value}
    return [
        Tile(N_("Drafts"), figures.of(Status.DRAFT), None, "drafts.index", {}),
        Tile(N_("Proposals submitted"), submitted, None, "proposals.index", {}),
        Tile(N_("Not decided yet"), figures.of(*SCREENABLE), None, "screening.index", {}),
        Tile(N_("Finalists"), figures.competing, edition.finalists, "proposals.index", finalist),
        Tile(N_("In the schedule"), placed, figures.competing, "schedule.slots", {}),
        Tile(label, locked, sheets, "scoring.progress", {}),
    ]


def late_matters(
    edition: Edition,
    figures: EditionCounts,
    *,
    overdue: tuple[int, datetime | None],
    is_scheduled: bool,
    now: datetime,
) -> list[LateMatter]:
    """Return what is open though its time is over. Pure.

    `overdue` are the open sheets of presentations that are over: how many, and since when;
    `is_scheduled` says whether any schedule is published.
    """
    if edition.is_confirmed:
        return []
    screening, picking = (edition.closes(stage) for stage in (Stage.SCREENING, Stage.PICKING))
    desk = 0 if edition.is_frozen else figures.missing(SheetKind.DESK)
    unscheduled = 0 if is_scheduled else figures.competing
    found = (
        (
            NN_(
                "%(count)s desk sheet is not submitted",
                "%(count)s desk sheets are not submitted",
            ),
            desk,
            screening,
            "scoring.progress",
        ),
        (
            NN_(
                "%(count)s proposal is not decided",
                "%(count)s proposals are not decided",
            ),
            figures.of(*SCREENABLE),
            screening,
            "screening.index",
        ),
        (
            NN_(
                "%(count)s finalist has no slot",
                "%(count)s finalists have no slot",
            ),
            figures.unplaced,
            picking,
            "arrangement.index",
        ),
        (
            NN_(
                "The schedule of %(count)s presentation is not published",
                "The schedule of %(count)s presentations is not published",
            ),
            unscheduled,
            _first_day(edition),
            "versions.index",
        ),
        (
            NN_(
                "%(count)s score sheet of a finished presentation is not submitted",
                "%(count)s score sheets of finished presentations are not submitted",
            ),
            *overdue,
            "scoring.progress",
        ),
        (
            NN_(
                "The result of %(count)s finalist is not confirmed",
                "The result of %(count)s finalists is not confirmed",
            ),
            figures.competing,
            _midnight(edition.award_ceremony, edition),
            "awards.plenary",
        ),
    )
    return [
        LateMatter(text, count, since, endpoint)
        for text, count, since, endpoint in found
        if count and since is not None and since <= now
    ]


def _first_day(edition: Edition) -> datetime | None:
    days = [day.date for day in edition.days]
    return _midnight(min(days), edition, before=WITHOUT_SCHEDULE) if days else None


def _midnight(day: dt.date | None, edition: Edition, *, before: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day - dt.timedelta(days=before), dt.time(), tzinfo=edition.zone)
