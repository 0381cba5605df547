"""Tables as files: CSV, XLSX and JSON out, so that no spreadsheet runs a formula; CSV, XLSX in."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.workflow import N_, DomainError

MOST_ROWS = 10_000
LARGEST_UNPACKED = 100 * 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # so that spreadsheets read CSV as UTF-8


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def mimetype(self) -> str:
        """What a browser is told."""
        return {
            Format.CSV: "text/csv",
            Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format.JSON: "application/json",
        }[self]


def write(kind: Format, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the table as a file of this kind; JSON holds a list of objects by column."""
    plain = [[_plain(value) for value in row] for row in rows]
    if kind is Format.JSON:
        objects = [dict(zip(columns, row, strict=True)) for row in plain]
        return json.dumps(objects, ensure_ascii=False, indent=1).encode()
    if kind is Format.CSV:
        return _csv(columns, plain)
    return _xlsx(columns, plain)


@dataclass(frozen=True)
class Table:
    """What a file holds: its columns, and its rows with the number a spreadsheet shows."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read(content: bytes, filename: str) -> Table:
    """Read a CSV or XLSX file; raise `DomainError` for one that is none, or too long."""
    lines = _xlsx_lines(content) if filename.lower().endswith(".xlsx") else _csv_lines(content)
    columns: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines, 1):
        cells = [_unguarded(each.replace("\r\n", "\n").strip()) for each in line]
        if not any(cells):
            continue
        if not columns:
            columns = [each.lower() if ":" not in each else each for each in cells]
        elif len(rows) == MOST_ROWS:
            raise DomainError(N_("The file has more than 10,000 rows. Split it."))
        else:
            padded = [*cells, *([""] * len(columns))]
            rows.append((number, dict(zip(columns, padded, strict=False))))
    if not columns:
        raise DomainError(N_("The file is empty."))
    return Table(columns, rows)


def harmless(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _unguarded(text: str) -> str:
    """Take off the apostrophe that `harmless` puts before a text like a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _csv_lines(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text.partition("\n")[0]
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
            if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
                raise DomainError(N_("The file is too large once it is unpacked. Split it."))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for row in sheet.iter_rows(values_only=True):
            yield [_cell(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
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
    writer.writerows([[harmless(each) for each in row] for row in [columns, *rows]])
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
    if not isinstance(value, str):
        return value
    return "".join(each for each in value if each.isprintable() or each in "\n\t")
