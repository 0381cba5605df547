"""What an official document consists of, as data that `templates/pdf/official.typ` sets. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Block:
    """A part of a document."""

    block: ClassVar[str]

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"block": self.block} | asdict(self)


@dataclass(frozen=True)
class Heading(Block):
    """The title of a section."""

    block = "heading"
    text: str


@dataclass(frozen=True)
class Text(Block):
    """A paragraph, or several: a line each."""

    block = "text"
    text: str


@dataclass(frozen=True)
class Pairs(Block):
    """Pairs of a name and what it is."""

    block = "facts"
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Items(Block):
    """A numbered list."""

    block = "items"
    items: Sequence[str]


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and its share of the width (0: as wide as it must be)."""

    name: str
    share: int = 0
    is_number: bool = False


@dataclass(frozen=True)
class Table(Block):
    """A table with a name of each column; rows hold a text for each."""

    block = "table"
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    is_dense: bool = False


@dataclass(frozen=True)
class Point:
    """A value (points) on a scale: whether it is one of those ahead, and sure to be on its side."""

    label: str
    value: float
    text: str
    is_ahead: bool
    is_sure: bool = True


@dataclass(frozen=True)
class PointScale(Block):
    """Points one below another on a scale from `low` to `high`; `line` is where those ahead end.

    `alt` says in words what is seen.
    """

    block = "scale"
    alt: str
    low: int
    high: int
    line: float | None
    points: Sequence[Point]


@dataclass(frozen=True)
class Signer:
    """Somebody who signs: in which capacity, name, rank, and the line of their NIP, if any."""

    capacity: str
    name: str
    rank: str = ""
    nip: str = ""


@dataclass(frozen=True)
class Signatures(Block):
    """Room for signatures, two beside each other; `dated` is place and day."""

    block = "signatures"
    signers: Sequence[Signer]
    dated: str = ""


@dataclass(frozen=True)
class SignedList(Block):
    """Names with room to sign in; `columns` names number, name, capacity and signature."""

    block = "signed_list"
    columns: Sequence[str]
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class NewPage(Block):
    """What follows begins on a new page."""

    block = "new_page"
