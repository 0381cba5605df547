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


class ScreeningView(StrEnum):
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
            ScreeningView.ALL: N_("All"),
            ScreeningView.UNCHECKED: N_("Checklist not done"),
            ScreeningView.NOT_MET: N_("Not all requirements met"),
            ScreeningView.LACKING: N_("Evaluators are lacking"),
            ScreeningView.WAITING: N_("Sheets are missing"),
            ScreeningView.UNDECIDED: N_("Without a decision"),
        }[self]


SHOWS = tuple((each.value, each.label) for each in ScreeningView)


@dataclass(frozen=True)
class ScreeningFilters:
    """What the reader asks of the list."""

    common: lists.ProposalFilters
    show: ScreeningView = ScreeningView.ALL

    def as_fields(self) -> dict[str, Any]:
        """Return them as fields of an address; what is not asked is left out."""
        show = {} if self.show is ScreeningView.ALL else {"show": self.show.value}
        return self.common.as_fields() | show

    def select(self, edition: Edition, *, without: Collection[int]) -> Select[Proposal]:
        """Select what is in screening as asked.

        Where a filter asks for a decision or sheets, what a conflict bars the reader from (the ids
        `without`) is left out: being found would tell of it.
        """
        found = queries.screened(edition).where(_condition(self.show, edition))
        if self.show is not ScreeningView.ALL:
            found = found.where(Proposal.id.not_in(without))
        return self.common.narrow(found)


def screening_filters_asked(values: Mapping[str, str]) -> ScreeningFilters:
    """Read the filters from an address; what says nothing sensible is left out."""
    show = values.get("show", "")
    return ScreeningFilters(
        lists.proposal_filters_asked(values),
        ScreeningView(show) if show in set(ScreeningView) else ScreeningView.ALL,
    )


def _condition(show: ScreeningView, edition: Edition) -> ColumnElement[bool]:
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
        ScreeningView.ALL: true(),
        ScreeningView.UNCHECKED: checked < len(edition.eligibility_items),
        ScreeningView.NOT_MET: unmet.exists(),
        ScreeningView.LACKING: not_(enough.exists()),
        ScreeningView.WAITING: open_sheets.exists(),
        ScreeningView.UNDECIDED: not_(prepared.exists()),
    }[show]
