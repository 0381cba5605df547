"""When recurring entries take place: the same as dateutil says, without walking as far."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.schedule.benches.busy.recurrence import WEEKDAYS, Budget, TooOften, occurrences, read_rule

START = datetime.fromisoformat("2018-01-31T09:00")
YEAR_1, SINCE, BEFORE = map(datetime.fromisoformat, ("0001-01-01", "2019-10-01", "2019-10-08"))


def numbers(*ranges: range) -> st.SearchStrategy:
    values = st.sampled_from([n for each in ranges for n in each])
    return st.lists(values, min_size=1, max_size=4, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


def weekdays(ordinals: list[str]) -> st.SearchStrategy:
    pair = st.tuples(st.sampled_from(ordinals), st.sampled_from(WEEKDAYS)).map("".join)
    return st.lists(pair, min_size=1, max_size=3, unique=True).map(",".join)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    has_ordinals = frequency in {"YEARLY", "MONTHLY"} and draw(st.booleans())
    ordinals = ["1", "2", "5", "-1", "-2", "+3"] if has_ordinals else [""]
    possible = {
        "INTERVAL": st.integers(1, 6).map(str),
        "BYMONTH": numbers(range(1, 13)),
        "BYDAY": weekdays(ordinals),
        "BYHOUR": numbers(range(24)),
        "BYSETPOS": numbers(range(1, 4), range(-3, 0)),
        "WKST": st.sampled_from(WEEKDAYS),
    }
    if frequency == "WEEKLY":
        del possible["BYSETPOS"]  # of the first week dateutil takes only what follows the start
    else:
        possible["BYMONTHDAY"] = numbers(range(1, 32), range(-31, 0))
    if frequency == "YEARLY":
        possible["BYYEARDAY"] = numbers(range(1, 367), range(-366, 0))
    names = draw(st.lists(st.sampled_from(sorted(possible)), max_size=4, unique=True))
    ends = draw(st.sampled_from(["", "COUNT=7", "UNTIL=20200229T090000"]))
    parts = [f"FREQ={frequency}", *(f"{name}={draw(possible[name])}" for name in names), ends]
    return ";".join(filter(None, parts))


def found(rule: str, start: datetime, since: datetime, before: datetime) -> list[datetime]:
    read = read_rule(rule, start, lambda until: until)
    return list(occurrences(read, start, since=since, before=before, budget=Budget(10**6)))


# dateutil is asked with an end, as it walks on to the year 9999 where nothing matches any more;
# it also takes weekdays with and without an ordinal for conditions that must hold together.
@settings(max_examples=400, deadline=None)
@given(rules(), st.integers(0, 900), st.integers(-100, 900), st.integers(1, 400))
def test_it_is_the_same_as_dateutil_finds(rule, offset, since, days):
    start = START + timedelta(days=offset)
    first = start + timedelta(days=since)
    last = first + timedelta(days=days)
    ours = found(rule, start, first, last)
    assume(ours)
    theirs = rrulestr(rule, dtstart=start).xafter(first, count=len(ours), inc=True)
    assert ours == list(theirs)
    assert all(first <= each < last for each in ours)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ["2019-10-01", "2019-10-02", "2019-10-03"]),
        (
            "FREQ=DAILY;INTERVAL=10;UNTIL=20191021T090000",
            ["2019-10-01", "2019-10-11", "2019-10-21"],
        ),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", ["2019-10-01", "2019-10-03", "2019-10-08"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["2019-10-25", "2019-11-29"]),
        (
            "FREQ=MONTHLY;BYDAY=1SA,SU;COUNT=4",
            ["2019-10-05", "2019-10-06", "2019-10-13", "2019-10-20"],
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["2019-10-31", "2019-12-31", "2020-01-31"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["2019-10-31", "2019-11-29"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2", ["2020-02-29", "2024-02-29"]),
        ("FREQ=YEARLY;BYDAY=20MO;COUNT=2", ["2020-05-18", "2021-05-17"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []),
    ],
)
def test_rules_known_from_calendars(rule, expected):
    start, end = map(datetime.fromisoformat, ("2019-10-01T09:00", "2025-01-01"))
    days = [each.date().isoformat() for each in found(rule, start, start, end)]
    assert days == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=",
        "FREQ=OFTEN",
        "COUNT=3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=P1D",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYSECOND=60",
        "FREQ=DAILY;WKST=XX",
        "RSCALE=CHINESE;FREQ=YEARLY",
    ],
)
def test_what_is_no_rule_is_a_value_error(rule):
    with pytest.raises(ValueError):  # noqa: PT011 -- the text is the rule's own
        read_rule(rule, START, lambda until: until)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,10,20,30,40,50",
    ],
)
def test_what_repeats_within_a_day_is_too_often(rule):
    with pytest.raises(TooOften):
        read_rule(rule, START, lambda until: until)


def test_without_a_count_only_the_stretch_is_paid_for():
    budget = Budget(20)
    rule = read_rule("FREQ=DAILY", YEAR_1, lambda until: until)
    days = list(occurrences(rule, YEAR_1, since=SINCE, before=BEFORE, budget=budget))
    assert len(days) == 7
    assert budget.left >= 10


def test_a_count_is_paid_for_from_the_start():
    rule = read_rule("FREQ=DAILY;COUNT=9999999", YEAR_1, lambda until: until)
    with pytest.raises(TooOften):
        list(occurrences(rule, YEAR_1, since=SINCE, before=BEFORE, budget=Budget(1000)))
