"""Keeping standings: mean, median and spread, one row for each proposal and kind of sheet."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from fractions import Fraction
from itertools import islice

from sqlalchemy import select

from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Sheet, Standing
from app.evaluation.statistics import figures_of, mean, to_units

BATCH = 500  # proposals looked up at once


def update_standings(edition_id: int, proposals: Collection[int], kind: SheetKind) -> None:
    """Recompute, exactly, the standings of these proposals (by id) for this kind of sheet.

    Two queries for 500 proposals. Results based on standings are computed when they are read.
    """
    db.session.flush()
    remaining = iter(sorted(proposals))
    while batch := list(islice(remaining, BATCH)):
        sheets = _counting_sheets(batch, kind)
        known = _known_standings(batch, kind)
        for proposal_id in batch:
            standing = known.get(proposal_id) or _new_standing(edition_id, proposal_id, kind)
            _fill(standing, sheets[proposal_id])
    db.session.get_one(Edition, edition_id).evaluation_revision += 1
    db.session.flush()


def totals_of(sheets: Iterable[Sheet]) -> dict[int, Fraction | None]:
    """Return what each evaluator's sheets for one proposal come to, by person id.

    In millionths of a point: two of one evaluator come to their mean, None while one is open.
    """
    by_evaluator: dict[int, list[int | None]] = defaultdict(list)
    for sheet in sheets:
        by_evaluator[sheet.evaluator_id].append(sheet.points)
    return {evaluator_id: _total_of(own) for evaluator_id, own in by_evaluator.items()}


def _total_of(points: list[int | None]) -> Fraction | None:
    locked = [Fraction(own) for own in points if own is not None]
    return mean(locked) if len(locked) == len(points) else None


def _fill(standing: Standing, sheets: list[Sheet]) -> None:
    totals = list(totals_of(sheets).values())
    figures = figures_of(totals)
    standing.sheets_expected = len(totals)
    standing.sheets_locked = len(totals) - totals.count(None)
    standing.mean = to_units(figures.mean)
    standing.median = to_units(figures.median)
    standing.spread = to_units(figures.spread)


def _new_standing(edition_id: int, proposal_id: int, kind: SheetKind) -> Standing:
    standing = Standing(edition_id=edition_id, proposal_id=proposal_id, kind=kind)
    db.session.add(standing)
    return standing


def _counting_sheets(proposals: list[int], kind: SheetKind) -> dict[int, list[Sheet]]:
    rows = db.session.scalars(
        select(Sheet)
        .where(Sheet.proposal_id.in_(proposals), Sheet.kind == kind, Sheet.counts)
        .order_by(Sheet.id)
    )
    found = defaultdict(list)
    for sheet in rows:
        found[sheet.proposal_id].append(sheet)
    return found


def _known_standings(proposals: list[int], kind: SheetKind) -> dict[int, Standing]:
    rows = db.session.scalars(
        select(Standing).where(Standing.proposal_id.in_(proposals), Standing.kind == kind)
    )
    return {standing.proposal_id: standing for standing in rows}
