"""The list of proposals in screening, filtered by how far they have come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select, true

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Standing
from app.proposals import lists
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.models import Decision, EligibilityFinding, Finding
from app.workflow import N_, Labelled


class ScreeningView(Labelled):
    """Which proposals in screening the list shows."""

    ALL = "all", N_("All in screening")
    UNCHECKED = "unchecked", N_("Checklist not done")
    NOT_MET = "not_met", N_("Not all requirements met")
    LACKING = "lacking", N_("Too few evaluators")
    WAITING = "waiting", N_("Score sheets are missing")
    UNDECIDED = "undecided", N_("Without a decision")


SHOWS = tuple((view.value, view.label) for view in ScreeningView)


@dataclass(frozen=True)
class ScreeningFilters:
    """The reader's filters for the list."""

    common: lists.ProposalFilters
    show: ScreeningView = ScreeningView.ALL

    def as_fields(self) -> dict[str, Any]:
        """Return the filters as fields of an address; unused ones are left out."""
        show = {} if self.show is ScreeningView.ALL else {"show": self.show.value}
        return self.common.as_fields() | show

    def select(self, edition: Edition, *, without: Collection[int]) -> Select[Proposal]:
        """Select the proposals in screening that match the filters.

        If a filter asks for findings, sheets or decisions, proposals that a conflict bars the
        reader from (the ids `without`) are left out: a match would reveal something about them.
        """
        found = queries.screened(edition).where(_condition(self.show, edition))
        if self.show is not ScreeningView.ALL:
            found = found.where(Proposal.id.not_in(without))
        return self.common.narrow(found)


def screening_filters_asked(values: Mapping[str, str]) -> ScreeningFilters:
    """Read the filters from an address, ignoring invalid values."""
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
