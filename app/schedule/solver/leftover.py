"""Who is left without a sitting, and which others need the same ones. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.schedule.draft.timetable import Timetable
from app.schedule.solver import placing
from app.schedule.solver.matching import rivals_of
from app.schedule.solver.model import SchedulingProblem


@dataclass(frozen=True)
class LeftOut:
    """A talk without a sitting: the `rivals` (ids) and it can only be in the same `sittings`.

    There are fewer of these than of the talks. None means that there would be sittings enough, and
    somebody would be needed in two places.
    """

    talk_id: int
    rivals: tuple[int, ...]
    sittings: int | None


def left_out(
    timetable: Timetable, placed: Mapping[int, int], *, pinned: Collection[int] = ()
) -> list[LeftOut]:
    """Return the talks without a sitting, each with why."""
    options = placing.everywhere(SchedulingProblem(timetable, frozenset(pinned)))
    found = []
    for talk in timetable.talks:
        if talk.id not in placed:
            rivals, sittings = rivals_of(talk.id, options, placed) or ((), None)
            found.append(LeftOut(talk.id, rivals, sittings))
    return found
