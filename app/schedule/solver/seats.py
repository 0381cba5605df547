"""Which free judges take the open seats of panels, once it is known what is presented where. Pure.

As few presentations as possible lack a quorum; then as many seats as possible are filled, in panels
that have something to judge; then few judges are recused; then few are away. Nobody is in two
places.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic

from app.optimiser import LinearProgram, Terms
from app.schedule.draft.timetable import PanelSeats, Sitting, Talk, Timetable
from app.schedule.solver.model import PRESENT, at_once

MOST_SEATS = 10_000  # judges times panels up to which every judge is considered for every panel
LEAST_LOOKED_AT = 40  # judges for a panel beyond that, or if more, so many for each open seat:
LOOKED_AT_EACH = 6
GRACE = 3.0  # seconds in which seats are looked for though the solver has to stop

Seats = dict[int | None, tuple[int, ...]]  # the judges added to each panel


def fill(timetable: Timetable, *, seconds: float, has_to_stop: Callable[[], bool]) -> Seats:
    """Return who joins which panel: the best there is, or the best so far if it had to stop.

    Without judges a schedule is of no use: a quorum is looked for a few seconds even then.
    """
    at_work = {timetable.sitting_of[there].panel_id for there in timetable.placed.values()}
    panels = [
        panel for panel in timetable.panels.values() if panel.open_seats and panel.id in at_work
    ]
    if not panels or not timetable.free:
        return {}
    until = monotonic() + GRACE
    program = LinearProgram(lambda: monotonic() > until and has_to_stop())
    hall = _Hall(timetable, panels)
    seats = {seat: program.column(is_whole=True) for seat in hall.seats()}
    _keep_apart(program, hall, seats)
    picks = _filled_up(hall, seats, dict.fromkeys(seats.values(), 0.0))
    for place, terms in enumerate(_sums(program, hall, seats)):
        if place and has_to_stop():
            picks = _filled_up(hall, seats, picks)
            break
        limit = GRACE if has_to_stop() else seconds
        found = program.minimise(terms, start=picks, seconds=limit)
        if found.values is None:
            break
        picks = {column: float(round(found.values[column])) for column in seats.values()}
        value = sum(weight * found.values[column] for column, weight in terms.items())
        program.row(terms, at_most=round(value))
    return _chosen(seats, picks)


def seated(timetable: Timetable, seats: Seats) -> Timetable:
    """Return the timetable with the panels completed, and no free judges left to count on."""
    panels = {
        key: replace(panel, members=panel.members + seats.get(key, ()))
        for key, panel in timetable.panels.items()
    }
    return replace(timetable, panels=panels, free=())


Seat = tuple[int, int | None]  # a judge and a panel


@dataclass(frozen=True)
class _Hall:
    """What is presented to each panel, and what hinders free judges from joining it."""

    timetable: Timetable
    panels: list[PanelSeats]

    @cached_property
    def shown(self) -> Mapping[int | None, list[tuple[Talk, Sitting]]]:
        """The talks and sittings of each panel."""
        found: dict[int | None, list[tuple[Talk, Sitting]]] = defaultdict(list)
        for talk, sitting in self.timetable.placements:
            found[sitting.panel_id].append((talk, sitting))
        return found

    @cached_property
    def barred(self) -> Mapping[int, set[int]]:
        """The free judges who may not judge each talk."""
        free = frozenset(self.timetable.free)
        found = {talk.id: set(talk.presenters & free) for talk in self.timetable.talks}
        for judge, talk in self.timetable.barred:
            if judge in free and talk in found:
                found[talk].add(judge)
        return found

    @cached_property
    def bound(self) -> Mapping[int, list[Sitting]]:
        """The sittings in which free judges present or already judge."""
        free, found = frozenset(self.timetable.free), defaultdict[int, list[Sitting]](list)
        for panel, presentations in self.shown.items():
            for talk, sitting in presentations:
                for judge in talk.presenters.union(self.timetable.panels[panel].members) & free:
                    found[judge].append(sitting)
        return found

    @cached_property
    def together(self) -> list[list[PanelSeats]]:
        """The largest sets of panels that sit at the same time."""
        sits = [
            (sitting, number)
            for number, panel in enumerate(self.panels)
            for _, sitting in self.shown[panel.id]
        ]
        found = {group for group in at_once(sits) if len(group) > 1}
        most = sorted(sorted(group) for group in found if not any(group < other for other in found))
        return [[self.panels[number] for number in group] for group in most]

    def away(self, sitting: Sitting) -> set[int]:
        """Return the free judges who are away during the sitting."""
        some = [judge for judge in self.timetable.free if judge in self.timetable.away]
        return {judge for judge in some if self.timetable.is_away(judge, sitting)}

    def seats(self) -> list[Seat]:
        """Return which judges are considered for which panel, least hindered first.

        In a large edition these are not all of them.
        """
        everyone, number, seats = self.timetable.free, 0, list[Seat]()
        is_large = len(everyone) * len(self.panels) > MOST_SEATS
        for panel in self.panels:
            # each panel begins with another judge, so that not all consider the same ones
            judges = [*everyone[number:], *everyone[:number]]
            judges = [judge for judge in judges if not self._is_elsewhere(judge, panel)]
            hindrances = self.recused(panel) + self.missing(panel)
            judges.sort(key=hindrances.__getitem__)
            if is_large:
                looked_at = max(LEAST_LOOKED_AT, LOOKED_AT_EACH * panel.open_seats)
                del judges[looked_at:]
            seats += [(judge, panel.id) for judge in judges]
            number = (number + panel.open_seats) % len(everyone)
        return seats

    def recused(self, panel: PanelSeats) -> Counter[int]:
        """Return how many of the panel's talks each judge may not judge."""
        return Counter(judge for talk, _ in self.shown[panel.id] for judge in self.barred[talk.id])

    def missing(self, panel: PanelSeats) -> Counter[int]:
        """Return how many of the panel's talks each judge would miss."""
        return Counter(judge for _, sitting in self.shown[panel.id] for judge in self.away(sitting))

    def wanting(self, panel: PanelSeats) -> Iterable[tuple[int, frozenset[int]]]:
        """Yield, for each talk that lacks judges, how many and who can't be one of them."""
        for talk, sitting in self.shown[panel.id]:
            lack = self.timetable.benches[talk.id].lacking
            if lack > 0:
                yield lack, frozenset(self.barred[talk.id] | self.away(sitting))

    def _is_elsewhere(self, judge: int, panel: PanelSeats) -> bool:
        return any(
            other.overlaps(sitting) and other.id != sitting.id
            for other in self.bound.get(judge, ())
            for _, sitting in self.shown[panel.id]
        )


def _filled_up(hall: _Hall, seats: Mapping[Seat, int], picks: Terms) -> dict[int, float]:
    """Give judges, one by one, a seat that is still open on a panel they have time for."""
    filled, busy = dict(picks), set[tuple[int, int]]()
    left = {panel.id: panel.open_seats for panel in hall.panels}
    moments: dict[int | None, list[int]] = {
        panel.id: [number for number, together in enumerate(hall.together) if panel in together]
        for panel in hall.panels
    }
    taken_first = sorted(seats.items(), key=lambda seat: picks[seat[1]] <= PRESENT)
    for (judge, panel), column in taken_first:
        times = {(judge, moment) for moment in moments[panel]}
        if picks[column] > PRESENT or (left[panel] and not times & busy):
            filled[column] = 1.0
            left[panel] -= 1
            busy |= times
    return filled


def _keep_apart(program: LinearProgram, hall: _Hall, seats: Mapping[Seat, int]) -> None:
    """Give panels at most their seats, and a judge at most one of the panels that sit together."""
    for panel in hall.panels:
        program.row(_of_panel(panel, seats), at_most=panel.open_seats)
    for together in hall.together:
        for judge in hall.timetable.free:
            keys = [(judge, panel.id) for panel in together]
            program.row({seats[key]: 1.0 for key in keys if key in seats}, at_most=1)


def _sums(program: LinearProgram, hall: _Hall, seats: Mapping[Seat, int]) -> list[Terms]:
    lacking: dict[int, float] = {}
    recused, missing = dict[int, float](), dict[int, float]()
    for panel in hall.panels:
        lacking |= _without_quorum(program, hall, panel, seats)
        for counts, terms in ((hall.recused(panel), recused), (hall.missing(panel), missing)):
            some = [judge for judge in sorted(counts) if (judge, panel.id) in seats]
            terms |= {seats[judge, panel.id]: float(counts[judge]) for judge in some}
    return [lacking, dict.fromkeys(seats.values(), -1.0), recused, missing]


def _without_quorum(
    program: LinearProgram, hall: _Hall, panel: PanelSeats, seats: Mapping[Seat, int]
) -> dict[int, float]:
    """Count the presentations for which too few of the panel's judges can be there."""
    terms: dict[int, float] = {}
    count = program.column(panel.open_seats)
    program.row(_of_panel(panel, seats) | {count: -1.0}, at_least=0, at_most=0)
    found = Counter(hall.wanting(panel))
    for need, hindered in sorted(found, key=lambda shortage: (shortage[0], sorted(shortage[1]))):
        lack = program.column(is_whole=True)
        keys = [(judge, panel.id) for judge in sorted(hindered)]
        out = {seats[key]: -1.0 for key in keys if key in seats}
        program.row(out | {count: 1.0, lack: float(need)}, at_least=need)
        terms[lack] = float(found[need, hindered])
    return terms


def _of_panel(panel: PanelSeats, seats: Mapping[Seat, int]) -> dict[int, float]:
    return {column: 1.0 for (_, panel_id), column in seats.items() if panel_id == panel.id}


def _chosen(seats: Mapping[Seat, int], picks: Terms) -> Seats:
    found: dict[int | None, list[int]] = defaultdict(list)
    for (judge, panel), column in seats.items():
        if picks.get(column, 0.0) > PRESENT:
            found[panel].append(judge)
    return {panel: tuple(judges) for panel, judges in found.items()}
