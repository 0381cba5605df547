"""The components of an iCalendar file with the properties asked for, and no more of it. Pure.

icalendar reads single values; a whole file by others is not given to it: it would build every
VTIMEZONE, whatever its rule costs, and remember it for the whole process under the file's name.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from icalendar.parser import Contentline
from icalendar.prop import vDDDTypes

SIZE = 1_000_000  # bytes
COMPONENTS = 20_000
DEPTH = 4
_FOLD = re.compile(r"\n[ \t]")
_NAME = re.compile(r"([A-Za-z0-9-]+)[:;]")


@dataclass(frozen=True)
class Property:
    """A value as it stands in the file, and its parameters by their names in capitals."""

    value: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Component:
    """What stands between a BEGIN and its END."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    inner: list["Component"] = field(default_factory=list)

    def one(self, name: str) -> Property | None:
        """Return the first property of this name."""
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        """Return the value of the first property of this name, in capitals; empty without one."""
        found = self.one(name)
        return found.value.strip().upper() if found else ""

    def named(self, name: str) -> Iterator["Component"]:
        """Yield the components of this name that stand directly inside."""
        return (each for each in self.inner if each.name == name)


def calendars_in(content: bytes, names: frozenset[str]) -> list[Component]:
    """Return the VCALENDARs of a file with their properties of these names.

    Raises ValueError (UnicodeDecodeError is one) for what is too large, not UTF-8, nested too
    deeply, not closed, or holds no calendar.
    """
    if len(content) > SIZE:
        raise ValueError("too large")
    root = Component("")
    stack, count = [root], 0
    for name, line in _lines(content.decode("utf-8-sig")):
        if name == "BEGIN":
            count += 1
            _open(stack, line, count)
        elif name == "END":
            if stack.pop().name != _after_colon(line) or not stack:
                raise ValueError("END without its BEGIN")
        elif name in names:
            stack[-1].properties.setdefault(name, []).append(_property(line))
    found = list(root.named("VCALENDAR"))
    if len(stack) > 1 or not found:
        raise ValueError("no calendar, or one cut off")
    return found


def read_date(text: str) -> dt.date:
    """Return the date, or the moment, that a value says; raise ValueError if it says neither."""
    read = vDDDTypes.from_ical(text)  # type: ignore[no-untyped-call]  # icalendar has none
    if not isinstance(read, dt.date):
        raise ValueError(text)  # noqa: TRY004 -- the file is wrong, not the program
    return read


def _lines(text: str) -> Iterator[tuple[str, str]]:
    unfolded = _FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for line in unfolded.split("\n"):
        if found := _NAME.match(line):
            yield found[1].upper(), line


def _open(stack: list[Component], line: str, count: int) -> None:
    if count > COMPONENTS or len(stack) > DEPTH:
        raise ValueError("too many components")
    component = Component(_after_colon(line))
    stack[-1].inner.append(component)
    stack.append(component)


def _after_colon(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _property(line: str) -> Property:
    read = Contentline(line)  # type: ignore[no-untyped-call]  # icalendar has none
    _, parameters, value = read.raw_parts()
    single = {name.upper(): _first(each) for name, each in parameters.items()}
    return Property(str(value).strip(), single)


def _first(value: str | list[str]) -> str:
    return value if isinstance(value, str) else next(iter(value), "")
