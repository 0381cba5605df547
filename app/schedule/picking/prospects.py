"""What somebody who picks is offered: slots that suit the presenters and whose panel can serve."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.editions.models import Edition
from app.proposals.models import Proposal
from app.schedule.draft.loading import timetable_around
from app.schedule.draft.timetable import Sitting, Talk, Timetable
from app.workflow import N_, Message


@dataclass(frozen=True)
class Prospect:
    """How a slot would be for a proposal: how many judges are left, and why it is not offered."""

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
    """Return how each slot would be for these proposals, by the ids of slot and proposal."""
    timetable = timetable_around(edition, proposals)
    talks = [timetable.talk_of[each.id] for each in proposals if each.id in timetable.talk_of]
    return {
        (sitting.id, talk.id): _prospect(timetable, talk, sitting, bound)
        for talk in talks
        for bound in (_bound(timetable, talk),)
        for sitting in timetable.sittings
    }


def prospect(edition: Edition, proposal: Proposal, slot_id: int) -> Prospect:
    """Return how the slot would be for the proposal."""
    return prospect_in(timetable_around(edition, [proposal]), proposal.id, slot_id)


def prospect_in(timetable: Timetable, talk_id: int, sitting_id: int) -> Prospect:
    """Return how a sitting would be for a talk. Pure."""
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
    elif any(each.overlaps(sitting) for each in bound):
        obstacle = N_("a presenter presents elsewhere then")
    return Prospect(len(bench.judges), bench.quorum, obstacle)


def _bound(timetable: Timetable, talk: Talk) -> list[Sitting]:
    """Return where the talk's presenters present something else."""
    others = (
        each for each in timetable.talks if each.id != talk.id and each.presenters & talk.presenters
    )
    places = (timetable.sitting_of.get(timetable.placed.get(each.id, 0)) for each in others)
    return [each for each in places if each is not None]
