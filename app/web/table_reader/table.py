"""What both kinds of file come to: the names of the columns, then rows of texts and their flaws.

A flaw is a cell that must not be read as it stands, so that nothing is taken for something else
without a word. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MOST_ROWS = 10_000
MOST_COLUMNS = 200
LONGEST_CELL = 100_000  # characters
EXACT = 10**15  # from here on a spreadsheet's numbers lose their last digits
ERRORS = re.compile(
    r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BUSY!|GETTING_DATA|#+)"
    r"|Err:\d{3}",
    re.IGNORECASE,
)
POWER_OF_TEN = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
QUOTED_NUMBER = re.compile(r"\A['’](?=\d[\d .,/+-]*\Z)")

Line = list[object]
"""The first is `[names]`, each other one `[row, texts, [[column, flaw, text], …]]`."""


class TableRefused(Exception):
    """A file that is not read; the text says why in a word."""


class Unreckoned:
    """What stands in a cell whose formula has no value yet."""


@dataclass(frozen=True)
class Wanted:
    """The names of the columns that are known, and of those among them that hold codes."""

    known: Sequence[str]
    codes: Sequence[str]

    def name(self, text: str) -> str:
        """Return the known name that a cell of the first row means, else what it says."""
        plain = visible(text)
        alike = {folded(name): name for name in self.known}
        spelt = plain if ":" in plain else plain.lower()
        return plain if plain in self.known else alike.get(folded(plain), spelt)


def read(
    lines: Iterable[Sequence[object]], wanted: Wanted, *, refuses_wider: bool
) -> Iterator[Line]:
    """Yield the names of the columns, then each row that holds something; raise `TableRefused`.

    `refuses_wider` makes a flaw of a row that is longer than the first: in CSV a comma in a text
    that stands in no quotation marks divides it.
    """
    names: list[str] = []
    count = 0
    for row, line in enumerate(lines, 1):
        cells = _trimmed(line)
        if cells and not names:
            names = _names(cells, wanted)
            yield [names]
        elif cells:
            count += 1
            if count > MOST_ROWS:
                raise TableRefused("rows")
            texts = [_text(value)[:LONGEST_CELL] for value in cells[: len(names)]]
            flaws = _flaws(cells, names, wanted)
            if refuses_wider and len(cells) > len(names):
                flaws.append(["", "wider", ""])
            yield [row, texts, flaws]
    if not names:
        raise TableRefused("empty")


def folded(text: str) -> str:
    """Return a text as it is compared: without what the eye doesn't see, whatever its case."""
    return visible(text).casefold()


def visible(text: str) -> str:
    """Return a text without invisible characters, composed (NFC), with single plain spaces."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _names(cells: Sequence[object], wanted: Wanted) -> list[str]:
    if len(cells) > MOST_COLUMNS:
        raise TableRefused("columns")
    return [wanted.name(_text(value)) for value in cells]


def _trimmed(line: Sequence[object]) -> Sequence[object]:
    """Return the cells up to the last one that holds something."""
    end = len(line)
    while end and (line[end - 1] is None or not str(line[end - 1]).strip()):
        end -= 1
    return line[:end]


def _text(value: object) -> str:
    """Return what a cell says, as somebody would type it."""
    if value is None or isinstance(value, Unreckoned):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return QUOTED_NUMBER.sub("", str(value).replace("\r\n", "\n").strip())


def _flaws(cells: Sequence[object], names: list[str], wanted: Wanted) -> list[list[str]]:
    found = []
    for name, value in zip(names, cells, strict=False):
        if name and (name in wanted.known or not wanted.known):
            flaw = _flaw(value, is_code=name in wanted.codes)
            if flaw:
                found.append([name, flaw, _text(value)[:100]])
    return found


def _flaw(value: object, *, is_code: bool) -> str:
    """Return what is wrong with a cell, in a word; nothing if it can be read as it stands."""
    if isinstance(value, Unreckoned):
        return "unreckoned"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "digits" if abs(value) >= EXACT else "number" if is_code else ""
    if isinstance(value, date | time | timedelta):  # what a spreadsheet makes of a code like 1-10
        return "number" if is_code else ""
    text = str(value or "").strip()
    if ERRORS.fullmatch(text):
        return "error"
    if is_code and POWER_OF_TEN.fullmatch(text):
        return "digits"
    return "long" if len(text) > LONGEST_CELL else ""
