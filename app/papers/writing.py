"""How a paper is written: in its language, with dates and numbers as that has them."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app import numbers
from app.mail import letters
from app.papers.words import date_in_words


@dataclass(frozen=True)
class Writer:
    """Writes what a paper says in one language, its times in the edition's zone."""

    language: str
    zone: ZoneInfo

    def text(self, message: str, **values: object) -> str:
        """Return a message of the catalogue with its values."""
        return letters.letter_text(self.language, message, values)

    def name(self, thing: object) -> str:
        """Return a thing's name in this language, or in Indonesian if it has none."""
        english = getattr(thing, "name_en", "") if self.language == "en" else ""
        return str(english or getattr(thing, "name", ""))

    def local(self, moment: dt.datetime) -> dt.date:
        """Return the day of a moment where the edition is."""
        return moment.astimezone(self.zone).date()

    def date(self, day: dt.date) -> str:
        """Write a day without its name: “7 Oktober 2019”."""
        return format_date(day, "d MMMM y", locale=self.language)

    def day(self, day: dt.date) -> str:
        """Write a day with its name."""
        return letters.day(day, self.language)

    def in_words(self, day: dt.date) -> str:
        """Write a day in words."""
        return date_in_words(day, self.language)

    def moment(self, moment: dt.datetime) -> str:
        """Write a moment with the name of its zone."""
        return letters.moment(moment, self.zone, self.language)

    def clock(self, time: dt.time) -> str:
        """Write a time of day: “08.30”."""
        sign = ":" if self.language == "en" else "."
        return time.strftime(f"%H{sign}%M")

    def points(self, value: Fraction | None) -> str:
        """Write points with two decimals, a dash where there are none."""
        return numbers.points(self.language, value)
