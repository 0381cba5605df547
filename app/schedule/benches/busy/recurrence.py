"""When a recurring entry takes place (RFC 5545, 3.3.10), looked for in a given stretch only. Pure.

dateutil walks a rule from its very start and, where nothing matches any more, on to the year 9999,
which a file by others can make last for minutes. Here only the periods of the stretch are looked
at, each look is paid from a budget, and the tests compare the outcome with dateutil's.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from app.schedule.benches.busy.components import read_date

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TIMES_A_DAY = 96
_PERIODS = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
_WITHIN_A_DAY = {"HOURLY", "MINUTELY", "SECONDLY"}
_NUMBERS = ("BYMONTH", "BYYEARDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS}
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")

Numbers = frozenset[int]


class TooOften(ValueError):
    """A rule that repeats more often than is worth looking at."""


class Budget:
    """How much work one file may cause."""

    def __init__(self, amount: int) -> None:
        self.left = amount

    def spend(self, amount: int) -> None:
        """Take from what is left; raise TooOften when it is not enough."""
        self.left -= amount
        if self.left < 0:
            raise TooOften


@dataclass(frozen=True)
class Rule:
    """A recurrence rule; an empty set lets any through.

    `weekdays` are pairs of an ordinal within the month or year (0: each) and the day (0: Monday).
    """

    frequency: str
    interval: int
    count: int | None
    until: datetime | None
    week_start: int
    months: Numbers
    year_days: Numbers
    month_days: Numbers
    weekdays: frozenset[tuple[int, int]]
    times: tuple[dt.time, ...]
    positions: Numbers

    def lets_through(self, day: dt.date) -> bool:
        """Tell whether it can take place on a day of a period that is its turn."""
        length = calendar.monthrange(day.year, day.month)[1]
        of_year, days = day.timetuple().tm_yday, 365 + calendar.isleap(day.year)
        return (
            (not self.months or day.month in self.months)
            and _holds(self.month_days, day.day, length)
            and _holds(self.year_days, of_year, days)
            and (not self.weekdays or self._is_weekday(day, length, of_year, days))
        )

    def _is_weekday(self, day: dt.date, length: int, of_year: int, days: int) -> bool:
        weekday = day.weekday()
        if (0, weekday) in self.weekdays:
            return True
        is_of_month = self.frequency == "MONTHLY" or bool(self.months)
        at, last = (day.day, length) if is_of_month else (of_year, days)
        ordinals = ((at - 1) // 7 + 1, -((last - at) // 7 + 1))
        return any((each, weekday) in self.weekdays for each in ordinals)


def read_rule(value: str, start: datetime, local: Callable[[dt.date], datetime]) -> Rule:
    """Return the rule of an entry that starts at `start` (naive, in its own zone).

    `local` brings an UNTIL into that zone. Raises ValueError for what is no rule or can't be
    followed, TooOften for what repeats within a day.
    """
    parts = dict(each.partition("=")[::2] for each in value.upper().rstrip(";").split(";"))
    frequency, interval = parts.get("FREQ", ""), int(parts.get("INTERVAL", "1"))
    if frequency in _WITHIN_A_DAY:
        raise TooOften
    if frequency not in _PERIODS or parts.keys() - _KNOWN or interval < 1:
        raise ValueError(value)
    numbers = {name: _numbers(parts.get(name, "")) for name in _NUMBERS}
    weekdays = _weekdays(parts.get("BYDAY", ""), frequency)
    if not (weekdays or numbers["BYMONTHDAY"] or numbers["BYYEARDAY"]):
        weekdays = _own_days(frequency, numbers, start)
    return Rule(
        frequency=frequency,
        interval=interval,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=local(read_date(parts["UNTIL"])) if "UNTIL" in parts else None,
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        months=numbers["BYMONTH"],
        year_days=numbers["BYYEARDAY"],
        month_days=numbers["BYMONTHDAY"],
        weekdays=weekdays,
        times=_times(numbers, start),
        positions=numbers["BYSETPOS"],
    )


def occurrences(
    rule: Rule, start: datetime, *, since: datetime, before: datetime, budget: Budget
) -> Iterator[datetime]:
    """Yield in order when it takes place, from `since` until just before `before` (all naive).

    Without a COUNT nothing before `since` is looked at. Raises TooOften when the budget is used up.
    """
    first, last = _period(rule, start.date()), _period(rule, before.date())
    skipped = 0 if rule.count is not None else max(0, _period(rule, since.date()) - first)
    made = 0
    for period in range(first + skipped // rule.interval * rule.interval, last + 1, rule.interval):
        for moment in _within(rule, period, budget):
            if moment < start:
                continue
            made += 1
            is_over = rule.until is not None and moment > rule.until
            if is_over or moment >= before or (rule.count is not None and made > rule.count):
                return
            if moment >= since:
                yield moment


def _numbers(text: str) -> Numbers:
    return frozenset(int(each) for each in text.split(",")) if text else frozenset()


def _weekdays(text: str, frequency: str) -> frozenset[tuple[int, int]]:
    found = [_WEEKDAY.fullmatch(each) for each in text.split(",")] if text else []
    if None in found:
        raise ValueError(text)
    has_ordinals = frequency in {"YEARLY", "MONTHLY"}
    return frozenset(
        (int(each[1] or 0) if has_ordinals else 0, WEEKDAYS.index(each[2]))
        for each in found
        if each is not None
    )


def _own_days(
    frequency: str, numbers: dict[str, Numbers], start: datetime
) -> frozenset[tuple[int, int]]:
    """Take the day from the start, where the rule names none; return the weekdays of this."""
    if frequency == "YEARLY":
        numbers["BYMONTH"] = numbers["BYMONTH"] or frozenset({start.month})
    if frequency in {"YEARLY", "MONTHLY"}:
        numbers["BYMONTHDAY"] = frozenset({start.day})
    return frozenset({(0, start.weekday())}) if frequency == "WEEKLY" else frozenset()


def _times(numbers: Mapping[str, Numbers], start: datetime) -> tuple[dt.time, ...]:
    hours = sorted(numbers["BYHOUR"] or {start.hour})
    minutes = sorted(numbers["BYMINUTE"] or {start.minute})
    seconds = sorted(numbers["BYSECOND"] or {start.second})
    if len(hours) * len(minutes) * len(seconds) > TIMES_A_DAY:
        raise TooOften
    return tuple(dt.time(*each) for each in product(hours, minutes, seconds))


def _period(rule: Rule, day: dt.date) -> int:
    """Return the number of the year, month, week or day of the rule that holds the day."""
    if rule.frequency == "YEARLY":
        return day.year
    if rule.frequency == "MONTHLY":
        return day.year * 12 + day.month - 1
    if rule.frequency == "WEEKLY":
        return (day.toordinal() - 1 - rule.week_start) // 7
    return day.toordinal()


def _days(rule: Rule, period: int) -> list[dt.date]:
    if rule.frequency == "YEARLY":
        months = sorted(rule.months) or range(1, 13)
        return [day for month in months for day in _month(period, month)]
    if rule.frequency == "MONTHLY":
        return _month(period // 12, period % 12 + 1)
    if rule.frequency == "WEEKLY":
        first = period * 7 + 1 + rule.week_start
        return [dt.date.fromordinal(each) for each in range(max(1, first), first + 7)]
    return [dt.date.fromordinal(period)]


def _month(year: int, month: int) -> list[dt.date]:
    first = dt.date(year, month, 1)
    return [first + timedelta(days=each) for each in range(calendar.monthrange(year, month)[1])]


def _within(rule: Rule, period: int, budget: Budget) -> list[datetime]:
    days = _days(rule, period)
    budget.spend(len(days) * len(rule.times))
    fitting = [day for day in days if rule.lets_through(day)]
    moments = [datetime.combine(day, time) for day in fitting for time in rule.times]
    if not rule.positions:
        return moments
    last = len(moments)
    return [m for at, m in enumerate(moments, 1) if _holds(rule.positions, at, last)]


def _holds(numbers: Numbers, at: int, last: int) -> bool:
    """Tell whether a place is meant, counted from the first (1) or from the last (-1)."""
    return not numbers or at in numbers or at - last - 1 in numbers
