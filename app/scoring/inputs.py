"""What results are computed from: standings, scores on locked sheets, turnouts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction

from sqlalchemy import Integer, Row, func, select, type_coerce

from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.editions.rules import WHOLE
from app.evaluation.adjustment import Rating
from app.evaluation.models import Score, Sheet, Standing
from app.evaluation.statistics import from_units
from app.proposals.models import Proposal
from app.scoring.ranking import Ranked, combined
from app.scoring.turnouts import short_presentations
from app.workflow import COMPETING

HUNDREDTHS = 100
CriterionMeans = dict[tuple[int, int], Fraction]
"""Exact means in points, by proposal id and criterion id."""
_Standing = Row[int, SheetKind, int, int, int | None]


def shares_of(edition: Edition) -> dict[SheetKind, int]:
    """Return what each kind of sheet that counts gives to the result, in percent."""
    shares = {
        SheetKind.DESK: edition.desk_share,
        SheetKind.PRESENTATION: WHOLE - edition.desk_share,
    }
    return {kind: share for kind, share in shares.items() if share}


def has_every_sheet(edition: Edition) -> bool:
    """Return whether every sheet that counts for a competing proposal is submitted."""
    competing = select(Proposal.id).where(
        Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING)
    )
    whole = dict(
        db.session.execute(
            select(Standing.kind, func.count())
            .where(Standing.proposal_id.in_(competing), Standing.is_whole)
            .group_by(Standing.kind)
        ).all()
    )
    count = db.session.scalar(select(func.count()).select_from(competing.subquery())) or 0
    return count > 0 and all(whole.get(kind, 0) == count for kind in shares_of(edition))


def lines_so_far(edition: Edition) -> list[Ranked]:
    """Return each competing proposal with its weighted mean, no values while a sheet is missing."""
    standings = _standings(edition)
    short = short_presentations(edition).keys() if edition.desk_share < WHOLE else set()
    return [
        _line(proposal_id, number, standings, edition, is_short=proposal_id in short)
        for proposal_id, number in _competing(edition)
    ]


def ratings_in(edition: Edition, kind: SheetKind) -> list[Rating]:
    """Return what each judge gave each proposal on locked sheets of this kind that count.

    With points for each criterion in their order; two sheets of one judge are one rating, their
    mean. Those of proposals that were withdrawn or disqualified are among them: they go on telling
    how severe a judge is, so that the others don't swap places when one of them leaves.
    """
    columns = {criterion.id: place for place, criterion in enumerate(edition.criteria_of(kind))}
    rows = db.session.execute(
        select(
            Sheet.proposal_id,
            Sheet.evaluator_id,
            Sheet.look,
            Score.criterion_id,
            type_coerce(Score.value, Integer),
        )
        .join(Score, Score.sheet_id == Sheet.id)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .where(
            Proposal.edition_id == edition.id,
            Sheet.kind == kind,
            Sheet.is_locked,
            Sheet.counts,
            Score.value.is_not(None),
        )
        .order_by(Sheet.id)
    )
    values: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * len(columns))
    looks: dict[tuple[int, int], set[int]] = defaultdict(set)
    for proposal_id, judge_id, look, criterion_id, hundredths in rows:
        if criterion_id in columns:
            values[proposal_id, judge_id][columns[criterion_id]] += hundredths
            looks[proposal_id, judge_id].add(look)
    return [
        Rating(*pair, tuple(Fraction(value, HUNDREDTHS * len(looks[pair])) for value in own))
        for pair, own in values.items()
    ]


def mean_scores(proposals: Collection[int], criteria: Collection[int]) -> CriterionMeans:
    """Return the exact mean of the locked scores that count, by proposal id and criterion id.

    It runs over judges: two sheets of one count as their mean.
    """
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
        .group_by(Sheet.proposal_id, Score.criterion_id, Sheet.evaluator_id)
    )
    found: dict[tuple[int, int], list[Fraction]] = defaultdict(list)
    for proposal_id, criterion_id, total, count in rows:
        found[proposal_id, criterion_id].append(Fraction(total or 0) / count)
    return {key: sum(own, Fraction(0)) / len(own) for key, own in found.items()}


def ladder_of(edition: Edition) -> list[Mapping[SheetKind, Criterion]]:
    """Return what breaks ties, first one first: at most one criterion of each kind a rung."""
    rungs: dict[int, dict[SheetKind, Criterion]] = defaultdict(dict)
    for criterion in edition.criteria:
        if criterion.tie_break:
            rungs[criterion.tie_break][criterion.kind] = criterion
    return [rungs[order] for order in sorted(rungs)]


def _line(
    proposal_id: int,
    number: int,
    standings: Mapping[tuple[int, SheetKind], _Standing],
    edition: Edition,
    *,
    is_short: bool,
) -> Ranked:
    found = (standings.get((proposal_id, kind)) for kind in shares_of(edition))
    present = [standing for standing in found if standing is not None]
    expected = sum(standing.sheets_expected for standing in present)
    locked = sum(standing.sheets_locked for standing in present)
    means = {standing.kind: from_units(standing.mean) for standing in present if locked == expected}
    desk, presentation = means.get(SheetKind.DESK), means.get(SheetKind.PRESENTATION)
    final = combined(desk, presentation, edition.desk_share)
    return Ranked(
        proposal_id, number, expected, locked, desk, presentation, final, is_short=is_short
    )


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
