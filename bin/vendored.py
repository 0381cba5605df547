"""Compares each third-party file with the hash that stands in its README."""

import hashlib
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "vendor"
ROW = re.compile(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", re.MULTILINE)

listed = dict(ROW.findall((FOLDER / "README.md").read_text("utf-8")))
present = {path.name for path in FOLDER.iterdir()} - {"README.md"}
served = {name for name in present if not name.endswith(".LICENSE")}
wrong = [
    name
    for name, digest in listed.items()
    if name not in present or hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != digest
]
if wrong or served != set(listed):
    sys.exit(f"static/vendor differs from its README: {sorted(set(wrong) | served ^ set(listed))}")
