"""Which alternates are called where, as columns of a model: those whom the day would call. Pure.

The rule is that of `Timetable.benches`: who begins first calls first, a panel's alternates come in
their order until there is a quorum, and nobody is called who presents, judges or is called
elsewhere then. Where a model can't know who is called, it allows more than the rule does, so that
what it proves impossible really is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.optimiser import LinearProgram
from app.schedule.draft.timetable import PanelSeats, Sitting, Timetable
from app.schedule.solver.goals import fillable

Pair = tuple[int, int]  # the ids of a talk and a sitting
Call = tuple[int, int]  # the ids of an alternate and a sitting
Engaged = Callable[[int], list[tuple[Sitting, int]]]
"""Returns what may take a person's time but calls: the sittings, each with its column."""


@dataclass(frozen=True)
class _Need:
    """How many judges a talk lacks in a sitting before alternates are called, and who could be.

    `after_seats` is how many it lacks if the panel's open seats are filled as well as can be.
    """

    count: int
    after_seats: int
    able: tuple[int, ...]

    @property
    def is_open(self) -> bool:
        """Whether it depends on who is called if there is a quorum."""
        return 0 < self.after_seats <= len(self.able)


class Calls:
    """The columns that say who is called to each sitting, and whether it has no quorum even so."""

    def __init__(
        self, timetable: Timetable, chosen: Mapping[Pair, int], program: LinearProgram
    ) -> None:
        self._timetable, self._chosen, self._program = timetable, chosen, program
        self._needs: dict[int, dict[int, _Need]] = defaultdict(dict)  # by sitting, then talk
        for talk, there, need in _needs(timetable, chosen):
            self._needs[there][talk] = need
        self._called: dict[Call, int] = {}
        self._enough: dict[Call, int] = {}  # whether those before the alternate give a quorum
        self._lacking: dict[int, int] = {}  # whether the sitting has no quorum
        for there in self._needs:
            for place, alternate in enumerate(self._order(there)):
                self._called[alternate, there] = program.column(is_whole=True)
                if place:
                    self._enough[alternate, there] = program.column(is_whole=True)
            if self._open(there):
                self._lacking[there] = program.column(is_whole=True)

    @property
    def people(self) -> list[int]:
        """Who can be called somewhere (ids)."""
        return sorted({alternate for alternate, _ in self._called})

    def of_person(self, person: int) -> list[tuple[Sitting, int]]:
        """Return the sittings to which a person can be called, each with the column for it."""
        return [
            (self._timetable.sitting_of[there], column)
            for (alternate, there), column in self._called.items()
            if alternate == person
        ]

    def values(self, placed: Mapping[int, int]) -> dict[int, float]:
        """Return the columns' values for a schedule: the sittings by the ids of their talks."""
        columns = [*self._called.values(), *self._enough.values(), *self._lacking.values()]
        values = dict.fromkeys(columns, 0.0)
        if not columns:
            return values
        benches = replace(self._timetable, placed=placed).benches
        for talk, there in placed.items():
            need = self._needs.get(there, {}).get(talk)
            if need is not None:
                values |= self._values_of(there, need, benches[talk].called)
        return values

    def without_quorum(self) -> dict[int, float]:
        """Return the sum that counts presentations without a quorum, of panels with alternates."""
        hopeless = {
            self._chosen[talk, there]: 1.0
            for there, needs in self._needs.items()
            for talk, need in needs.items()
            if need.after_seats > len(need.able)
        }
        return hopeless | dict.fromkeys(self._lacking.values(), 1.0)

    def hold(self, engaged: Engaged, *, is_exact: bool) -> None:
        """Add the rows: a quorum needs calls, and, if `is_exact`, they are those of the rule."""
        for there, needs in self._needs.items():
            calls = dict.fromkeys(self._calls_to(there).values(), 1.0)
            lacked = {self._chosen[talk, there]: -float(need.count) for talk, need in needs.items()}
            self._program.row(calls | lacked, at_most=0)
            for alternate, column in self._calls_to(there).items():
                self._program.row({column: 1.0} | self._wanting(alternate, there, -1.0), at_most=0)
            if there in self._lacking:
                some = self._open(there)
                most = max(need.after_seats for need in some.values())
                wanted = {
                    self._chosen[talk, there]: -float(need.after_seats)
                    for talk, need in some.items()
                }
                self._program.row(calls | wanted | {self._lacking[there]: float(most)}, at_least=0)
            if is_exact and not fillable(self._timetable, self._panel(there)):
                self._call_as_ruled(there, lacked, engaged)

    def _call_as_ruled(self, there: int, lacked: dict[int, float], engaged: Engaged) -> None:
        """Call each alternate who is wanted, unless bound or those before are enough."""
        sitting = self._timetable.sitting_of[there]
        most = max(need.count for need in self._needs[there].values())
        before: dict[int, float] = {}
        for alternate, column in self._calls_to(there).items():
            terms = self._wanting(alternate, there, 1.0) | {column: -1.0}
            if before:
                enough = self._enough[alternate, there]
                self._program.row(before | lacked | {enough: -float(most)}, at_least=-most)
                terms[enough] = -1.0
            earlier = [call for call in self.of_person(alternate) if call[0].turn < sitting.turn]
            bound = [
                other
                for at, other in [*engaged(alternate), *earlier]
                if at.id != there and at.overlaps(sitting)
            ]
            self._program.row(terms | dict.fromkeys(bound, -1.0), at_most=0)
            before[column] = 1.0

    def _values_of(self, there: int, need: _Need, called: tuple[int, ...]) -> dict[int, float]:
        values = {self._called[alternate, there]: 1.0 for alternate in called}
        order = self._order(there)
        for place, alternate in enumerate(order[1:], 1):
            is_enough = len(set(order[:place]).intersection(called)) >= need.count
            values[self._enough[alternate, there]] = float(is_enough)
        if there in self._lacking:
            values[self._lacking[there]] = float(need.is_open and len(called) < need.after_seats)
        return values

    def _calls_to(self, there: int) -> dict[int, int]:
        """Return the column of each alternate who can be called to the sitting, in their order."""
        return {alternate: self._called[alternate, there] for alternate in self._order(there)}

    def _order(self, there: int) -> list[int]:
        able = {alternate for need in self._needs[there].values() for alternate in need.able}
        return [alternate for alternate in self._panel(there).alternates if alternate in able]

    def _open(self, there: int) -> dict[int, _Need]:
        return {talk: need for talk, need in self._needs[there].items() if need.is_open}

    def _wanting(self, alternate: int, there: int, weight: float) -> dict[int, float]:
        """Return the sum that is `weight` if a talk is there that the alternate could judge."""
        return {
            self._chosen[talk, there]: weight
            for talk, need in self._needs[there].items()
            if alternate in need.able
        }

    def _panel(self, there: int) -> PanelSeats:
        return self._timetable.panels[self._timetable.sitting_of[there].panel_id]


def _needs(timetable: Timetable, chosen: Mapping[Pair, int]) -> Iterator[tuple[int, int, _Need]]:
    """Yield each pair of a talk and a sitting (ids) that needs alternates, with what it needs."""
    for talk_id, there in chosen:
        sitting, talk = timetable.sitting_of[there], timetable.talk_of[talk_id]
        panel = timetable.panels[sitting.panel_id]
        lacking = timetable.lacking(talk, sitting) if panel.alternates else 0
        if lacking > 0:
            able = [one for one in panel.alternates if timetable.can_judge(one, talk, sitting)]
            need = _Need(lacking, lacking - fillable(timetable, panel), tuple(able))
            yield talk_id, there, need
