"""Lines of a CSV file in whichever encoding and with whichever delimiter it was saved. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from .table import MOST_COLUMNS, TableRefused, Wanted, folded

DELIMITERS = ",;\t"
NAMED_DELIMITER = re.compile('"?sep=(.)"?[,;\t ]*(?:\r\n|\n|\r|$)', re.IGNORECASE)
"""A first line that tells Excel the delimiter; no spreadsheet shows it, or counts it as a row."""


def lines(content: bytes, wanted: Wanted) -> Iterator[list[str]]:
    """Yield the cells of each line, as numbered by a spreadsheet; raise `TableRefused`."""
    text = _decoded(content)
    csv.field_size_limit(len(text) + 1)
    named = NAMED_DELIMITER.match(text)
    if named:
        text, delimiter = text[named.end() :], named[1]
    else:
        delimiter = max(DELIMITERS, key=lambda one: _fit(text, one, wanted))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (csv.Error, TypeError, ValueError) as error:  # the latter: `sep=` names no delimiter
        raise TableRefused("no csv") from error


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableRefused("no csv")


def _fit(text: str, delimiter: str, wanted: Wanted) -> tuple[int, int]:
    """Return how many known columns a delimiter gives the first line, and how many columns."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    head = next((line for line in reader if any(map(str.strip, line))), [])
    known = {folded(name) for name in wanted.known}
    return len(known & set(map(folded, head[:MOST_COLUMNS]))), len(head)
