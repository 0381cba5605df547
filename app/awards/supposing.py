"""What the ranking would be without a score sheet: tried out, and undone before anybody sees it."""

from collections.abc import Sequence

from sqlalchemy import select

from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Participation, Sheet
from app.evaluation.standings import update_standings
from app.scoring.queries import ranking_of
from app.scoring.ranking import Ranked
from app.workflow import N_, DomainError


def lines_without_sheet(edition: Edition, proposal_id: int, judge_id: int) -> Sequence[Ranked]:
    """Return the ranking as if the judge's sheets of this presentation didn't count.

    The caller holds the edition's lock; nothing stays changed. Raise `DomainError` if there is no
    such sheet, or no other one.
    """
    presented = (Sheet.proposal_id == proposal_id, Sheet.kind == SheetKind.PRESENTATION)
    sheets = db.session.scalars(select(Sheet).where(*presented, Sheet.counts)).all()
    own = [sheet for sheet in sheets if sheet.evaluator_id == judge_id]
    if not own or len(own) == len(sheets):
        raise DomainError(N_("This judge has no sheet there that others could replace."))
    with db.session.begin_nested() as trial:
        for sheet in own:
            sheet.participation = Participation.EXCUSED
        update_standings(edition.id, [proposal_id], SheetKind.PRESENTATION)
        lines = ranking_of(edition).lines
        trial.rollback()
    db.session.expire_all()
    return lines
