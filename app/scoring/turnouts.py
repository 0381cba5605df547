"""How many judges count in each presentation, against the quorum of its panel or of the team."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, case, func, literal, select

from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Standing
from app.evaluation.quorum import Turnout
from app.programme.models import Appearance
from app.proposals.models import Proposal
from app.schedule.draft.models import Panel
from app.schedule.draft.places import panel_at
from app.workflow import COMPETING


def short_presentations(edition: Edition) -> dict[int, Turnout]:
    """Return the turnouts of the competing proposals in which fewer judges count than must.

    They are by the proposal's id, in the order of their numbers. Only those below the highest
    quorum of the edition are looked at, for no others can be short of their own.
    """
    found = _turnouts(edition, _judges() < _highest_quorum(edition))
    return {proposal_id: turnout for proposal_id, turnout in found.items() if turnout.is_short}


def turnouts_of(edition: Edition, proposals: Collection[int]) -> dict[int, Turnout]:
    """Return the turnouts of those of these proposals (ids) that compete, in two queries.

    The quorum is that of the panel that sat in the room at the time, else of the whole team.
    """
    return _turnouts(edition, Proposal.id.in_(proposals))


def _turnouts(edition: Edition, condition: ColumnElement[bool]) -> dict[int, Turnout]:
    rows = db.session.execute(
        select(Proposal.id, _judges(), Appearance.starts_at, Appearance.room_id)
        .outerjoin(
            Standing,
            (Standing.proposal_id == Proposal.id) & (Standing.kind == SheetKind.PRESENTATION),
        )
        .outerjoin(
            Appearance,
            (Appearance.proposal_id == Proposal.id) & Appearance.cancelled_at.is_(None),
        )
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(COMPETING), condition)
        .order_by(Proposal.number)
    ).all()
    panels = _panels(edition) if rows else []
    found = {}
    for proposal_id, judges, starts_at, room_id in rows:
        moment = starts_at.astimezone(edition.zone) if starts_at else None
        sits = panel_at(panels, room_id, moment) if moment else None
        found[proposal_id] = Turnout(judges, sits.quorum if sits else edition.quorum)
    return found


def _judges() -> ColumnElement[int]:
    """Return how many judges count in a presentation: those whose sheets are expected."""
    return func.coalesce(Standing.sheets_expected, 0)


def _highest_quorum(edition: Edition) -> ColumnElement[int]:
    own = literal(edition.quorum)
    of_panels = select(func.max(Panel.quorum)).where(Panel.edition_id == edition.id)
    highest = func.coalesce(of_panels.scalar_subquery(), 0)
    return case((highest > own, highest), else_=own)


def _panels(edition: Edition) -> Sequence[Panel]:
    statement = select(Panel).where(Panel.edition_id == edition.id).order_by(Panel.id)
    return db.session.scalars(statement).all()
