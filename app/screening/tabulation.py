"""The tabulation of the desk evaluation: what is ranked, filtered, and marked for a decision.

A proposal that a conflict bars the reader from is left out altogether: neither its place nor a gap
in its place reveals anything about it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, load_only

from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.units import Agency
from app.evaluation.kept import kept
from app.evaluation.models import Standing
from app.evaluation.queries import GONE
from app.evaluation.statistics import UNIT, ranks
from app.proposals.lists import matching
from app.proposals.models import Proposal
from app.screening.models import Decision
from app.workflow import N_, Labelled, Status

UNDECIDED = (Status.SUBMITTED, Status.ELIGIBLE)


class TabulationView(Labelled):
    """Which proposals the tabulation shows."""

    ALL = "all", N_("All")
    UNDECIDED = "undecided", N_("Without a decision")
    PREPARED = "prepared", N_("With a prepared decision")
    DISAGREEMENT = "disagreement", N_("Evaluators disagree")
    MISSING = "missing", N_("Score sheets are missing")


class TabulationOrder(Labelled):
    """What the tabulation is sorted by."""

    MEAN = "mean", N_("Mean")
    MEDIAN = "median", N_("Median")
    SPREAD = "spread", N_("Spread")
    NUMBER = "number", N_("Number")


@dataclass(frozen=True)
class TabulationFilters:
    """The reader's filters for the tabulation; `top` keeps the first places, including ties."""

    show: TabulationView = TabulationView.ALL
    order: TabulationOrder = TabulationOrder.MEAN
    search: str = ""
    top: int | None = None

    def as_fields(self) -> dict[str, Any]:
        """Return the filters as fields of an address or a form; unused ones are left out."""
        fields = {"show": self.show.value, "order": self.order.value, "search": self.search}
        return {name: value for name, value in (fields | {"top": self.top}).items() if value}


def tabulation(
    edition: Edition, filters: TabulationFilters, *, without: Collection[int]
) -> Select[Standing]:
    """Select the standings that match the filters, in their order; `without` are proposal ids."""
    return (
        select(Standing)
        .join(Standing.proposal)
        .where(*_counting(edition, without), *_conditions(edition, filters, without))
        .options(
            contains_eager(Standing.proposal).options(
                load_only(Proposal.number, Proposal.title, Proposal.status),
                joinedload(Proposal.agency).load_only(Agency.name),
            )
        )
        .order_by(*_order(filters.order))
    )


def all_found(
    edition: Edition, filters: TabulationFilters, *, without: Collection[int]
) -> list[Proposal]:
    """Return every proposal that matches the filters, in their order."""
    found = db.session.scalars(tabulation(edition, filters, without=without))
    return [standing.proposal for standing in found]


def desk_means(edition: Edition) -> dict[int, Fraction]:
    """Return the exact desk mean of every tabulated proposal that has one, in points, by id."""
    means = kept("desk means", edition, lambda: _means(edition))
    return {proposal_id: Fraction(mean, UNIT) for proposal_id, mean in means}


def ranks_by_mean(edition: Edition, *, without: Collection[int]) -> dict[int, int]:
    """Return the rank of every proposal that has a mean, by proposal id."""
    means = kept("desk means", edition, lambda: _means(edition))
    ranked = [(proposal_id, mean) for proposal_id, mean in means if proposal_id not in without]
    places = ranks([mean for _, mean in ranked])
    return {proposal_id: rank for (proposal_id, _), rank in zip(ranked, places, strict=True)}


def is_whole(edition: Edition) -> bool:
    """Return whether there are tabulated proposals, and all their desk sheets are submitted."""
    counting = select(Standing.proposal_id).join(Standing.proposal).where(*_counting(edition, ()))
    is_missing = counting.where(Standing.mean.is_(None)).exists()
    return bool(db.session.scalar(select(and_(counting.exists(), ~is_missing))))


def passing_units(edition: Edition) -> int | None:
    """Return the passing grade in the units of a standing."""
    grade = edition.passing_grade
    return None if grade is None else int(grade * UNIT)


def disagreement_units(edition: Edition) -> int:
    """Return the spread, in units, from which evaluators count as disagreeing."""
    return edition.disagreement * UNIT


def prepared_outcomes(edition: Edition, *, without: Collection[int]) -> dict[str, int]:
    """Count the prepared decisions by their outcome."""
    rows = db.session.execute(
        select(Decision.outcome, func.count())
        .join(Decision.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Decision.announced_at.is_(None),
            Proposal.id.not_in(without),
        )
        .group_by(Decision.outcome)
        .order_by(Decision.outcome)
    )
    return {outcome.value: count for outcome, count in rows}


def _means(edition: Edition) -> list[tuple[int, int]]:
    """Return the mean of every proposal that has one, by its id, the highest first."""
    rows = db.session.execute(
        select(Standing.proposal_id, Standing.mean)
        .join(Standing.proposal)
        .where(*_counting(edition, ()), Standing.mean.is_not(None))
        .order_by(Standing.mean.desc())
    )
    return [(proposal_id, mean) for proposal_id, mean in rows if mean is not None]


def _counting(edition: Edition, without: Collection[int]) -> list[ColumnElement[bool]]:
    return [
        Standing.edition_id == edition.id,
        Standing.kind == SheetKind.DESK,
        Proposal.status.not_in(GONE),
        Proposal.id.not_in(without),
    ]


def _conditions(
    edition: Edition, filters: TabulationFilters, without: Collection[int]
) -> list[ColumnElement[bool]]:
    is_prepared = (
        select(Decision.id)
        .where(Decision.proposal_id == Standing.proposal_id, Decision.announced_at.is_(None))
        .exists()
    )
    shown = {
        TabulationView.ALL: true(),
        TabulationView.UNDECIDED: and_(Proposal.status.in_(UNDECIDED), ~is_prepared),
        TabulationView.PREPARED: is_prepared,
        TabulationView.DISAGREEMENT: Standing.spread >= disagreement_units(edition),
        TabulationView.MISSING: Standing.mean.is_(None),
    }[filters.show]
    conditions: list[ColumnElement[bool]] = [shown]
    if filters.search:
        conditions.append(matching(filters.search))
    if filters.top is not None:
        conditions.append(_is_among(filters.top, edition, without))
    return conditions


def _is_among(top: int, edition: Edition, without: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a mean reaches that in place `top`; any does if there is none."""
    last = db.session.scalar(
        select(Standing.mean)
        .join(Standing.proposal)
        .where(*_counting(edition, without), Standing.mean.is_not(None))
        .order_by(Standing.mean.desc())
        .offset(top - 1)
        .limit(1)
    )
    has_mean = Standing.mean.is_not(None)
    return has_mean if last is None else or_(Standing.mean >= last)


def _order(order: TabulationOrder) -> list[ColumnElement[Any]]:
    column: Any = {
        TabulationOrder.MEAN: Standing.mean.desc().nulls_last(),
        TabulationOrder.MEDIAN: Standing.median.desc().nulls_last(),
        TabulationOrder.SPREAD: Standing.spread.desc().nulls_last(),
        TabulationOrder.NUMBER: Proposal.number,
    }[order]
    return [column, Standing.proposal_id]
