"""Assigning talks to sittings as a linear program: the choices, and the rules that must hold. Pure.

In a large edition a talk has columns of its own for only a few sittings. Elsewhere it counts as one
of a pool, and the pool takes sittings without saying which talk is in them. The program then knows
less than there is to know of the pool's talks, so what it proves impossible really is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from app.optimiser import LinearProgram, Terms
from app.schedule.draft.timetable import Sitting, Span, Talk, Timetable
from app.schedule.solver.calls import Calls, Pair

PRESENT = 0.5  # a variable above it counts as one


@dataclass(frozen=True)
class SchedulingProblem:
    """What to arrange: `pinned` talks stay, `was` is where talks stood before a repair."""

    timetable: Timetable
    pinned: frozenset[int] = frozenset()
    was: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def sittings_of(self) -> Mapping[Hashable, list[Sitting]]:
        """The sittings that bind each person, and each panel that still has open seats."""
        found: dict[Hashable, list[Sitting]] = defaultdict(list)
        for sitting in self.timetable.sittings:
            for party in self.judging(sitting):
                found[party].append(sitting)
        return found

    @cached_property
    def talks_of(self) -> Mapping[int, list[int]]:
        """The ids of the talks that each person presents."""
        found: dict[int, list[int]] = defaultdict(list)
        for talk in self.timetable.talks:
            for presenter in talk.presenters:
                found[presenter].append(talk.id)
        return found

    @cached_property
    def has_clashing_pins(self) -> bool:
        """Whether talks that stay where they are already need somebody, or a slot, twice."""
        busy: dict[Hashable, list[Sitting]] = defaultdict(list)
        for talk_id in self.pinned:
            talk = self.timetable.talk_of[talk_id]
            sitting = self.timetable.sitting_of[self.timetable.placed[talk_id]]
            sitting = self.timetable.stretch(talk, sitting)
            for party in (*self.parties(talk, sitting), ("room", sitting.room_id)):
                if any(other.overlaps(sitting) for other in busy[party]):
                    return True
                busy[party].append(sitting)
        return False

    def parties(self, talk: Talk, sitting: Sitting) -> set[Hashable]:
        """Return who can't be elsewhere while the talk is in the sitting."""
        return {*talk.presenters, *self.judging(sitting)}

    def judging(self, sitting: Sitting) -> tuple[Hashable, ...]:
        """Return who can't be elsewhere while the sitting is taken, whatever is presented."""
        panel = self.timetable.panels[sitting.panel_id]
        return (*panel.members, panel) if panel.open_seats else panel.members

    def is_possible(self, talk: Talk, sitting: Sitting) -> bool:
        """Return whether the talk may be there, regardless of other talks."""
        if talk.id in self.pinned:
            return self.timetable.placed[talk.id] == sitting.id
        return self.timetable.can_be_there(talk, sitting)


class Model:
    """The columns and rows for the talks in `places`, each in one of its sittings there.

    Talks of the `pool` may also be elsewhere: the pool then takes a sitting for them.
    """

    def __init__(
        self,
        problem: SchedulingProblem,
        places: Mapping[int, Iterable[int]],
        pool: Collection[int],
        has_to_stop: Callable[[], bool],
    ) -> None:
        self.problem, self.timetable = problem, problem.timetable
        self.program = LinearProgram(has_to_stop)
        pairs = [(talk, sitting) for talk, options in places.items() for sitting in options]
        self.chosen = {pair: self.program.column(is_whole=True) for pair in pairs}
        talks = [talk.id for talk in self.timetable.talks if talk.id not in problem.pinned]
        self.out = {talk: self.program.column(is_whole=True) for talk in talks}
        self.elsewhere = {talk: self.program.column(is_whole=True) for talk in sorted(pool)}
        sittings = [sitting.id for sitting in self.timetable.sittings] if pool else []
        self.pooled = {sitting: self.program.column(is_whole=True) for sitting in sittings}
        self.calls = Calls(self.timetable, self.chosen, self.program)
        self.whole = range(self.program.width)
        self.in_sitting: dict[int, list[Pair]] = defaultdict(list)
        self.of_talk: dict[int, dict[int, int]] = defaultdict(dict)
        for (talk, sitting), column in self.chosen.items():
            for taken in self.taken_by(talk, sitting):
                self.in_sitting[taken].append((talk, column))
            self.of_talk[talk][sitting] = column
        self.taken: dict[int, int] = {}
        self._place_each_once()
        self._fill_each_once()
        for clique in _cliques(self):
            self._at_most_one(clique)
        knows_all = not self.pooled and not problem.has_clashing_pins
        self.is_exact = knows_all and not (self.longer and self.calls.people)
        self.calls.hold(partial(_engaging, self), is_exact=self.is_exact)

    @property
    def longer(self) -> list[int]:
        """The ids of the talks that need more than one sitting."""
        return [talk.id for talk in self.timetable.talks if talk.is_long]

    def taken_by(self, talk_id: int, sitting_id: int) -> list[int]:
        """Return the sittings that a talk takes if it begins in this one (ids)."""
        timetable = self.timetable
        talk, sitting = timetable.talk_of[talk_id], timetable.sitting_of[sitting_id]
        return [taken.id for taken in timetable.taken_by(talk, sitting)]

    def chosen_at(self, talk_id: int, sitting_id: int) -> int | None:
        """Return the column of a talk that begins in the sitting, if it may."""
        return self.chosen.get((talk_id, sitting_id))

    def picks(self, placed: Mapping[int, int]) -> dict[int, float]:
        """Return the whole columns' values for a schedule in which nothing is left to the pool."""
        values = dict.fromkeys(self.whole, 0.0)
        for talk, column in self.out.items():
            values[column] = float(talk not in placed)
        for talk, sitting in placed.items():
            if (talk, sitting) in self.chosen:
                values[self.chosen[talk, sitting]] = 1.0
            else:
                values[self.elsewhere[talk]] = 1.0
                values |= {self.pooled[taken]: 1.0 for taken in self.taken_by(talk, sitting)}
        return values | self.calls.values(placed)

    def found(self, values: Sequence[float]) -> dict[int, float]:
        """Return the whole columns' values in a solution that gives all columns'."""
        picks = {column: float(round(values[column])) for column in self.whole}
        return picks | self.calls.values(self.placed(picks)) if self.is_exact else picks

    def placed(self, picks: Terms) -> dict[int, int]:
        """Return the sitting of each talk that has a column for it (ids)."""
        return {
            talk: there for (talk, there), column in self.chosen.items() if picks[column] > PRESENT
        }

    def pool(self, picks: Terms) -> list[int]:
        """Return the sittings that the pool takes."""
        return [there for there, column in self.pooled.items() if picks[column] > PRESENT]

    def _place_each_once(self) -> None:
        for talk in self.timetable.talks:
            ways = [*self.of_talk[talk.id].values()]
            ways += [way[talk.id] for way in (self.out, self.elsewhere) if talk.id in way]
            self.program.row(dict.fromkeys(ways, 1.0), at_least=1, at_most=1)
        if self.pooled:
            talk_of = self.timetable.talk_of
            terms = {column: float(talk_of[talk].slots) for talk, column in self.elsewhere.items()}
            self.program.row(
                terms | dict.fromkeys(self.pooled.values(), -1.0), at_least=0, at_most=0
            )

    def _fill_each_once(self) -> None:
        for sitting in self.timetable.sittings:
            columns = [column for _, column in self.in_sitting[sitting.id]]
            columns += [self.pooled[sitting.id]] if self.pooled else []
            held = sum(talk in self.problem.pinned for talk, _ in self.in_sitting[sitting.id])
            self.taken[sitting.id] = taken = self.program.column(max(1, held))
            terms = dict.fromkeys(columns, 1.0) | {taken: -1.0}
            self.program.row(terms, at_least=0, at_most=0)

    def _at_most_one(self, columns: frozenset[int]) -> None:
        """Choose at most one of these, or as many as are already pinned if that is more."""
        pinned = self.problem.pinned & self.timetable.placed.keys()
        held = {self.chosen[talk, self.timetable.placed[talk]] for talk in pinned}
        held |= {
            self.taken[there]
            for talk in pinned
            for there in self.taken_by(talk, self.timetable.placed[talk])
        }
        self.program.row(dict.fromkeys(columns, 1.0), at_most=max(1, len(columns & held)))


def _cliques(model: Model) -> list[frozenset[int]]:
    """Return the sets of columns of which one may be chosen: nobody can be in two places."""
    problem, found = model.problem, dict[frozenset[int], None]()
    called = frozenset(model.calls.people)
    for person in sorted(problem.talks_of.keys() | called):
        presents = problem.talks_of.get(person, ())
        if len(presents) > 1 or person in problem.sittings_of or person in called:
            binding = [*_engaging(model, person), *model.calls.of_person(person)]
            found |= dict.fromkeys(at_once(binding))
    groups = {
        tuple(sitting.id for sitting in sittings): sittings
        for sittings in problem.sittings_of.values()
    }
    for sittings in groups.values():
        found |= dict.fromkeys(
            at_once([(sitting, model.taken[sitting.id]) for sitting in sittings])
        )
    return list(found)


def _engaging(model: Model, person: int) -> list[tuple[Sitting, int]]:
    """Return what takes a person's time, as a member or presenter: the sitting, and the column."""
    timetable, judged = model.timetable, model.problem.sittings_of.get(person, [])
    own = {sitting.id for sitting in judged}
    return [(sitting, model.taken[sitting.id]) for sitting in judged] + [
        (timetable.stretch(timetable.talk_of[talk], timetable.sitting_of[sitting]), column)
        for talk in model.problem.talks_of.get(person, ())
        for sitting, column in model.of_talk[talk].items()
        if sitting not in own
    ]


def at_once(items: Iterable[tuple[Sitting, int]]) -> list[frozenset[int]]:
    """Return the largest sets of columns whose sittings, more than one, have a moment in common."""
    by_span: dict[Span, list[tuple[Sitting, int]]] = defaultdict(list)
    for sitting, column in items:
        by_span[Span(sitting.starts_at, sitting.ends_at)].append((sitting, column))
    starts = sorted({span.starts_at for span in by_span})
    moments = [
        frozenset(span for span in by_span if span.starts_at <= start < span.ends_at)
        for start in starts
    ]
    largest = [
        moment
        for moment, later in zip(moments, [*moments[1:], frozenset[Span]()], strict=False)
        if not moment <= later
    ]
    together = [[pair for span in moment for pair in by_span[span]] for moment in largest]
    return [
        frozenset(column for _, column in pairs)
        for pairs in together
        if len({sitting.id for sitting, _ in pairs}) > 1
    ]
