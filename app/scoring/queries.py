"""Reading standings and the progress of the sheets."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Agency, Edition
from app.proposals.models import Proposal
from app.schedule.appearances import appearance_of
from app.schedule.published import Appearance
from app.scoring.models import Standing
from app.screening.models import Score, Sheet
from app.screening.queries import sheets_of
from app.screening.statistics import ranks
from app.workflow import COMPETING


@dataclass(frozen=True)
class Ranked:
    """A standing with its rank; without a final result there is none."""

    rank: int | None
    standing: Standing


def own_sheets(person: Person, edition: Edition, kind: SheetKind) -> Select[Sheet]:
    """Select the person's sheets, those still open first; of presentations in running order."""
    found = sheets_of(person, edition, kind)
    return found if kind is SheetKind.DESK else _in_running_order(found)


def next_open_sheet(
    person: Person, edition: Edition, kind: SheetKind, *, after: Proposal
) -> Sheet | None:
    """Return the person's next sheet to be written, going round after `after`.

    Of presentations the one that comes next; at the desk the one that most lacks evaluations.
    """
    waiting = own_sheets(person, edition, kind).where(
        Sheet.locked_at.is_(None), Sheet.proposal_id != after.id
    )
    if kind is SheetKind.DESK:
        other = aliased(Sheet)
        locked = (
            select(func.count())
            .where(
                other.proposal_id == Sheet.proposal_id,
                other.kind == kind,
                other.locked_at.is_not(None),
                other.is_recused.is_(False),
            )
            .scalar_subquery()
        )
        return _first(waiting, locked, Proposal.number < after.number)
    present = appearance_of(after)
    begun = present.starts_at if present else edition.created_at
    start = Appearance.starts_at
    return _first(waiting, (start < begun).nulls_last(), start.nulls_last())


def standings(edition: Edition) -> Select[Standing]:
    """Select the standings of those who compete, the best first, those without a result last."""
    return (
        select(Standing)
        .join(Standing.proposal)
        .where(Standing.edition_id == edition.id, Proposal.status.in_(COMPETING))
        .options(
            contains_eager(Standing.proposal).options(
                load_only(Proposal.number, Proposal.title, Proposal.status),
                joinedload(Proposal.agency).load_only(Agency.name),
            )
        )
        .order_by(
            Standing.final.desc().nulls_last(),
            Standing.tie_1.desc(),
            Standing.tie_2.desc(),
            Standing.proposal_id,
        )
    )


def ranked(edition: Edition) -> list[Ranked]:
    """Return the whole ranking; it is provisional while `is_complete` says so."""
    rows = list(db.session.scalars(standings(edition)))
    with_result = [row for row in rows if row.final is not None]
    places = ranks([result_of(row) for row in with_result])
    numbered = [Ranked(rank, row) for rank, row in zip(places, with_result, strict=True)]
    return numbered + [Ranked(None, row) for row in rows if row.final is None]


def ranked_page(edition: Edition, found: Pagination) -> list[Ranked]:
    """Give the standings of one page their ranks, by counting who stands before the first."""
    rows = [row for row in found.items if row.final is not None]
    if not rows:
        return [Ranked(None, row) for row in found.items]
    better = _better_than(edition, rows[0]) if found.page > 1 else 0
    places = ranks([result_of(row) for row in rows], first=better + 1)
    if len(rows) > 1:
        offset = found.first - places[0]
        places = _continued(places, rows, offset)
    numbered = [Ranked(rank, row) for rank, row in zip(places, rows, strict=True)]
    return numbered + [Ranked(None, row) for row in found.items if row.final is None]


def result_of(standing: Standing) -> tuple[int, ...]:
    """Return what decides the order: the final result, then what breaks a tie."""
    return (standing.final or 0, standing.tie_1 or 0, standing.tie_2 or 0)


def is_complete(edition: Edition) -> bool:
    """Tell whether every sheet of every competing proposal is locked."""
    unfinished = (
        select(Proposal.id)
        .outerjoin(Standing, Standing.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            (Standing.sheets_locked < Standing.sheets_expected) | Standing.final.is_(None),
        )
        .limit(1)
    )
    return edition.is_frozen and db.session.scalar(unfinished) is None


def counting_sheets(proposal: Proposal) -> list[Sheet]:
    """Return the sheets of both kinds that count or will count for the proposal."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.proposal_id == proposal.id, Sheet.is_recused.is_(False))
            .order_by(Sheet.kind, Sheet.id)
        )
    )


def sheets_with_evaluators(proposal: Proposal, kind: SheetKind) -> list[Sheet]:
    """Return every sheet of the kind with its evaluator, recused ones included."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.proposal_id == proposal.id, Sheet.kind == kind)
            .options(joinedload(Sheet.evaluator))
            .order_by(Sheet.id)
        )
    )


def scores_by_criterion(proposal: Proposal) -> dict[int, list[Score]]:
    """Return the locked scores that count for the proposal by criterion."""
    rows = db.session.scalars(
        select(Score)
        .join(Sheet, Sheet.id == Score.sheet_id)
        .where(
            Sheet.proposal_id == proposal.id,
            Sheet.locked_at.is_not(None),
            Sheet.is_recused.is_(False),
        )
        .order_by(Score.criterion_id, Score.sheet_id)
    )
    found = defaultdict(list)
    for score in rows:
        found[score.criterion_id].append(score)
    return found


def _first(sheets: Select[Sheet], *order: Any) -> Sheet | None:
    ordered = sheets.order_by(None).order_by(*order, Proposal.number)
    return db.session.scalar(ordered.limit(1))


def _in_running_order(sheets: Select[Sheet]) -> Select[Sheet]:
    held = (Appearance.proposal_id == Sheet.proposal_id) & Appearance.cancelled_at.is_(None)
    order = (Sheet.locked_at.is_not(None), Appearance.starts_at.nulls_last(), Proposal.number)
    return sheets.outerjoin(Appearance, held).order_by(None).order_by(*order)


def _better_than(edition: Edition, standing: Standing) -> int:
    final, first, second = result_of(standing)
    tie_1, tie_2 = func.coalesce(Standing.tie_1, 0), func.coalesce(Standing.tie_2, 0)
    is_better = (Standing.final > final) | (
        (Standing.final == final) & ((tie_1 > first) | ((tie_1 == first) & (tie_2 > second)))
    )
    statement = (
        select(func.count())
        .select_from(Standing)
        .join(Standing.proposal)
        .where(Standing.edition_id == edition.id, Proposal.status.in_(COMPETING), is_better)
    )
    return db.session.scalar(statement) or 0


def _continued(places: list[int], rows: list[Standing], offset: int) -> list[int]:
    """Shift the ranks after a tie that began on an earlier page: they count those before it too."""
    first = result_of(rows[0])
    return [
        place if result_of(row) == first else place + offset
        for place, row in zip(places, rows, strict=True)
    ]
