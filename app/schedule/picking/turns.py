"""Picking in turns: an order drawn by lot that nobody can steer and anybody can recompute.

The server seals a seed first: its SHA-256 digest is public while it is undecided who will be a
finalist. The draw reveals the seed; a finalist's lot is the SHA-256 digest of seed and number, and
the smallest lot is first. The draw happens once.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, flush_or
from app.editions.confirmed import SCHEDULE_STANDS, check_unconfirmed
from app.editions.kinds import Picking, Stage
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.picking.models import Draw, Turn
from app.workflow import N_, NotAllowedNow, Overtaken, Status

SEED_BYTES = 32


def digest_of(seed: str) -> str:
    """Return what is published of a seed before the draw. Pure."""
    return hashlib.sha256(seed.encode()).hexdigest()


def order_of(codes: Iterable[str], seed: str) -> list[str]:
    """Return the proposals' codes, such as “P-007”, in the order that the seed gives. Pure."""
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).hexdigest())


def draw_of(edition: Edition) -> Draw | None:
    """Return the edition's lot, sealed or drawn."""
    return db.session.get(Draw, edition.id)


def turns(edition: Edition) -> list[Turn]:
    """Return the turns in their order."""
    statement = (
        select(Turn)
        .join(Turn.proposal)
        .where(Turn.edition_id == edition.id)
        .options(joinedload(Turn.proposal).joinedload(Proposal.agency))
        .order_by(Turn.place)
    )
    return list(db.session.scalars(statement))


def seal_lot(edition: Edition, *, by: Person, now: datetime) -> Draw:
    """Choose a seed and publish its digest; the seed itself stays secret until the draw."""
    check_unconfirmed(edition, SCHEDULE_STANDS)
    seed = secrets.token_hex(SEED_BYTES)
    lot = Draw(edition_id=edition.id, seed=seed, digest=digest_of(seed), sealed_at=now)
    db.session.add(lot)
    flush_or(Overtaken(N_("The draw has already been sealed.")))
    record(edition.id, "draw.seal", by=by, now=now, digest=lot.digest)
    return lot


def draw_turns(edition: Edition, *, by: Person, now: datetime) -> list[str]:
    """Draw the order of the finalists; each one's turn begins after the one before.

    Return their codes in order. Raise `NotAllowedNow` without a seal, or the second time.
    """
    lot, window = draw_of(edition), edition.window(Stage.PICKING)
    if lot is None:
        raise NotAllowedNow(N_("Seal the draw first."))
    if lot.drawn_at is not None:
        raise NotAllowedNow(N_("The order has been drawn and can no longer be changed."))
    if window is None:
        raise NotAllowedNow(
            N_("Set the dates of slot selection first: the turns begin with it."),
            remedy="editions.windows",
        )
    finalists = {finalist.code: finalist for finalist in _finalists(edition)}
    if not finalists:
        raise NotAllowedNow(N_("There are no finalists yet."))
    order = order_of(finalists, lot.seed)
    begin, step = max(now, window.opens_at), timedelta(minutes=edition.turn_minutes)
    db.session.add_all(
        Turn(
            proposal_id=finalists[code].id,
            edition_id=edition.id,
            place=place,
            opens_at=begin + (place - 1) * step,
        )
        for place, code in enumerate(order, 1)
    )
    lot.drawn_at = now
    record(edition.id, "draw.draw", by=by, now=now, seed=lot.seed, order=order)
    return order


def check_turn(proposal: Proposal, *, now: datetime) -> None:
    """Raise `NotAllowedNow` if the edition picks in turns and the proposal's has not begun.

    A proposal that became a finalist after the draw has no turn, and picks after all others.
    """
    edition = proposal.edition
    if edition.picking is not Picking.TURNS:
        return
    turn = db.session.get(Turn, proposal.id)
    opens_at = turn.opens_at if turn else _after_all(edition)
    if opens_at is None:
        raise NotAllowedNow(N_("The order of the turns has not been drawn yet."))
    if now < opens_at:
        raise NotAllowedNow(
            N_("Your turn begins on %(moment)s."), moment=opens_at.astimezone(edition.zone)
        )


def _after_all(edition: Edition) -> datetime | None:
    last = db.session.scalar(
        select(Turn.opens_at)
        .where(Turn.edition_id == edition.id)
        .order_by(Turn.opens_at.desc())
        .limit(1)
    )
    return last + timedelta(minutes=edition.turn_minutes) if last else None


def _finalists(edition: Edition) -> list[Proposal]:
    statement = (
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status == Status.FINALIST)
        .order_by(Proposal.number)
    )
    return list(db.session.scalars(statement))
