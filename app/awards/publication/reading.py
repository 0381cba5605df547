"""What may be read of a result after its publication: whether it is final, what was withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import Person
from app.awards.publication import queries
from app.awards.publication.models import Decree, Objection, PastResult
from app.awards.publication.objections import objecting_until, who_can_answer
from app.awards.queries import result_of
from app.editions.models import Edition


@dataclass(frozen=True)
class Validity:
    """How a public result stands: provisional until a `decree` makes it final.

    `objecting_until` is None where nobody can object; `past` are the results withdrawn before.
    """

    decree: Decree | None
    objecting_until: datetime | None
    past: Sequence[PastResult]

    @property
    def is_final(self) -> bool:
        """Whether a decree has made the result final."""
        return self.decree is not None


def validity_of(edition: Edition, *, now: datetime) -> Validity:
    """Return how the edition's public result stands, and what was withdrawn before it."""
    result = result_of(edition)
    is_public = result is not None and result.is_public(now)
    decree = queries.decree_of(edition) if is_public else None
    until = objecting_until(edition, result) if is_public else None
    return Validity(
        decree if decree and decree.is_final(now) else None,
        until if until is not None and now < until else None,
        queries.past_results_of(edition),
    )


def final_scan(edition: Edition, *, now: datetime) -> bytes | None:
    """Return the scan of the decree that has made the result final."""
    decree = validity_of(edition, now=now).decree
    return decree.scan if decree else None


@dataclass(frozen=True)
class ObjectionLine:
    """An objection, whom it can be assigned to, and whether the reader answers it."""

    objection: Objection
    possible: Sequence[Person]
    is_mine: bool


def objection_lines(
    edition: Edition, objections: Sequence[Objection], reader: Person | None
) -> list[ObjectionLine]:
    """Return these objections for this reader; who can answer only where there is no answer."""
    return [
        ObjectionLine(
            own,
            who_can_answer(own, edition) if own.answer is None else [],
            reader is not None and own.assigned_to_id == reader.id and own.answer is None,
        )
        for own in objections
    ]
