"""Tables as files: CSV, XLSX and JSON, from which no spreadsheet runs a formula."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

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


def harmless(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


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
