"""The list of what is in screening: narrowed by where each proposal stands in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select, true

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Standing
from app.proposals import lists
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.models import Decision, EligibilityFinding, Finding
from app.workflow import N_, Message


class Show(StrEnum):
    """Which proposals in screening the list shows."""

    ALL = "all"
    UNCHECKED = "unchecked"
    NOT_MET = "not_met"
    LACKING = "lacking"
    WAITING = "waiting"
    UNDECIDED = "undecided"

    @property
    def label(self) -> Message:
        """The message that names this choice."""
        return {
            Show.ALL: N_("All"),
            Show.UNCHECKED: N_("Checklist not done"),
            Show.NOT_MET: N_("Not all requirements met"),
            Show.LACKING: N_("Evaluators are lacking"),
            Show.WAITING: N_("Sheets are missing"),
            Show.UNDECIDED: N_("Without a decision"),
        }[self]


SHOWS = tuple((each.value, each.label) for each in Show)


@dataclass(frozen=True)
class Filters:
    """What the reader asks of the list."""

    common: lists.Filters
    show: Show = Show.ALL

    def as_fields(self) -> dict[str, Any]:
        """Return them as fields of an address; what is not asked is left out."""
        show = {} if self.show is Show.ALL else {"show": self.show.value}
        return self.common.as_fields() | show

    def select(self, edition: Edition, *, without: Collection[int]) -> Select[Proposal]:
        """Select what is in screening as asked.

        Where a filter asks for a decision or sheets, what a conflict bars the reader from (the ids
        `without`) is left out: being found would tell of it.
        """
        found = queries.screened(edition).where(_condition(self.show, edition))
        if self.show is not Show.ALL:
            found = found.where(Proposal.id.not_in(without))
        return self.common.narrow(found)


def asked(values: Mapping[str, str]) -> Filters:
    """Read the filters from an address; what says nothing sensible is left out."""
    show = values.get("show", "")
    return Filters(lists.asked(values), Show(show) if show in set(Show) else Show.ALL)


def _condition(show: Show, edition: Edition) -> ColumnElement[bool]:
    of_it = EligibilityFinding.proposal_id == Proposal.id
    checked = select(func.count()).where(of_it).scalar_subquery()
    unmet = select(EligibilityFinding.item_id).where(
        of_it, EligibilityFinding.finding != Finding.MEETS
    )
    enough = select(Standing.proposal_id).where(
        Standing.proposal_id == Proposal.id,
        Standing.kind == SheetKind.DESK,
        Standing.sheets_expected >= edition.screeners_each,
    )
    open_sheets = select(Standing.proposal_id).where(
        Standing.proposal_id == Proposal.id,
        Standing.kind == SheetKind.DESK,
        Standing.sheets_locked < Standing.sheets_expected,
    )
    prepared = select(Decision.id).where(
        Decision.proposal_id == Proposal.id, Decision.announced_at.is_(None)
    )
    return {
        Show.ALL: true(),
        Show.UNCHECKED: checked < len(edition.eligibility_items),
        Show.NOT_MET: unmet.exists(),
        Show.LACKING: not_(enough.exists()),
        Show.WAITING: open_sheets.exists(),
        Show.UNDECIDED: not_(prepared.exists()),
    }[show]
