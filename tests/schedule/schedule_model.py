"""What is published and told, found out anew: from the tables, without the application's rules."""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.database import db
from app.editions.kinds import Role
from app.editions.models import Membership
from app.editions.units import Agency
from app.proposals.models import Author, Proposal
from app.schedule.draft.models import Absence, Booking, Slot
from app.workflow import Status


@dataclass(frozen=True)
class Spot:
    """When a proposal is presented, and before which judges (ids)."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    judges: frozenset[int]

    @property
    def times(self) -> tuple[dt.datetime, dt.datetime]:
        return self.starts_at, self.ends_at


@dataclass
class Word:
    """What was published of one presentation: its spots, of which the first `told` are told.

    The place of a spot, less one, is its SEQUENCE: the first is None, before anything was known.
    """

    spots: list[Spot | None] = field(default_factory=lambda: [None])
    told: int = 1
    invited: set[int] = field(default_factory=set)


def letters_for(
    word: Word, authors: set[int], *, is_gone: bool
) -> list[tuple[int, str, int, dt.datetime]]:
    """Take note that all is told; return person, METHOD, SEQUENCE and start of each letter.

    Of what is gone by now nobody is told when it would have been.
    """
    found = []
    for place in range(word.told, len(word.spots)):
        before, after = word.spots[place - 1 : place + 1]
        if after and is_gone:
            continue
        wanted = authors | after.judges if after else set()
        is_moved = before is None or after is None or before.times != after.times
        leaving = word.invited - wanted
        asked = wanted if is_moved else wanted - word.invited
        start = (after or before).starts_at
        found += [(each, "REQUEST", place - 1, start) for each in asked]
        found += [(each, "CANCEL", place - 1, start) for each in leaving]
        word.invited = wanted
    word.told = len(word.spots)
    return found


def authors() -> dict[int, set[int]]:
    """Who has written each proposal, by its id."""
    found = {each: set() for each in db.session.scalars(sa.select(Proposal.id))}
    for row in db.session.scalars(sa.select(Author)):
        found[row.proposal_id].add(row.person_id)
    return found


def unbiased(written_by: dict[int, set[int]]) -> dict[int, set[int]]:
    """Which judges neither have written each proposal nor serve a related agency."""
    judging = sa.select(Membership.person_id, Membership.agency_id)
    team = db.session.execute(judging.where(Membership.role == Role.JUDGE)).all()
    lines = {each.id: line(each.id) for each in db.session.scalars(sa.select(Agency))}
    return {
        proposal: {
            person
            for person, own in team
            if person not in written_by[proposal]
            and own not in lines[agency]
            and agency not in lines[own]
        }
        for proposal, agency in db.session.execute(sa.select(Proposal.id, Proposal.agency_id))
    }


def line(agency: int | None) -> list[int]:
    """The agency and those above it."""
    found = []
    while agency is not None:
        found.append(agency)
        agency = db.session.get(Agency, agency).parent_id
    return found


def draft(judges: dict[int, set[int]]) -> dict[int, Spot]:
    """What stands in the draft: its unbiased judges but for who is away then.

    Who has two slots presents until the second ends, if that follows the first without a break.
    """
    rows = db.session.execute(
        sa.select(Booking.proposal_id, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Proposal, Proposal.id == Booking.proposal_id)
        .where(Booking.given_up_at.is_(None), Proposal.status == Status.FINALIST)
        .order_by(Booking.continues)
    ).all()
    absences = db.session.execute(
        sa.select(Absence.person_id, Absence.starts_at, Absence.ends_at)
    ).all()
    times = {}
    for proposal, starts_at, ends_at in rows:
        begins, ends = times.get(proposal, (starts_at, starts_at))
        times[proposal] = (begins, ends_at if ends == starts_at else ends)
    found = {}
    for proposal, (starts_at, ends_at) in times.items():
        away = {who for who, begins, ends in absences if begins < ends_at and ends > starts_at}
        found[proposal] = Spot(starts_at, ends_at, frozenset(judges[proposal] - away))
    return found
