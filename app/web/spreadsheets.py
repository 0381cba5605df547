"""Tables as files: CSV, XLSX and JSON out, so that no spreadsheet runs a formula; CSV, XLSX in."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.confined import Overrun, run
from app.workflow import N_, DomainError, Message

LONGEST_CELL = 32_767  # characters, which is XLSX's own limit
READER = Path(__file__).parent / "table_reader"
SECONDS = 20  # of processor time
MEMORY = 300_000_000  # bytes; 10,000 rows of 40 columns take 150 million and 7 seconds
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BOM = "\ufeff"  # so that spreadsheets read CSV as UTF-8


_TOO_MUCH = N_(
    "This file takes too long to read: it is too large or damaged. Split it, or save it again "
    "as CSV."
)
_REFUSALS = {
    "no csv": N_("This CSV file can't be read. Save it again as CSV UTF-8."),
    "no xlsx": N_("This XLSX file can't be read. Save it again, without a password."),
    "empty": N_("The file is empty."),
    "rows": N_("The file has more than 10,000 rows. Split it."),
    "columns": N_("The file has more than 200 columns. Remove those that are not imported."),
    "strings": N_("The file contains more than 500,000 different texts. Split it."),
    "unpacked": N_("The file is too large once it is unpacked. Split it."),
    "text": N_("The file contains too much text to read at once. Split it."),
}
_FLAWS = {
    "wider": N_(
        "This row has more cells than the first row has columns. Put text that contains commas "
        "in quotation marks."
    ),
    "number": N_(
        "“%(value)s” is stored as a number here, which drops zeros. Format the column as "
        "text and enter the code again."
    ),
    "digits": N_(
        "“%(value)s” has lost its last digits because it is stored as a number. Format the "
        "column as text and enter it again."
    ),
    "error": N_("The formula gives the error %(value)s. Fix it, or enter the value."),
    "unreckoned": N_(
        "The formula has no value yet. Open the file in a spreadsheet and save it, or enter "
        "the value."
    ),
    "long": N_("Use at most 100,000 characters."),
}


class Format(StrEnum):
    """The format of a file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def mimetype(self) -> str:
        """The media type that a browser is told."""
        return {
            Format.CSV: "text/csv",
            Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format.JSON: "application/json",
        }[self]


def write_table(kind: Format, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the table as a file of this kind; JSON holds a list of objects by column.

    A `Decimal` is written out in digits; in XLSX and JSON it is a number that can be summed up.
    """
    write_number = _digits if kind is Format.CSV else _number
    plain = [[_plain(value, write_number) for value in row] for row in rows]
    if kind is Format.JSON:
        objects = [dict(zip(columns, row, strict=True)) for row in plain]
        return json.dumps(objects, ensure_ascii=False, indent=1).encode()
    if kind is Format.CSV:
        return _csv(columns, plain)
    return _xlsx(columns, plain)


@dataclass(frozen=True)
class CellFlaw:
    """A cell that must not be read as it stands: what to do, and what is in it."""

    row: int
    column: str
    message: Message
    text: str


@dataclass(frozen=True)
class SheetTable:
    """What a file holds: its columns, and its rows with the number a spreadsheet shows."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    flaws: list[CellFlaw] = field(default_factory=list)


def read_table(
    content: bytes, filename: str, *, known: Collection[str] = (), codes: Collection[str] = ()
) -> SheetTable:
    """Read a CSV or XLSX file; raise `DomainError` if it is neither, or too long.

    A separate program reads it (`table_reader/`). `known` columns tell which delimiter a CSV file
    has; in those of `codes` a number is a flaw, because it has lost the zeros that a code begins or
    ends with. Only known columns have flaws, unless none is named.
    """
    kind = Format.XLSX if filename.lower().endswith(".xlsx") else Format.CSV
    names = (json.dumps(list(known)), json.dumps(list(codes)))
    try:
        written = run(READER, content, kind, *names, seconds=SECONDS, memory=MEMORY)
    except Overrun as error:
        raise DomainError(_TOO_MUCH) from error
    head, *lines = map(json.loads, written.splitlines())
    end = lines[-1] if lines else head
    if isinstance(end, str):
        raise DomainError(_REFUSALS[end])
    columns = head[0]
    table = SheetTable(columns, [])
    for row, texts, flaws in lines:
        cells = texts if kind is Format.XLSX else map(_unguarded, texts)
        padded = [*cells, *([""] * (len(columns) - len(texts)))]
        table.rows.append((row, dict(zip(columns, padded, strict=True))))
        table.flaws.extend(
            CellFlaw(row, column, _FLAWS[flaw], text) for column, flaw, text in flaws
        )
    return table


def harmless(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    is_one = isinstance(value, str) and value.lstrip("'").startswith(FORMULA)
    return f"'{value}" if is_one else value


def _unguarded(text: str) -> str:
    """Remove the apostrophe that `harmless` puts before a text that looks like a formula."""
    is_one = text.startswith("'") and text.lstrip("'").startswith(FORMULA)
    return text[1:] if is_one else text


def _csv(columns: Sequence[str], rows: list[list[Any]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([[harmless(value) for value in row] for row in [columns, *rows]])
    return (BOM + file.getvalue()).encode()


def _xlsx(columns: Sequence[str], rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 -- large, and only an export needs it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Ajang")
    for row in [columns, *rows]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_printable(value))
            if isinstance(value, str):
                cell.data_type = "s"  # a text, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _plain(value: Any, write_number: Callable[[Decimal], Any]) -> Any:  # noqa: ANN401 -- any column
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return write_number(value)
    return value.value if isinstance(value, StrEnum) else value


def _digits(value: Decimal) -> str:
    return f"{value:f}"


def _number(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)


def _printable(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """Return the value without characters that XML forbids; refuse a text too long for XLSX."""
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_CELL:
        raise DomainError(N_("A text is too long for an XLSX cell: use CSV or JSON."))
    return ILLEGAL.sub("", value)
