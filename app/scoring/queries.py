"""Reading what the final result is based on: standings, and the criteria that break ties."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload, load_only

from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Agency, Edition
from app.editions.rules import WHOLE
from app.evaluation.kept import kept
from app.evaluation.models import Score, Sheet, Standing
from app.evaluation.statistics import from_units
from app.proposals.models import Proposal
from app.scoring.ranking import Ranked, Ranking, combined, ranked, tied
from app.workflow import COMPETING

_Standing = Row[int, SheetKind, int, int, int | None]


def ranking_of(edition: Edition) -> Ranking:
    """Return the edition's ranking, computed exactly from its standings in at most three queries.

    It is not stored, only kept in memory: a change on one sheet may move every proposal's place.
    """
    if not edition.is_frozen:
        return Ranking([], is_complete=False)
    return kept("ranking", edition, lambda: _computed(edition))


def proposals_in(lines: Collection[Ranked]) -> dict[int, Proposal]:
    """Return the proposals of these lines as a list shows them, by their id."""
    statement = (
        select(Proposal)
        .where(Proposal.id.in_([line.proposal_id for line in lines]))
        .options(
            load_only(Proposal.number, Proposal.title, Proposal.status),
            joinedload(Proposal.agency).load_only(Agency.name),
        )
    )
    return {proposal.id: proposal for proposal in db.session.scalars(statement)}


def mean_scores(
    proposals: Collection[int], criteria: Collection[int]
) -> dict[tuple[int, int | None], Fraction]:
    """Return the exact mean of the locked scores that count, by proposal id and criterion id."""
    rows = db.session.execute(
        select(Sheet.proposal_id, Score.criterion_id, func.sum(Score.value), func.count())
        .join(Score, Score.sheet_id == Sheet.id)
        .where(
            Sheet.proposal_id.in_(proposals),
            Sheet.counts,
            Sheet.is_locked,
            Score.criterion_id.in_(criteria),
            Score.value.is_not(None),
        )
        .group_by(Sheet.proposal_id, Score.criterion_id)
    )
    return {
        (proposal_id, criterion_id): Fraction(total or 0) / count
        for proposal_id, criterion_id, total, count in rows
    }


def _computed(edition: Edition) -> Ranking:
    standings = _standings(edition)
    lines = [
        _line(proposal_id, number, standings, edition)
        for proposal_id, number in _competing(edition)
    ]
    breakers = _tie_breakers([line.proposal_id for line in tied(lines)], edition)
    return ranked(replace(line, tie_breakers=breakers.get(line.proposal_id, ())) for line in lines)


def _line(
    proposal_id: int,
    number: int,
    standings: Mapping[tuple[int, SheetKind], _Standing],
    edition: Edition,
) -> Ranked:
    """Return the proposal's line in the ranking; while a sheet is missing it has no values."""
    shares = {
        SheetKind.DESK: edition.desk_share,
        SheetKind.PRESENTATION: WHOLE - edition.desk_share,
    }
    known = {kind: standings.get((proposal_id, kind)) for kind, share in shares.items() if share}
    present = [standing for standing in known.values() if standing is not None]
    expected = sum(standing.sheets_expected for standing in present)
    locked = sum(standing.sheets_locked for standing in present)
    means = {standing.kind: from_units(standing.mean) for standing in present if locked == expected}
    desk, presentation = means.get(SheetKind.DESK), means.get(SheetKind.PRESENTATION)
    final = combined(desk, presentation, edition.desk_share)
    return Ranked(proposal_id, number, expected, locked, desk, presentation, final)


def _competing(edition: Edition) -> list[tuple[int, int]]:
    """Return id and number of every competing proposal."""
    rows = db.session.execute(
        select(Proposal.id, Proposal.number)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING))
        .order_by(Proposal.id)
    )
    return [(proposal_id, number) for proposal_id, number in rows]


def _standings(edition: Edition) -> dict[tuple[int, SheetKind], _Standing]:
    """Return what each standing comes to as plain rows, in half the time of entities."""
    rows = db.session.execute(
        select(
            Standing.proposal_id,
            Standing.kind,
            Standing.sheets_expected,
            Standing.sheets_locked,
            Standing.mean,
        )
        .join(Standing.proposal)
        .where(Standing.edition_id == edition.id, Proposal.status.in_(COMPETING))
    )
    return {(standing.proposal_id, standing.kind): standing for standing in rows}


def _tie_breakers(proposals: Collection[int], edition: Edition) -> dict[int, tuple[Fraction, ...]]:
    """Return the criteria that break ties, by proposal id: desk and presentation combined."""
    breaking = {
        (criterion.tie_break, criterion.kind): criterion.id
        for criterion in edition.criteria
        if criterion.tie_break
    }
    if not proposals or not breaking:
        return {}
    means = mean_scores(proposals, breaking.values())
    orders = sorted({order for order, _ in breaking})
    return {
        proposal_id: tuple(
            _both_weighed(
                means.get((proposal_id, breaking.get((order, SheetKind.DESK)))),
                means.get((proposal_id, breaking.get((order, SheetKind.PRESENTATION)))),
                edition.desk_share,
            )
            for order in orders
        )
        for proposal_id in proposals
    }


def _both_weighed(
    desk: Fraction | None, presentation: Fraction | None, desk_share: int
) -> Fraction:
    """Return a criterion's mean: over both kinds of sheets if both have it, else over one."""
    if desk is not None and presentation is not None:
        return combined(desk, presentation, desk_share) or Fraction(0)
    return presentation or desk or Fraction(0)
