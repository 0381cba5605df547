"""A program that sets documents as PDF; `app.confined` runs it, for some texts need too much.

It imports nothing from the application.
"""

import json
import os
import re
import sys
from typing import Any

os.environ["RAYON_NUM_THREADS"] = "1"  # else the memory that it needs grows with the machine
import typst

MISSING = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)


def main() -> None:
    """Write the PDFs of what the input says: a folder, and a template, data and date for each.

    A line of JSON comes first: of each document how many bytes it has, or which letters are in no
    font (`missing`).
    """
    order = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"]])
    told: list[dict[str, Any]] = []
    made: list[bytes] = []
    for document in order["documents"]:
        try:
            pdf = _set(document, order["folder"], fonts)
        except typst.TypstError as error:
            missing = MISSING.search(error.message)
            if missing is None:
                raise
            told.append({"missing": missing[1]})
        else:
            told.append({"bytes": len(pdf)})
            made.append(pdf)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + b"".join(made))


def _set(document: dict[str, Any], folder: str, fonts: typst.Fonts) -> bytes:
    pdf = typst.compile(
        document["template"],
        root=folder,
        font_paths=fonts,
        sys_inputs={"data": document["data"]},
        timestamp=document["timestamp"],
        pdf_standards=["a-2a", "ua-1"],  # for archives; for those who have it read to them
    )
    return bytes(pdf)


if __name__ == "__main__":
    main()
