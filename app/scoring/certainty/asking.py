"""Having the worker compute how sure a complete ranking is; what it found waits to be read."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import not_, select

from app.accounts.models import Person
from app.database import db, transaction
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.evaluation.adjustment import Rating
from app.evaluation.models import Sheet
from app.evaluation.recusals import conflicts_by_pair
from app.jobs import queue
from app.jobs.models import Job, JobState
from app.jobs.worker import Report
from app.programme.queries import appearances
from app.proposals.models import Proposal
from app.scoring.inputs import ratings_in, shares_of
from app.scoring.queries import connected_parts, ranking_of
from app.scoring.ranking import Ranking
from app.scoring.turnouts import turnouts_of
from app.workflow import COMPETING, N_, NotAllowedNow

KIND = "certainty"
READ = 5
APART = N_(
    "The sheets don't connect all proposals, so that how sure a comparison is can't be told."
)
UNSURE = 0.1
"""Where the chance to be above the line lies at least so far from 0 and from 1, it is unsure."""


def request_certainty(edition: Edition, *, by: Person, now: datetime) -> Job:
    """Ask the worker to compute how sure the ranking is, once every sheet is in."""
    if not ranking_of(edition).is_complete:
        raise NotAllowedNow(
            N_("This is computed once every score sheet has been submitted."),
            remedy="scoring.progress",
        )
    return queue.put_job(KIND, edition.id, by_id=by.id, now=now)


@dataclass(frozen=True)
class Certainty:
    """What the worker found last, and whether the ranking is still the one it was found for."""

    content: Mapping[str, Any]
    is_current: bool


def certainty_in(edition: Edition, kind: str = KIND) -> tuple[Job | None, Certainty | None]:
    """Return the newest computation of this kind and what it found, if it is done."""
    job = queue.latest_job(kind, edition.id)
    if job is None or job.state is not JobState.DONE or job.result is None:
        return job, None
    is_current = job.result["revision"] == edition.evaluation_revision
    return job, Certainty(job.result, is_current)


def is_unsure(chance: float) -> bool:
    """Return whether so likely a proposal lies too close to the line to be told from others."""
    return UNSURE <= chance <= 1 - UNSURE


def chances_in(edition: Edition) -> dict[int, float] | None:
    """Return each proposal's chance to be above the line, by id; None unless that is current."""
    _, found = certainty_in(edition)
    if found is None or not found.is_current:
        return None
    return {row[0]: row[1] for row in found.content["places"]}


def compute_certainty(edition_id: int, report: Report) -> dict[str, Any]:
    """Compute, in the worker, how sure the ranking is."""
    from app.scoring.certainty.computing import certainty_of  # noqa: PLC0415 -- loads numpy

    with transaction(writing=False):
        edition = db.session.get_one(Edition, edition_id)
        ranking, revision = ranking_of(edition), edition.evaluation_revision
        if not ranking.is_complete:
            raise NotAllowedNow(N_("This is computed once every score sheet has been submitted."))
        if any(len(connected_parts(edition, kind)) > 1 for kind in shares_of(edition)):
            raise NotAllowedNow(APART)
        question = question_of(edition, ranking)
    report(READ)
    found = certainty_of(question, lambda percent: report(READ + percent * 90 // 100))
    return found | {"revision": revision}


def question_of(edition: Edition, ranking: Ranking) -> Any:  # noqa: ANN401 -- a Question, which loads numpy
    """Return a complete ranking as plain values."""
    from app.scoring.certainty.computing import KindSheets, Question  # noqa: PLC0415 -- loads numpy

    barred = conflicts_by_pair(edition, {Role.JUDGE}, COMPETING)
    own: dict[int, set[int]] = defaultdict(set)
    for judge_id, proposal_id in barred:
        own[judge_id].add(proposal_id)
    competing = [line.proposal_id for line in ranking.lines]
    order, days = _running_order(edition)
    return Question(
        kinds=[
            KindSheets(
                kind,
                [row_of(rating) for rating in ratings_in(edition, kind)],
                [criterion.id for criterion in edition.criteria_of(kind)],
                [float(criterion.weight) / 100 for criterion in edition.criteria_of(kind)],
                share / 100,
            )
            for kind, share in shares_of(edition).items()
        ],
        places={line.proposal_id: line.rank for line in ranking.lines if line.rank},
        competing=competing,
        line=edition.last_awarded_place,
        method=ranking.method,
        quorum={key: found.quorum for key, found in turnouts_of(edition, competing).items()},
        own=own,
        missing=sorted(
            {*_uncounted(edition), *((proposal_id, judge_id) for judge_id, proposal_id in barred)}
        ),
        order=order,
        days=days,
        seed=edition.id,
    )


def _running_order(edition: Edition) -> tuple[dict[int, int], dict[int, int]]:
    """Return the place of each presentation in the running order, and the number of its day."""
    held = [
        (one.proposal_id, one.starts_at.astimezone(edition.zone).date(), one.starts_at)
        for one in appearances(edition)
    ]
    moments = {at: place for place, at in enumerate(sorted({at for _, _, at in held}))}
    days = {day: number for number, day in enumerate(sorted({day for _, day, _ in held}))}
    return (
        {proposal_id: moments[at] for proposal_id, _, at in held},
        {proposal_id: days[day] for proposal_id, day, _ in held},
    )


def row_of(rating: Rating) -> tuple[int, int, tuple[float, ...]]:
    """Return a rating as plain values."""
    return rating.proposal, rating.judge, tuple(float(value) for value in rating.values)


def _uncounted(edition: Edition) -> list[tuple[int, int]]:
    """Return the sheets of presentations that don't count, as proposal id and person id."""
    rows = db.session.execute(
        select(Sheet.proposal_id, Sheet.evaluator_id)
        .join(Sheet.proposal)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Sheet.kind == SheetKind.PRESENTATION,
            not_(Sheet.counts),
        )
        .order_by(Proposal.number, Sheet.evaluator_id)
    )
    return [(proposal_id, judge_id) for proposal_id, judge_id in rows]
