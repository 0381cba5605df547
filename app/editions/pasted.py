"""Agencies as people paste them: a line for each, with a name and perhaps code, kind and parent.

Pure. Columns stand apart by a tab, as when cells of a spreadsheet are copied, or by a semicolon.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.web.table_reader.table import folded, visible
from app.workflow import N_, Message

LONGEST_NAME, LONGEST_CODE, MOST_LINES = 200, 64, 1_000
HEADS = frozenset({"nama", "name", "perangkat daerah", "nama perangkat daerah"})
"""What the first cell of a line of headings says."""


@dataclass(frozen=True)
class PastedAgency:
    """A unit to be added: `kind` is a kind's code; `parent` the code of the unit above, or ""."""

    name: str
    code: str
    kind: str
    parent: str = ""


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line (from 1), as a message with its values."""

    line: int
    message: Message
    values: Mapping[str, object]


@dataclass(frozen=True)
class PastedList:
    """What a pasted list comes to: units to add, names that are there already, and faults."""

    new: Sequence[PastedAgency]
    known: Sequence[str]
    faults: Sequence[LineFault]


def read_agencies(text: str, kinds: Mapping[str, str], present: Mapping[str, str]) -> PastedList:
    """Read a pasted list.

    `kinds` are names and codes of kinds by what people call them, `present` the names of the
    agencies that exist, by code. A unit without a kind gets the one with which its name begins,
    else the last; one without a code gets its initials. Lines of headings are left out.
    """
    rows = [
        (number, [visible(cell) for cell in line.replace(";", "\t").split("\t")])
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if len(rows) > MOST_LINES:
        fault = N_("These are %(count)s lines; at most %(most)s can be read at once.")
        return PastedList((), (), (LineFault(1, fault, {"count": len(rows), "most": MOST_LINES}),))
    reader = _Reader(kinds, present)
    for number, cells in rows:
        if folded(cells[0]) not in HEADS:
            reader.take(number, cells)
    return reader.finish()


class _Reader:
    """Reads line by line, so that codes differ and a parent may stand in any line."""

    def __init__(self, kinds: Mapping[str, str], present: Mapping[str, str]) -> None:
        self.kinds = {folded(name): code for name, code in kinds.items()}
        self.code_of = {folded(name): code for code, name in present.items()}
        self.codes = {folded(code) for code in present}
        self.new: list[tuple[int, PastedAgency]] = []
        self.known: list[str] = []
        self.faults: list[LineFault] = []

    def take(self, number: int, cells: Sequence[str]) -> None:
        """Read one line: name, code, kind, parent."""
        name, code, kind, parent = (*cells, "", "", "", "")[:4]
        if folded(name) in self.code_of:
            self.known.append(name)
            return
        if not name or len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
            self._fault(number, N_("A line needs a name of at most %(most)s characters."))
            return
        if code and folded(code) in self.codes:
            self._fault(number, N_("The code “%(code)s” is already taken."), code=code)
            return
        if kind and folded(kind) not in self.kinds:
            self._fault(number, N_("There is no kind “%(kind)s”."), kind=kind)
            return
        code = code or initials(name, taken=self.codes)
        self.codes.add(folded(code))
        self.code_of[folded(name)] = code
        self.new.append((number, PastedAgency(name, code, self._kind(name, kind), parent)))

    def finish(self) -> PastedList:
        """Find each unit's parent, by its name or its code, among all that are there."""
        by_code = {folded(code): code for code in self.code_of.values()}
        parents = by_code | self.code_of
        new = []
        for number, unit in self.new:
            above = parents.get(folded(unit.parent), "")
            if unit.parent and above in {"", unit.code}:
                text = N_("There is no parent agency “%(parent)s”.")
                self._fault(number, text, parent=unit.parent)
            new.append(PastedAgency(unit.name, unit.code, unit.kind, above))
        return PastedList(new, self.known, sorted(self.faults, key=lambda fault: fault.line))

    def _kind(self, name: str, kind: str) -> str:
        if kind:
            return self.kinds[folded(kind)]
        begun = [known for known in self.kinds if folded(name).startswith(f"{known} ")]
        return self.kinds[max(begun, key=len)] if begun else list(self.kinds.values())[-1]

    def _fault(self, number: int, message: Message, **values: object) -> None:
        self.faults.append(LineFault(number, message, {"most": LONGEST_NAME} | values))


def initials(name: str, *, taken: Collection[str]) -> str:
    """Return the first letters of a name's words, with a number if they are taken (folded)."""
    letters = "".join(word[0] for word in name.split() if word[0].isalnum()).upper()[:12] or "X"
    candidate, number = letters, 1
    while folded(candidate) in taken:
        number += 1
        candidate = f"{letters}-{number}"
    return candidate
