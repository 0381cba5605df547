"""How sure the lines of the desk evaluation are: the finalists, and the passing grade. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.certainty.computing import (
    DRAWS,
    DRAWS_OF_MANY,
    MANY,
    KindSheets,
    Tell,
    agreement_of,
    drawn,
    judges_of,
    places_of,
)
from app.scoring.certainty.sample import interval, places_in


@dataclass(frozen=True)
class DeskQuestion:
    """The desk sheets as plain values; `places` are those of the tabulated proposals, by id.

    `finalists` is how many there are to be; `grade` the passing grade in points, if there is one.
    """

    sheets: KindSheets
    places: Mapping[int, int]
    finalists: int
    grade: float | None
    seed: int


def desk_certainty_of(question: DeskQuestion, tell: Tell) -> dict[str, Any]:
    """Return what there is to tell, as values that JSON holds.

    Of each tabulated proposal: id, place, chance to be among the finalists and to reach the passing
    grade (None without one), and the ends of the 90 % interval of its place.
    """
    random = np.random.default_rng(question.seed)
    count = DRAWS if len(question.places) <= MANY else DRAWS_OF_MANY
    draws = drawn(question.sheets, count, random)
    tell(60)
    ranked = sorted(question.places, key=lambda key: (question.places[key], key))
    columns, _ = places_of(question.sheets)
    worth = draws.worth[:, [columns[key] for key in ranked]]
    places = places_in(worth)
    low, high = interval(places)
    among = (places <= question.finalists).mean(axis=0)
    reaches = None if question.grade is None else (worth >= question.grade).mean(axis=0)
    return {
        "finalists": question.finalists,
        "grade": question.grade,
        "draws": count,
        "seed": question.seed,
        "places": [
            [
                key,
                question.places[key],
                round(float(among[at]), 4),
                None if reaches is None else round(float(reaches[at]), 4),
                int(low[at]),
                int(high[at]),
            ]
            for at, key in enumerate(ranked)
        ],
        "judges": judges_of(question.sheets, draws),
        "agreement": agreement_of(question.sheets),
    }
