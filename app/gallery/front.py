"""The front page: where each public edition stands, and who won."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.awards.models import Award
from app.editions.models import Edition
from app.gallery import queries
from app.gallery.moments import Published, StandsAt, standing_at


@dataclass(frozen=True)
class EditionCard:
    """An edition on the front page: how many innovations everyone can see, and the first places."""

    edition: Edition
    stands: StandsAt
    innovations: int
    best: Sequence[Award]


def cards_of(editions: Sequence[Edition], *, now: datetime) -> list[EditionCard]:
    """Return the cards of editions, with as many queries as for one."""
    counts = queries.finalist_counts(editions)
    scheduled = queries.with_schedule(editions)
    decided = queries.with_result(editions, now=now)
    best = queries.best_of(decided)
    return [
        EditionCard(
            edition,
            standing_at(
                edition,
                Published(edition.id in counts, edition.id in scheduled, edition.id in decided),
                now=now,
            ),
            counts.get(edition.id, 0),
            best.get(edition.id, ()),
        )
        for edition in editions
    ]


def stands_at(edition: Edition, *, now: datetime) -> StandsAt:
    """Return where one edition stands."""
    return cards_of([edition], now=now)[0].stands
