"""Lines of an XLSX file: of its first visible sheet. Pure."""

import io
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from .table import MOST_COLUMNS, TableRefused, Unreckoned

LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_STRINGS = 500_000
"""Different texts in a workbook; 10,000 rows of 40 columns need at most 400,000."""
LAST_ROW = 1_048_576  # that any spreadsheet has
CHUNK = 1024 * 1024
STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
LONGEST_TAG = 64
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, IndexError, TypeError),
    *(SyntaxError, AttributeError, NotImplementedError, RuntimeError, OverflowError),
)


def lines(content: bytes) -> Iterator[Sequence[object]]:
    """Yield each row's values, `Unreckoned` for a formula without one; raise `TableRefused`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_size(packed)
            has_formulas = any(
                _count(packed, name, FORMULA, enough=1)
                for name in packed.namelist()
                if "worksheets/" in name
            )
        yield from _with_formulas(content) if has_formulas else _rows(content)
    except UNREADABLE as error:
        raise TableRefused("no xlsx") from error


def _check_size(packed: zipfile.ZipFile) -> None:
    if sum(member.file_size for member in packed.infolist()) > LARGEST_UNPACKED:
        raise TableRefused("unpacked")
    for name in packed.namelist():
        if _count(packed, name, STRING, enough=MOST_STRINGS + 1):
            raise TableRefused("strings")


def _count(packed: zipfile.ZipFile, name: str, tag: re.Pattern[bytes], *, enough: int) -> bool:
    """Return whether a part of the file has a tag so many times, without parsing it."""
    found, rest = 0, b""
    with packed.open(name) as part:
        while chunk := part.read(CHUNK):
            text = rest + chunk
            found += sum(1 for match in tag.finditer(text) if match.end() > len(rest))
            rest = text[-LONGEST_TAG:]
            if found >= enough:
                return True
    return False


def _rows(content: bytes) -> Iterator[Sequence[object]]:
    """Yield the values of each row; one column more than may be, so that it is seen."""
    sheet = _sheet(content, data_only=True)
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
        if number > LAST_ROW:
            raise TableRefused("no xlsx")
        yield [] if row.count(None) == len(row) else row


def _with_formulas(content: bytes) -> Iterator[Sequence[object]]:
    """Yield the values of each row, having looked where a formula stands and has no value."""
    written = _sheet(content, data_only=False).iter_rows(max_col=MOST_COLUMNS + 1)
    for values, cells in zip(_rows(content), written, strict=True):
        yield [
            Unreckoned() if value is None and cell.data_type == "f" else value
            for value, cell in zip_longest(values, cells)
        ]


def _sheet(content: bytes, *, data_only: bool) -> Any:  # noqa: ANN401 -- openpyxl has no types
    # openpyxl needs no numpy, whose libraries want more memory than a file may take.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # Python's way to hide a module
    from openpyxl import load_workbook  # noqa: PLC0415 -- large, and CSV needs none of it

    sheets = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only).worksheets
    visible = (sheet for sheet in sheets if sheet.sheet_state == "visible")
    chosen = next(visible, sheets[0])
    chosen.reset_dimensions()  # some programs write wrong ones
    return chosen
