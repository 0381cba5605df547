"""Keeping what the desk sheets of each proposal come to."""

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction
from itertools import islice

from sqlalchemy import select

from app.database import db
from app.editions.kinds import SheetKind
from app.screening.models import DeskStanding, Sheet
from app.screening.statistics import mean, median, spread, to_units

MILLION = 1_000_000
BATCH = 500  # proposals looked up at once


def update_desk(edition_id: int, proposals: Collection[int]) -> None:
    """Compute anew where these proposals (by id) stand, exactly, in two queries for 500 of them."""
    db.session.flush()
    remaining = iter(sorted(proposals))
    while batch := list(islice(remaining, BATCH)):
        sheets = _desk_sheets(batch)
        known = _known(batch)
        for proposal_id in batch:
            standing = known.get(proposal_id) or _new(edition_id, proposal_id)
            _fill(standing, sheets[proposal_id])
    db.session.flush()


def _fill(standing: DeskStanding, sheets: list[Sheet]) -> None:
    points = [Fraction(each.points, MILLION) for each in sheets if each.points is not None]
    standing.sheets_expected, standing.sheets_locked = len(sheets), len(points)
    counting = points if len(points) == len(sheets) else []
    standing.mean = to_units(mean(counting))
    standing.median = to_units(median(counting))
    standing.spread = to_units(spread(counting))


def _new(edition_id: int, proposal_id: int) -> DeskStanding:
    made = DeskStanding(edition_id=edition_id, proposal_id=proposal_id)
    db.session.add(made)
    return made


def _desk_sheets(proposals: list[int]) -> dict[int, list[Sheet]]:
    rows = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.proposal_id.in_(proposals),
            Sheet.kind == SheetKind.DESK,
            Sheet.is_recused.is_(False),
        )
        .order_by(Sheet.id)
    )
    found = defaultdict(list)
    for sheet in rows:
        found[sheet.proposal_id].append(sheet)
    return found


def _known(proposals: list[int]) -> dict[int, DeskStanding]:
    rows = db.session.scalars(select(DeskStanding).where(DeskStanding.proposal_id.in_(proposals)))
    return {each.proposal_id: each for each in rows}
