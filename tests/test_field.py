"""The table of what real use found names every marked test, and only tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS.parent / "docs" / "field.md").read_text("utf-8")
SOURCES = {path: path.read_text("utf-8") for path in TESTS.rglob("test_*.py")}


def test_each_marked_fault_has_a_row():
    marked = {
        name
        for source in SOURCES.values()
        for names in re.findall(r"mark\.field\(([^)]*)\)", source)
        for name in re.findall(r'"([^"]+)"', names)
    }
    assert len(marked) > 50
    first = "\n".join(line.split("|")[1] for line in TABLE.splitlines() if line.startswith("| "))
    assert sorted(name for name in marked if name not in first) == []


def test_each_test_in_the_table_exists():
    known = {name for source in SOURCES.values() for name in re.findall(r"def (test_\w+)", source)}
    known |= {path.stem for path in SOURCES}
    named = set(re.findall(r"\btest_\w+", TABLE))
    assert sorted(named - known) == []
