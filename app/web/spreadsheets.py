"""Tables as files: CSV, XLSX and JSON out, so that no spreadsheet runs a formula; CSV, XLSX in."""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.workflow import N_, DomainError

MOST_ROWS = 10_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, IndexError, TypeError),
    SyntaxError,
)
LARGEST_UNPACKED = 100 * 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BOM = "\ufeff"  # so that spreadsheets read CSV as UTF-8


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
    """Return the table as a file of this kind; JSON holds a list of objects by column."""
    plain = [[_plain(value) for value in row] for row in rows]
    if kind is Format.JSON:
        objects = [dict(zip(columns, row, strict=True)) for row in plain]
        return json.dumps(objects, ensure_ascii=False, indent=1).encode()
    if kind is Format.CSV:
        return _csv(columns, plain)
    return _xlsx(columns, plain)


@dataclass(frozen=True)
class SheetTable:
    """What a file holds: its columns, and its rows with the number a spreadsheet shows."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read_table(content: bytes, filename: str) -> SheetTable:
    """Read a CSV or XLSX file; raise `DomainError` if it is neither, or too long."""
    is_xlsx = filename.lower().endswith(".xlsx")
    lines = _xlsx_lines(content) if is_xlsx else _csv_lines(content)
    columns: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines, 1):
        tidy = [cell.replace("\r\n", "\n").strip() for cell in line]
        cells = tidy if is_xlsx else [_unguarded(cell) for cell in tidy]
        if not any(cells):
            continue
        if not columns:
            columns = [column.lower() if ":" not in column else column for column in cells]
        elif len(rows) == MOST_ROWS:
            raise DomainError(N_("The file has more than 10,000 rows. Split it."))
        else:
            padded = [*cells, *([""] * len(columns))]
            rows.append((number, dict(zip(columns, padded, strict=False))))
    if not columns:
        raise DomainError(N_("The file is empty."))
    return SheetTable(columns, rows)


def harmless(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    is_one = isinstance(value, str) and value.lstrip("'").startswith(FORMULA)
    return f"'{value}" if is_one else value


def _unguarded(text: str) -> str:
    """Remove the apostrophe that `harmless` puts before a text that looks like a formula."""
    is_one = text.startswith("'") and text.lstrip("'").startswith(FORMULA)
    return text[1:] if is_one else text


def _csv_lines(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(",;\t", key=head.count)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            break
    raise DomainError(N_("This is no CSV file that can be read. Save it anew as CSV UTF-8."))


def _xlsx_lines(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- large, and only an import needs it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > LARGEST_UNPACKED:
                raise DomainError(N_("The file is too large once it is unpacked. Split it."))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=2 * MOST_ROWS):
            yield [_cell(value) for value in row]
    except UNREADABLE as error:
        raise DomainError(N_("This is no XLSX file that can be read. Save it anew.")) from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


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


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any column's value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value


def _printable(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """Return the value without characters that XML forbids; refuse a text too long for XLSX."""
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_CELL:
        raise DomainError(N_("A text is too long for a cell of XLSX: take CSV or JSON."))
    return ILLEGAL.sub("", value)
