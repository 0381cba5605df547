"""Having the worker compute how sure the desk evaluation is, once every desk sheet is in."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.accounts.models import Person
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.adjustment import Values, adjusted_means, adjustment_of
from app.jobs import queue
from app.jobs.models import Job
from app.jobs.worker import Report
from app.scoring.certainty.asking import APART, READ, row_of
from app.scoring.inputs import ratings_in
from app.scoring.queries import connected_parts
from app.screening.tabulation import is_whole, ranks_by_mean
from app.workflow import N_, NotAllowedNow

KIND = "desk_certainty"
DESK = SheetKind.DESK
INCOMPLETE = N_("This is computed once every desk sheet has been submitted.")


def request_desk_certainty(edition: Edition, *, by: Person, now: datetime) -> Job:
    """Ask the worker to compute how sure the tabulation is; raise `NotAllowedNow` too early."""
    if not is_whole(edition):
        raise NotAllowedNow(INCOMPLETE, remedy="tabulation.index")
    return queue.put_job(KIND, edition.id, by_id=by.id, now=now)


def compute_desk_certainty(edition_id: int, report: Report) -> dict[str, Any]:
    """Compute, in the worker, how sure the lines of the desk evaluation are."""
    from app.scoring.certainty.desk import desk_certainty_of  # noqa: PLC0415 -- loads numpy

    with transaction(writing=False):
        edition = db.session.get_one(Edition, edition_id)
        revision = edition.evaluation_revision
        if not is_whole(edition):
            raise NotAllowedNow(INCOMPLETE)
        if len(connected_parts(edition, DESK)) > 1:
            raise NotAllowedNow(APART)
        question, means = _question_of(edition)
    report(READ)
    found = desk_certainty_of(question, lambda percent: report(READ + percent * 90 // 100))
    return found | {"means": means, "revision": revision}


def _question_of(edition: Edition) -> tuple[Any, dict[str, list[str]]]:
    """Return the desk sheets as plain values; and each proposal's mean and adjusted mean, exact."""
    from app.scoring.certainty.computing import KindSheets  # noqa: PLC0415 -- loads numpy
    from app.scoring.certainty.desk import DeskQuestion  # noqa: PLC0415 -- loads numpy

    criteria, ratings = edition.criteria_of(DESK), ratings_in(edition, DESK)
    places = ranks_by_mean(edition, without=())
    weights = [Fraction(criterion.weight) / 100 for criterion in criteria]
    as_given = {rating.judge: (Fraction(0),) * len(criteria) for rating in ratings}
    freed = adjusted_means(ratings, adjustment_of(ratings).severities, places)
    means = {
        str(key): [_total(plain, weights), _total(freed[key], weights)]
        for key, plain in adjusted_means(ratings, as_given, places).items()
    }
    sheets = KindSheets(
        DESK,
        [row_of(rating) for rating in ratings],
        [criterion.id for criterion in criteria],
        [float(weight) for weight in weights],
        1.0,
    )
    grade = None if edition.passing_grade is None else float(edition.passing_grade)
    return DeskQuestion(sheets, places, edition.finalists, grade, edition.id), means


def _total(values: Values, weights: Sequence[Fraction]) -> str:
    """Return the weighted total of one value for each criterion, as a fraction."""
    return str(sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0)))
