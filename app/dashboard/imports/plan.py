"""What importing a table would do: each change with what it acts on, or every fault of the file."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from app.accounts.actions import LinkTo
from app.accounts.models import Person
from app.editions.models import Edition
from app.mail.letters import letter_text
from app.web.fields import FIRST_YEAR, LAST_YEAR
from app.web.language import LANGUAGES
from app.web.spreadsheets import SheetTable
from app.web.table_reader.table import folded, visible
from app.web.typed import clean_line, clean_text, fault_of
from app.workflow import N_, Labelled, Message

T = TypeVar("T")

MOST_FAULTS = 500
NAMED = 8
SHOWN = 60  # characters of a text in the preview
UNKNOWN = N_("“%(value)s” is not known. Enter one of: %(names)s.")
YES = frozenset({"true", "1", "yes", "y", "ya", "benar", "x", "v", "✓", "✔"})
NO = frozenset({"", "false", "0", "no", "n", "tidak", "salah", "-"})


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and how to mend it. Row 1 holds the names of the columns."""

    row: int
    column: str
    message: Message
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Note(Fault):
    """What happens in one cell that nobody would expect, though nothing is wrong."""


@dataclass(frozen=True)
class ImportChange:
    """What one row adds or changes: by column, the value before and after."""

    row: int
    name: str
    is_new: bool
    fields: tuple[tuple[str, str, str], ...]
    what: Any  # the row as its table reads it


@dataclass(frozen=True)
class ImportSender:
    """Who sends a file, and when it is read."""

    by: Person
    now: datetime


@dataclass(frozen=True)
class Deed:
    """Who imports a table, when, and how new people are invited."""

    edition: Edition
    by: Person
    now: datetime
    link_to: LinkTo


@dataclass
class ImportPlan:
    """Every change that a file makes; nothing is changed while it has a fault."""

    changes: list[ImportChange] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    flawed: set[tuple[int, str]] = field(default_factory=set)
    same: int = 0
    ignored: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A digest of every change, which proves that the plan applied is the one shown."""
        text = repr(
            [(change.row, change.name, change.is_new, change.fields) for change in self.changes]
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def add(
        self,
        row: "Row",
        name: str,
        before: Mapping[str, str] | None,
        after: Mapping[str, str],
        what: object,
    ) -> None:
        """Note what a row changes, which is nothing if every value is already there."""
        fields = fields_changed(before or {}, after)
        if before is not None and not fields:
            self.same += 1
        else:
            self.changes.append(ImportChange(row.number, name, before is None, fields, what))


def fields_changed(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Return column, value before and after, wherever somebody would see a difference."""
    return tuple(
        (column, before.get(column, ""), value)
        for column, value in after.items()
        if (value != before.get(column, "") and _seen(value) != _seen(before.get(column, "")))
    )


def _seen(text: str) -> list[str]:
    return [visible(line) for line in text.split("\n")]


class Offered(Generic[T]):
    """The values that a cell may name, however its case and its invisible characters are."""

    def __init__(self, named: Mapping[str, T], also: Mapping[str, T] | None = None) -> None:
        """Take the values by the names that a fault lists, and by others that are accepted."""
        self.names = list(named)
        self._values = {folded(name): value for name, value in {**(also or {}), **named}.items()}

    def value(self, text: str) -> T | None:
        """Return the value that a text names, None if there is none."""
        return self._values.get(folded(text))


L = TypeVar("L", bound=Labelled)


def labelled(words: type[L], language: str) -> Offered[L]:
    """Offer the members of an enumeration by their labels in any language, and by their codes."""
    codes = {word.value: word for word in words}
    labels = {
        spoken: {letter_text(spoken, word.label): word for word in words} for spoken in LANGUAGES
    }
    others = {name: word for named in labels.values() for name, word in named.items()}
    return Offered(labels[language], codes | others)


@dataclass
class Row:
    """One row of clean texts while it is read: a cell that can't be read is noted as a fault."""

    number: int
    cells: Mapping[str, str]
    plan: ImportPlan

    def text(self, column: str, longest: int, *, is_required: bool = False) -> str:
        """Return a text of at most `longest` characters."""
        value = self.cells.get(column, "")
        if is_required and not value:
            self.fault(column, N_("The cell is empty. Fill it in."))
        if len(value) > longest:
            self.fault(column, N_("Use at most %(count)s characters."), count=longest)
        if fault := fault_of(value):
            self.fault(column, fault.message, **fault.values)
        return value

    def line(self, column: str, longest: int, *, is_required: bool = False) -> str:
        """Return a text of one line: any run of white space becomes one space."""
        return clean_line(self.text(column, longest, is_required=is_required))

    def code(self, column: str, longest: int, *, is_required: bool = False) -> str:
        """Return a code: a line in which nothing is invisible."""
        return visible(self.line(column, longest, is_required=is_required))

    def choice(self, column: str, offered: Offered[T], *, is_required: bool = False) -> T | None:
        """Return which of the offered values the cell names."""
        value = self.cells.get(column, "")
        if not value:
            if is_required:
                self.fault(column, N_("The cell is empty. Fill it in."))
            return None
        found = offered.value(value)
        if found is None:
            more = ["…"] if len(offered.names) > NAMED else []
            names = ", ".join([*offered.names[:NAMED], *more])
            self.fault(column, UNKNOWN, value=value[:SHOWN], names=names)
        return found

    def whole(self, column: str, lowest: int, highest: int) -> int | None:
        """Return a whole number within limits."""
        value = self.cells.get(column, "")
        if not value:
            return None
        if not (value.isascii() and value.isdecimal() and lowest <= int(value) <= highest):
            text = N_("Enter a whole number from %(lowest)s to %(highest)s.")
            self.fault(column, text, lowest=lowest, highest=highest)
            return None
        return int(value)

    def day(self, column: str) -> date | None:
        """Return a date, written as YYYY-MM-DD."""
        value = self.cells.get(column, "")
        if not value:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            text = N_("“%(value)s” is not a date. Enter it as 2019-10-05.")
            self.fault(column, text, value=value[:SHOWN])
        return found

    def flag(self, column: str) -> bool:
        """Return whether the cell says yes."""
        value = folded(self.cells.get(column, ""))
        if value not in YES | NO:
            self.fault(column, N_("Enter yes or no."))
        return value in YES

    def fault(self, column: str, message: Message, **values: Any) -> None:
        """Note what is wrong in a cell, unless its flaw says so already."""
        is_said = (self.number, column) in self.plan.flawed
        if len(self.plan.faults) < MOST_FAULTS and not is_said:
            self.plan.faults.append(Fault(self.number, column, message, values))

    def note(self, column: str, message: Message, **values: Any) -> None:
        """Note what happens in a cell that nobody would expect."""
        if len(self.plan.notes) < MOST_FAULTS:
            self.plan.notes.append(Note(self.number, column, message, values))


@dataclass(frozen=True)
class Source:
    """A table that can be imported: its columns, and how its rows become a plan.

    `codes` are the columns in which a number would lose zeros, `words` what some columns may say.
    """

    name: str
    label: Message
    required: tuple[str, ...]
    optional: tuple[str, ...]
    collect: Callable[[Edition, list[Row], ImportPlan, ImportSender], None]
    apply: Callable[[Sequence[ImportChange], Deed], None]
    only_read: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: Mapping[str, type[Labelled]] = field(default_factory=dict)
    further: Callable[[Edition], Collection[str]] = lambda _edition: ()

    def columns_in(self, edition: Edition) -> list[str]:
        """Return every column that is imported."""
        return [*self.required, *self.optional, *self.further(edition)]

    def plan(self, edition: Edition, table: SheetTable, sender: ImportSender) -> ImportPlan:
        """Return what importing the table would do, given who sends it and when."""
        plan = ImportPlan()
        known = {*self.columns_in(edition), *self.only_read}
        plan.ignored = [name for name in table.columns if name and name not in known]
        head = Row(1, {}, plan)
        for column in self.required:
            if column not in table.columns:
                head.fault(
                    column, N_("The file does not have this column. Add it to the first row.")
                )
        named = Counter(name for name in table.columns if name)
        for column in (name for name, count in named.items() if count > 1):
            head.fault(column, N_("Two columns have this name. Remove one."))
        if not plan.faults:
            _note_flaws(table, plan)
            rows = [Row(number, _clean(cells), plan) for number, cells in table.rows]
            self.collect(edition, rows, plan, sender)
            plan.faults.sort(key=lambda fault: fault.row)
        return plan


def _clean(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: clean_text(text) for column, text in cells.items()}


def _note_flaws(table: SheetTable, plan: ImportPlan) -> None:
    """Note as faults what must not be read as it stands."""
    for flaw in table.flaws:
        Row(flaw.row, {}, plan).fault(flaw.column, flaw.message, value=flaw.text[:SHOWN])
        plan.flawed.add((flaw.row, flaw.column))


def refuse_twice(keys: Iterable[tuple[Row, object]], column: str) -> None:
    """Note each row whose key an earlier row already has."""
    first: dict[object, int] = {}
    for row, key in keys:
        number = first.setdefault(key, row.number)
        if number != row.number:
            row.fault(column, N_("Row %(row)s already says the same. Remove one."), row=number)
