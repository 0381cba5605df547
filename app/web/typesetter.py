"""A program that sets one document as PDF; `app.confined` runs it, for some texts need too much.

It imports nothing from the application.
"""

import json
import os
import sys

os.environ["RAYON_NUM_THREADS"] = "1"  # else the memory that it needs grows with the machine
import typst


def main() -> None:
    """Write the PDF of what the input says: a template, its folder, the data, and the date."""
    order = json.load(sys.stdin.buffer)
    document = typst.compile(
        order["template"],
        root=order["folder"],
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"data": order["data"]},
        timestamp=order["timestamp"],
    )
    sys.stdout.buffer.write(document)


if __name__ == "__main__":
    main()
