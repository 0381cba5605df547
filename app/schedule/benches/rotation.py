"""Letting judges change panels, so that presentations can be compared whoever hears them. Pure.

A stint is a room for a while, heard by one panel. Judges get stints so that each hears about as
many presentations as the others, and each two of them sit together about equally often: the trace
of the squared information matrix is to be small. That is the (M,S) criterion of Eccleston and
Hedayat (“On the theory of connected designs”, Annals of Statistics 2, 1974); the exchanges that
lead there are of John and Williams (“Cyclic and Computer Generated Designs”, 1995, chapter 6). It
is the best of several starts, not proved to be the best of all; the page shows how well it
compares.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from app.schedule.draft.timetable import Sitting, Span
from app.workflow import N_, DomainError, Labelled

STARTS = 8
"""Orders in which judges are considered, of few judges and stints; the best outcome is kept."""
TRIED, MOST_TRIED = 1_500, 4_000
"""Judges times seats that are tried over all starts, and in one start at most (a second or two);
of more, the first panels that fit are taken."""
SWEEPS = 8
"""How often all exchanges are tried at most."""


class Every(Labelled):
    """How often judges change panels."""

    SESSION = "session", N_("After each break")
    DAY = "day", N_("Every day")


@dataclass(frozen=True)
class Stint(Span):
    """A room for a while, in which so many presentations are heard by one panel."""

    room_id: int
    day: dt.date
    sittings: int


@dataclass(frozen=True)
class Rotation:
    """Stints in the order of time, each with the judges (ids) who sit there."""

    stints: Sequence[Stint]
    panels: Sequence[frozenset[int]]

    @property
    def by_sitting(self) -> list[frozenset[int]]:
        """The judges of each sitting, as if one presentation were heard in each."""
        pairs = zip(self.stints, self.panels, strict=True)
        return [panel for stint, panel in pairs for _ in range(stint.sittings)]


def stints_of(sittings: Iterable[Sitting], every: Every) -> list[Stint]:
    """Return the stints of these sittings, in the order of time and room."""

    def stint(sitting: Sitting) -> tuple[object, ...]:
        number = sitting.session if every is Every.SESSION else 0
        return sitting.room_id, sitting.day, number

    found = []
    in_order = sorted(sittings, key=lambda sitting: (sitting.room_id, sitting.starts_at))
    for _, group in groupby(in_order, key=stint):
        own = list(group)
        found.append(Stint(own[0].starts_at, own[-1].ends_at, own[0].room_id, own[0].day, len(own)))
    return sorted(found, key=lambda own: (own.starts_at, own.room_id))


def rotation_of(
    stints: Sequence[Stint], judges: Sequence[int], size: int, away: Mapping[int, Collection[Span]]
) -> Rotation:
    """Return who sits in each stint, `size` judges each, nobody in two rooms at once or while away.

    Raise `DomainError` if there are too few judges.
    """
    tried = max(1, len(judges) * len(stints) * size)
    together = _together(stints)
    free = [
        [judge for judge in judges if not any(stint.overlaps(span) for span in away.get(judge, ()))]
        for stint in stints
    ]
    designs = []
    for seed in range(min(STARTS, max(1, TRIED // tried))):
        order = list(judges)
        Random(seed).shuffle(order)  # noqa: S311 -- for trying, not for secrecy
        design = _Design(stints, together, free, size)
        design.fill(order)
        if tried <= MOST_TRIED:
            design.improve(order)
        designs.append(design)
    best = min(designs, key=lambda found: found.cost)
    return Rotation(stints, [frozenset(panel) for panel in best.panels])


def _together(stints: Sequence[Stint]) -> list[list[int]]:
    """Return for each stint the places of the others that overlap it."""
    return [
        [place for place, other in enumerate(stints) if other is not own and other.overlaps(own)]
        for own in stints
    ]


class _Design:
    """Panels of the stints while they are being found, with what counts about them."""

    def __init__(
        self,
        stints: Sequence[Stint],
        together: Sequence[Sequence[int]],
        free: Sequence[Sequence[int]],
        size: int,
    ) -> None:
        self.weights = [stint.sittings for stint in stints]
        self.together, self.free = together, [set(own) for own in free]
        self.size, self.cost = size, 0
        self.panels: list[set[int]] = [set() for _ in stints]
        self.heard: Counter[int] = Counter()
        self.shared: defaultdict[int, Counter[int]] = defaultdict(Counter)

    def fill(self, order: Sequence[int]) -> None:
        """Seat judges in each stint, those who have heard least first."""
        for place, panel in enumerate(self.panels):
            while len(panel) < self.size:
                able = [judge for judge in order if self._can_sit(judge, place)]
                if not able:
                    raise DomainError(
                        N_("There are too few judges for so many at once: choose smaller panels.")
                    )
                self._seat(min(able, key=lambda judge: self._burden(judge, place)), place)

    def improve(self, order: Sequence[int]) -> None:
        """Exchange judges as long as that helps."""
        for _ in range(SWEEPS):
            before = self.cost
            for place, panel in enumerate(self.panels):
                for out in sorted(panel):
                    any(
                        self._exchange(out, into, place, elsewhere)
                        for into in order
                        if into not in panel
                        for elsewhere in self._seats_of(into, out)
                    )
            if self.cost == before:
                return

    def _seats_of(self, judge: int, other: int) -> list[int | None]:
        """Return where the judge sits without the other: seats to give in return, or none."""
        own = [at for at, panel in enumerate(self.panels) if judge in panel and other not in panel]
        return [None, *own]

    def _exchange(self, out: int, into: int, place: int, elsewhere: int | None) -> bool:
        """Let one judge take another's seat, and give theirs `elsewhere` in return, if any.

        Return whether that helped; else all stays as it was.
        """
        before = self.cost
        self._leave(out, place)
        if elsewhere is not None:
            self._leave(into, elsewhere)
        is_possible = self._can_sit(into, place)
        if is_possible:
            self._seat(into, place)
            if elsewhere is not None and (is_possible := self._can_sit(out, elsewhere)):
                self._seat(out, elsewhere)
        if is_possible and self.cost < before:
            return True
        self._undo(out, into, place, elsewhere)
        return False

    def _undo(self, out: int, into: int, place: int, elsewhere: int | None) -> None:
        if into in self.panels[place]:
            self._leave(into, place)
        if elsewhere is not None:
            if out in self.panels[elsewhere]:
                self._leave(out, elsewhere)
            self._seat(into, elsewhere)
        self._seat(out, place)

    def _can_sit(self, judge: int, place: int) -> bool:
        return (
            judge in self.free[place]
            and judge not in self.panels[place]
            and not any(judge in self.panels[at] for at in self.together[place])
        )

    def _burden(self, judge: int, place: int) -> tuple[int, int]:
        """Return what a judge has heard, and shared with those who sit there."""
        return self.heard[judge], sum(self.shared[judge][other] for other in self.panels[place])

    def _seat(self, judge: int, place: int) -> None:
        self._count(judge, place, self.weights[place])
        self.panels[place].add(judge)

    def _leave(self, judge: int, place: int) -> None:
        self.panels[place].remove(judge)
        self._count(judge, place, -self.weights[place])

    def _count(self, judge: int, place: int, sittings: int) -> None:
        """Count what a judge hears more or less, beside those who sit there; update the cost.

        For panels of k it is the trace of the squared information matrix, times k squared.
        """
        heard = self.heard[judge]
        self.cost += (self.size - 1) ** 2 * ((heard + sittings) ** 2 - heard**2)
        self.heard[judge] = heard + sittings
        for other in self.panels[place]:
            shared = self.shared[judge][other]
            self.cost += 2 * ((shared + sittings) ** 2 - shared**2)
            self.shared[judge][other] = self.shared[other][judge] = shared + sittings
