"""Read a table from the input, and write its lines as JSON, or why it is refused."""

import json
import sys
from collections.abc import Iterator

from . import csv_file, xlsx_file
from .table import TableRefused, Wanted, read

MOST_WRITTEN = 19_000_000  # bytes; the process may write 20 million, the refusal among them


def main() -> None:
    """Write the table; the arguments are `csv` or `xlsx`, the known columns and those of codes."""
    kind, *names = sys.argv[1:]
    try:
        for line in _written(
            _lines(kind, sys.stdin.buffer.read(), Wanted(*map(json.loads, names)))
        ):
            sys.stdout.buffer.write(line)
    except TableRefused as refusal:
        sys.stdout.buffer.write(json.dumps(str(refusal)).encode())


def _written(lines: Iterator[object]) -> Iterator[bytes]:
    count = 0
    for line in lines:
        text = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        count += len(text)
        if count > MOST_WRITTEN:
            raise TableRefused("text")
        yield text


def _lines(kind: str, content: bytes, wanted: Wanted) -> Iterator[object]:
    if kind == "xlsx":
        return read(xlsx_file.lines(content), wanted, refuses_wider=False)
    return read(csv_file.lines(content, wanted), wanted, refuses_wider=True)


if __name__ == "__main__":
    main()
