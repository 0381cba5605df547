"""Which units have entered innovations: now, by their kind, and over an organisation's years."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.editions.models import Edition
from app.editions.units import Agency, UnitKind
from app.gallery import queries

YEARS = 8  # of the newest editions


@dataclass(frozen=True)
class Reached:
    """How many of all units have entered something."""

    entered: int
    all: int


@dataclass(frozen=True)
class Coverage:
    """Every unit with the number of its entries, those with none first.

    `years` are the public editions of the organisation, oldest first; `entries` how many entries a
    unit (id) has in each of them (id).
    """

    rows: Sequence[tuple[Agency, int]]
    kinds: Mapping[str, UnitKind]
    years: Sequence[Edition]
    entries: Mapping[tuple[int, int], int]

    @property
    def reached(self) -> Reached:
        """How many have entered something in this edition."""
        return _reached([count for _, count in self.rows])

    @property
    def by_kind(self) -> list[tuple[UnitKind, Reached]]:
        """The same for each kind of unit, in their order."""
        found = []
        for code, kind in self.kinds.items():
            counts = [count for agency, count in self.rows if agency.kind == code]
            if counts:
                found.append((kind, _reached(counts)))
        return found

    def reached_in(self, edition: Edition) -> Reached:
        """Return how many of the units of today have entered something in an edition."""
        return _reached([self.entries_of(agency, edition) for agency, _ in self.rows])

    def entries_of(self, agency: Agency, edition: Edition) -> int:
        """Return how many entries a unit has in an edition."""
        return self.entries.get((agency.origin_id or agency.id, edition.id), 0)

    def has_never_entered(self, agency: Agency) -> bool:
        """Return whether a unit has entered nothing in any of the years."""
        return not any(self.entries_of(agency, edition) for edition in self.years)


def coverage_of(edition: Edition) -> Coverage:
    """Return who has entered in this edition, and in the organisation's other public ones."""
    years = sorted(queries.public_years(edition, YEARS), key=_first_day)
    return Coverage(
        queries.coverage(edition),
        {kind.code: kind for kind in edition.organisation.kinds},
        years,
        queries.entries_by_year(years),
    )


def _reached(counts: Sequence[int]) -> Reached:
    return Reached(sum(1 for count in counts if count), len(counts))


def _first_day(edition: Edition) -> tuple[dt.date, int]:
    first = edition.days[0].date if edition.days else edition.created_at.date()
    return first, edition.id
