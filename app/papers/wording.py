"""Texts and numbers of papers that an edition words itself: plain texts with named places. Pure.

Nothing in them is a program: a place is one of a few names in braces, and any other brace is
refused when the text is typed.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date

from app.papers.words import roman_month
from app.workflow import N_, DomainError

PLACE = re.compile(r"\{([^{}]*)\}")
NUMBER_PLACES = ("number", "code", "roman", "month", "year")
USUAL_NUMBER = "{number}/{code}/{roman}/{year}"
TEXT_PLACES = ("edition", "day", "venue", "host")


def check_places(text: str, allowed: Collection[str]) -> None:
    """Raise `DomainError` if a text names a place that it can't have, or a brace stands alone."""
    unknown = [name for name in PLACE.findall(text) if name not in allowed]
    if unknown or set(PLACE.sub("", text)) & set("{}"):
        raise DomainError(
            N_("“%(place)s” can't be filled in. These can: %(places)s"),
            place="{" + unknown[0] + "}" if unknown else "{",
            places=", ".join(f"{{{name}}}" for name in allowed),
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with each named place filled once; what a value holds is never read again."""
    return PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def number_of(pattern: str, serial: int, code: str, day: date) -> str:
    """Return the number of a paper by the edition's pattern, such as “003/BA/X/2019”."""
    values = {
        "number": f"{serial:03d}",
        "code": code,
        "roman": roman_month(day),
        "month": f"{day.month:02d}",
        "year": str(day.year),
    }
    return filled(pattern, values)
