"""The components of an iCalendar file (RFC 5545) with the properties asked for. Pure.

icalendar reads only single values, never a whole file of somebody else's: one wrong line may cost
everything, and it builds every VTIMEZONE, whatever its rule costs, and keeps it for the process.
"""

import re
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from icalendar.parser import unescape_backslash

UNPACKED = 30_000_000  # bytes of a calendar that came in a ZIP
DEPTH = 8  # of nested components
_FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
_LINE = re.compile(rb'\s*([\w-]+)((?:;[^":]*(?:"[^"]*"[^":]*)*)?):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([\w-]+)=(?:"([^"]*)"|([^;]*))')
_SIDE_BY_SIDE = {
    "VEVENT",
    "VFREEBUSY",
    "VTIMEZONE",
    "VTODO",
    "VJOURNAL",
}  # never nested in one another


class CalendarRefused(ValueError):
    """A file that isn't a calendar; the text is a keyword for what is wrong with it."""


@dataclass(frozen=True)
class Property:
    """A value as written in the file, and its parameters by their names in capitals."""

    value: str
    parameters: dict[str, str]

    @property
    def word(self) -> str:
        """The value of a date, a rule or a status, without the blanks that some programs write."""
        return "".join(self.value.split()).upper()

    @property
    def text(self) -> str:
        """The value of a text, without its escapes."""
        return str(unescape_backslash(self.value))


@dataclass(frozen=True)
class Component:
    """What is between a BEGIN and its END."""

    kind: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    inner: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of this name."""
        return self.properties.get(name, [])

    def word(self, name: str) -> str:
        """Return the word that the first property of this name says; empty without one."""
        return self.properties[name][0].word if name in self.properties else ""

    def text(self, name: str) -> str:
        """Return the text of the first property of this name; empty without one."""
        return self.properties[name][0].text if name in self.properties else ""

    def of_kind(self, kind: str) -> list["Component"]:
        """Return the components of this kind directly inside this one."""
        return [part for part in self.inner if part.kind == kind]


def unpacked(content: bytes) -> bytes:
    """Return the one calendar in a ZIP, as Google packs it; anything else unchanged."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = [name for name in packed.namelist() if name.lower().endswith(".ics")]
            if len(names) != 1:
                raise CalendarRefused("several" if names else "no calendar")
            with packed.open(names[0]) as file:
                found = file.read(UNPACKED + 1)
    except (BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise CalendarRefused("no calendar") from error  # damaged, or locked with a password
    if len(found) > UNPACKED:
        raise CalendarRefused("too large")
    return found


def parsed(content: bytes, names: frozenset[str]) -> Component:
    """Return a component that holds those of the file, with their properties of these names.

    Raises CalendarRefused if it isn't a calendar, or is cut off. Damage in between is skipped: only
    names, words and dates have to be right, so any encoding of the rest will do.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not content:
        raise CalendarRefused("empty")
    if content.startswith(b"<"):
        raise CalendarRefused("web page")
    stack = [root := Component("")]
    for line in re.split(rb"[\r\n]+", _FOLD.sub(b"", content)):
        if found := _LINE.fullmatch(line):
            name, parameters, value = (part.decode(errors="replace") for part in found.groups())
            _take(stack, name.upper(), parameters, value.strip(), names)
    if not root.inner:
        raise CalendarRefused("no calendar")
    if len(stack) > 1:
        raise CalendarRefused("cut off")
    return root


def _take(
    stack: list[Component], name: str, parameters: str, value: str, names: frozenset[str]
) -> None:
    """Add one line to the components."""
    if name == "BEGIN":
        _open(stack, value.upper())
    elif name == "END":
        _close(stack, value.upper())
    elif name in names:
        found = Property(value, _parameters(parameters) if parameters else {})
        stack[-1].properties.setdefault(name, []).append(found)


def _open(stack: list[Component], kind: str) -> None:
    """Begin a component; an open one that can't hold it has lost its END."""
    if kind == "VCALENDAR":
        del stack[1:]
    elif kind in _SIDE_BY_SIDE:
        while stack[-1].kind not in {"", "VCALENDAR"}:
            stack.pop()
    if len(stack) > DEPTH:
        raise CalendarRefused("unreadable")
    component = Component(kind)
    stack[-1].inner.append(component)
    stack.append(component)


def _close(stack: list[Component], kind: str) -> None:
    """End the innermost open component of a kind and those open in it; do nothing without one."""
    for at in range(len(stack) - 1, 0, -1):
        if stack[at].kind == kind:
            del stack[at:]
            return


def _parameters(text: str) -> dict[str, str]:
    parts = _PARAMETER.findall(text)
    return {name.upper(): unescape_backslash(quoted or plain) for name, quoted, plain in parts}
