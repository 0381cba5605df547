"""The tabulation of the desk evaluation: what is ranked, filtered, and marked for a decision.

A proposal from which a conflict bars the reader is left out altogether: neither its place nor the
gap that it would leave tells anything of it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only

from app.database import db
from app.editions.models import Agency, Edition
from app.proposals.lists import matching
from app.proposals.models import Proposal
from app.screening.models import Decision, DeskStanding
from app.screening.queries import GONE
from app.screening.statistics import UNIT
from app.workflow import N_, Message, Status

BINS, HIGHEST = 10, 100_000_000
UNDECIDED = (Status.SUBMITTED, Status.ELIGIBLE)


class Show(StrEnum):
    """Which proposals the tabulation shows."""

    ALL = "all"
    UNDECIDED = "undecided"
    PREPARED = "prepared"
    DISAGREEMENT = "disagreement"
    MISSING = "missing"

    @property
    def label(self) -> Message:
        """The message that names this choice."""
        return {
            Show.ALL: N_("All"),
            Show.UNDECIDED: N_("Without a decision"),
            Show.PREPARED: N_("With a prepared decision"),
            Show.DISAGREEMENT: N_("Evaluators disagree"),
            Show.MISSING: N_("Sheets are missing"),
        }[self]


class Order(StrEnum):
    """What the tabulation is sorted by."""

    MEAN = "mean"
    MEDIAN = "median"
    SPREAD = "spread"
    NUMBER = "number"

    @property
    def label(self) -> Message:
        """The message that names this order."""
        return {
            Order.MEAN: N_("Mean"),
            Order.MEDIAN: N_("Median"),
            Order.SPREAD: N_("Spread"),
            Order.NUMBER: N_("Number"),
        }[self]


@dataclass(frozen=True)
class Filters:
    """What the reader asks of the tabulation; `top` keeps the first places, ties included."""

    show: Show = Show.ALL
    order: Order = Order.MEAN
    search: str = ""
    top: int | None = None

    def as_fields(self) -> dict[str, Any]:
        """Return them as fields of an address or a form; what is not asked is left out."""
        fields = {"show": self.show.value, "order": self.order.value, "search": self.search}
        return {name: value for name, value in (fields | {"top": self.top}).items() if value}


def tabulation(
    edition: Edition, filters: Filters, *, without: Collection[int]
) -> Select[DeskStanding]:
    """Select the standings that the filters find, in their order; `without` are proposal ids."""
    return (
        select(DeskStanding)
        .join(DeskStanding.proposal)
        .where(*_counting(edition, without), *_conditions(edition, filters, without))
        .options(
            contains_eager(DeskStanding.proposal).options(
                load_only(Proposal.number, Proposal.title, Proposal.status),
                joinedload(Proposal.agency).load_only(Agency.name),
            )
        )
        .order_by(*_order(filters.order))
    )


def ranks(
    standings: Sequence[DeskStanding], edition: Edition, *, without: Collection[int]
) -> dict[int, int]:
    """Return the rank of each of these standings, by proposal id; none without a mean.

    It is one more than how many have a higher mean, so that equal ones share theirs. All that are
    higher are counted in the index, less those who are out or left out: two queries, quick at any
    size of the edition.
    """
    whole = {each.proposal_id: each.mean for each in standings if each.mean is not None}
    above = aliased(DeskStanding)
    higher = (
        select(func.count())
        .where(above.edition_id == edition.id, above.mean > DeskStanding.mean)
        .correlate(DeskStanding)
        .scalar_subquery()
    )
    counts = db.session.execute(
        select(DeskStanding.proposal_id, higher).where(DeskStanding.proposal_id.in_(whole))
    )
    out = db.session.scalars(
        select(DeskStanding.mean)
        .join(DeskStanding.proposal)
        .where(
            DeskStanding.edition_id == edition.id,
            DeskStanding.mean.is_not(None),
            or_(Proposal.status.in_(GONE), Proposal.id.in_(without)),
        )
    ).all()
    return {
        proposal_id: count + 1 - sum(1 for mean in out if mean and mean > whole[proposal_id])
        for proposal_id, count in counts
    }


def histogram(points: Iterable[int]) -> list[int]:
    """Count totals (in millionths of a point) by tens: 0 to under 10, …, 90 to 100."""
    counts = [0] * BINS
    for each in points:
        counts[min(each * BINS // HIGHEST, BINS - 1)] += 1
    return counts


def passing_units(edition: Edition) -> int | None:
    """Return the passing grade in the units of a standing."""
    grade = edition.passing_grade
    return None if grade is None else int(grade * UNIT)


def disagreement_units(edition: Edition) -> int:
    """Return the spread in units from which on evaluators disagree."""
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


def _counting(edition: Edition, without: Collection[int]) -> list[ColumnElement[bool]]:
    return [
        DeskStanding.edition_id == edition.id,
        Proposal.status.not_in(GONE),
        Proposal.id.not_in(without),
    ]


def _conditions(
    edition: Edition, filters: Filters, without: Collection[int]
) -> list[ColumnElement[bool]]:
    is_prepared = (
        select(Decision.id)
        .where(Decision.proposal_id == DeskStanding.proposal_id, Decision.announced_at.is_(None))
        .exists()
    )
    shown = {
        Show.ALL: true(),
        Show.UNDECIDED: and_(Proposal.status.in_(UNDECIDED), ~is_prepared),
        Show.PREPARED: is_prepared,
        Show.DISAGREEMENT: DeskStanding.spread >= disagreement_units(edition),
        Show.MISSING: DeskStanding.mean.is_(None),
    }[filters.show]
    conditions: list[ColumnElement[bool]] = [shown]
    if filters.search:
        conditions.append(matching(filters.search))
    if filters.top is not None:
        conditions.append(_is_among(filters.top, edition, without))
    return conditions


def _is_among(top: int, edition: Edition, without: Collection[int]) -> ColumnElement[bool]:
    """Tell whether a standing is as high as the one in place `top`; all are if there are fewer."""
    last = db.session.scalar(
        select(DeskStanding.mean)
        .join(DeskStanding.proposal)
        .where(*_counting(edition, without), DeskStanding.mean.is_not(None))
        .order_by(DeskStanding.mean.desc())
        .offset(top - 1)
        .limit(1)
    )
    has_mean = DeskStanding.mean.is_not(None)
    return has_mean if last is None else or_(DeskStanding.mean >= last)


def _order(order: Order) -> list[ColumnElement[Any]]:
    column: Any = {
        Order.MEAN: DeskStanding.mean.desc().nulls_last(),
        Order.MEDIAN: DeskStanding.median.desc().nulls_last(),
        Order.SPREAD: DeskStanding.spread.desc().nulls_last(),
        Order.NUMBER: Proposal.number,
    }[order]
    return [column, DeskStanding.proposal_id]
