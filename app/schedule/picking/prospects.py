"""Which slots are offered for picking: those that suit the presenters and have enough judges."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.draft import queries
from app.schedule.draft.loading import timetable_around
from app.schedule.draft.timetable import Sitting, Talk, Timetable
from app.workflow import N_, Message


@dataclass(frozen=True)
class Prospect:
    """How well a slot suits a proposal: how many judges are left, and why it is not offered."""

    judges: int
    quorum: int
    obstacle: Message | None

    @property
    def is_possible(self) -> bool:
        """Whether the slot can be picked."""
        return self.obstacle is None


def prospects(
    edition: Edition, proposals: Collection[Proposal]
) -> Mapping[tuple[int, int], Prospect]:
    """Return how well each slot suits these proposals, by the ids of slot and proposal."""
    timetable = timetable_around(edition, proposals)
    talks = [
        timetable.talk_of[proposal.id] for proposal in proposals if proposal.id in timetable.talk_of
    ]
    return {
        (sitting.id, talk.id): _prospect(timetable, talk, sitting, bound, taken)
        for talk in talks
        for bound in (_bound(timetable, talk),)
        for taken in (_taken(edition, [talk]),)
        for sitting in timetable.sittings
    }


def prospect(edition: Edition, proposal: Proposal, slot_id: int) -> Prospect:
    """Return how well the slot suits the proposal."""
    timetable = timetable_around(edition, [proposal])
    taken = taken_beside(edition, timetable, [proposal.id])
    return prospect_in(timetable, proposal.id, slot_id, taken)


def taken_beside(
    edition: Edition, timetable: Timetable, proposals: Collection[int]
) -> Collection[int]:
    """Return the slots (ids) that others have, as far as one of the proposals (ids) needs two."""
    return _taken(
        edition, [timetable.talk_of[key] for key in proposals if key in timetable.talk_of]
    )


def prospect_in(
    timetable: Timetable, talk_id: int, sitting_id: int, taken: Collection[int] = ()
) -> Prospect:
    """Return how well a sitting suits a talk, where others have those `taken` (ids). Pure."""
    talk = timetable.talk_of[talk_id]
    sitting = timetable.sitting_of[sitting_id]
    return _prospect(timetable, talk, sitting, _bound(timetable, talk), taken)


def _taken(edition: Edition, talks: Collection[Talk]) -> Collection[int]:
    if not any(talk.is_long for talk in talks):
        return ()
    return queries.slots_of_others(edition, [talk.id for talk in talks])


def _prospect(
    timetable: Timetable,
    talk: Talk,
    sitting: Sitting,
    bound: Iterable[Sitting],
    taken: Collection[int],
) -> Prospect:
    bench = timetable.bench_as_placed(talk, sitting)
    obstacle = None
    _, *rest = timetable.taken_by(talk, sitting)
    if not timetable.fits(talk, sitting):
        obstacle = N_("it needs two slots, and there is none right after this one")
    elif any(other.id in taken for other in rest):
        obstacle = N_("it needs two slots, and the next one is taken")
    elif bench.is_appointed and not bench.has_quorum:
        obstacle = N_("too few judges for this proposal")
    elif not timetable.can_be_there(talk, sitting):
        obstacle = N_("a presenter is unavailable")
    elif any(other.overlaps(timetable.stretch(talk, sitting)) for other in bound):
        obstacle = N_("a presenter is presenting elsewhere at that time")
    elif timetable.costs_a_quorum(talk, sitting):
        obstacle = N_("too few judges would be left for another presentation")
    return Prospect(len(bench.judges), bench.quorum, obstacle)


def _bound(timetable: Timetable, talk: Talk) -> list[Sitting]:
    """Return the sittings in which the talk's presenters present something else."""
    others = (
        other
        for other in timetable.talks
        if other.id != talk.id and other.presenters & talk.presenters
    )
    ids = {other.id for other in others}
    return [sitting for other, sitting in timetable.placements if other.id in ids]
