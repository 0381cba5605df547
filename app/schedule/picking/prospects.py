"""Which slots are offered for picking: those that suit the presenters and have enough judges."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.editions.models import Edition
from app.proposals.models import Proposal
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
        (sitting.id, talk.id): _prospect(timetable, talk, sitting, bound)
        for talk in talks
        for bound in (_bound(timetable, talk),)
        for sitting in timetable.sittings
    }


def prospect(edition: Edition, proposal: Proposal, slot_id: int) -> Prospect:
    """Return how well the slot suits the proposal."""
    return prospect_in(timetable_around(edition, [proposal]), proposal.id, slot_id)


def prospect_in(timetable: Timetable, talk_id: int, sitting_id: int) -> Prospect:
    """Return how well a sitting suits a talk. Pure."""
    talk = timetable.talk_of[talk_id]
    return _prospect(timetable, talk, timetable.sitting_of[sitting_id], _bound(timetable, talk))


def _prospect(
    timetable: Timetable, talk: Talk, sitting: Sitting, bound: Iterable[Sitting]
) -> Prospect:
    bench = timetable.bench_as_placed(talk, sitting)
    obstacle = None
    if bench.is_appointed and not bench.has_quorum:
        obstacle = N_("too few judges for this proposal")
    elif not timetable.can_be_there(talk, sitting):
        obstacle = N_("a presenter is away")
    elif any(other.overlaps(sitting) for other in bound):
        obstacle = N_("a presenter presents elsewhere then")
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
    places = (timetable.sitting_of.get(timetable.placed.get(other.id, 0)) for other in others)
    return [place for place in places if place is not None]
