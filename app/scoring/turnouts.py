"""How many judges count in each presentation, against the quorum of its panel or of the team."""

from collections.abc import Collection

from sqlalchemy import func, select

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


def thinly_judged(edition: Edition) -> set[int]:
    """Return the competing proposals (ids) that fewer judges count in than some quorum asks for.

    Only these can be short of their own, so that no others need be looked at.
    """
    of_panels = select(func.max(Panel.quorum)).where(Panel.edition_id == edition.id)
    highest = max(edition.quorum, db.session.scalar(of_panels) or 0)
    is_theirs = (Standing.proposal_id == Proposal.id) & (Standing.kind == SheetKind.PRESENTATION)
    statement = (
        select(Proposal.id)
        .outerjoin(Standing, is_theirs)
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            func.coalesce(Standing.sheets_expected, 0) < highest,
        )
    )
    return set(db.session.scalars(statement))


def short_presentations(edition: Edition) -> set[int]:
    """Return the competing proposals (ids) in which fewer judges count than their quorum asks."""
    few = thinly_judged(edition)
    found = turnouts_of(edition, few) if few else {}
    return {proposal_id for proposal_id, turnout in found.items() if turnout.is_short}


def turnouts_of(edition: Edition, proposals: Collection[int]) -> dict[int, Turnout]:
    """Return the turnouts of those of these proposals (ids) that compete, in two queries.

    The quorum is that of the panel that sat in the room at the time, else of the whole team.
    """
    rows = db.session.execute(
        select(
            Proposal.id,
            Standing.sheets_expected,
            Appearance.starts_at,
            Appearance.room_id,
        )
        .outerjoin(
            Standing,
            (Standing.proposal_id == Proposal.id) & (Standing.kind == SheetKind.PRESENTATION),
        )
        .outerjoin(
            Appearance,
            (Appearance.proposal_id == Proposal.id) & Appearance.cancelled_at.is_(None),
        )
        .where(
            Proposal.edition_id == edition.id,
            Proposal.status.in_(COMPETING),
            Proposal.id.in_(proposals),
        )
        .order_by(Proposal.number)
    )
    of_edition = select(Panel).where(Panel.edition_id == edition.id).order_by(Panel.id)
    panels = db.session.scalars(of_edition).all()
    found = {}
    for proposal_id, judges, starts_at, room_id in rows:
        moment = starts_at.astimezone(edition.zone) if starts_at else None
        sits = panel_at(panels, room_id, moment) if moment else None
        found[proposal_id] = Turnout(judges or 0, sits.quorum if sits else edition.quorum)
    return found
