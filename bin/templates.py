"""Fails where a template has a line over 120 bytes, or a loop variable that says nothing.

A long message is written as several strings after each other, which Jinja and Babel take as one.
"""

import re
import sys
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
LONGEST = 120
NAMELESS = re.compile(r"\{%-?\s*for\s+(?:\w+\s*,\s*)*each\b")


def faults(path: Path) -> list[str]:
    """Return what is wrong with a template, each fault with its line."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if (length := len(line.encode())) > LONGEST:
            found.append(f"{number}: {length} bytes, at most {LONGEST}")
        if NAMELESS.search(line):
            found.append(f"{number}: a loop variable named each, say what it is")
    return found


def main() -> int:
    """Print every fault of every template; the exit status says whether there is one."""
    found = [
        f"{path.relative_to(TEMPLATES.parent)}:{fault}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for fault in faults(path)
    ]
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
