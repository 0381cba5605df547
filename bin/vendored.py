"""Compares each third-party file with its hash in the README beside it."""

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("static/vendor", "templates/pdf/fonts", "tests/calendars/vendored")
ROW = re.compile(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", re.MULTILINE)


def differing(folder: Path) -> set[str]:
    """Return the names of the files that are missing, unlisted or not as listed."""
    listed = dict(ROW.findall((folder / "README.md").read_text("utf-8")))
    present = {path.name for path in folder.iterdir()} - {"README.md"}
    used = {name for name in present if not name.endswith(".LICENSE")}
    changed = {
        name
        for name in present & set(listed)
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name]
    }
    return changed | used ^ set(listed)


wrong = {name: sorted(found) for name in FOLDERS if (found := differing(ROOT / name))}
if wrong:
    sys.exit(f"Third-party files differ from their README: {wrong}")
