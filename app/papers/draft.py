"""What a paper says, before it is framed, numbered and kept. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from app.papers.blocks import Block
from app.proposals.models import Proposal

Nips = Mapping[int, str]
"""The civil-servant numbers of people (ids); empty where none may be printed."""


@dataclass(frozen=True)
class PaperDraft:
    """A paper of a kind: its subject among them, title, template, day, and what the template needs.

    `name` names it within its kind in lists and archives. What is long to write is written once it
    is asked for: of hundreds of letters, often only one is.
    """

    subject: str
    title: str
    name: str
    template: str
    dated: date
    write: Callable[[], Mapping[str, Any]]

    @cached_property
    def parts(self) -> Mapping[str, Any]:
        """What the template needs beside its frame."""
        return self.write()


def official(
    subject: str,
    title: str,
    name: str,
    *,
    dated: date,
    heading: str,
    blocks: Iterable[Block],
    after: Iterable[Block] = (),
    annex: Iterable[Block] = (),
) -> PaperDraft:
    """Return a draft made of blocks: `after` stand before its signatures, `annex` at its end."""

    def write() -> dict[str, Any]:
        return {
            "heading": heading,
            "blocks": [block.as_data() for block in blocks],
            "after": [block.as_data() for block in after],
            "annex": [block.as_data() for block in annex],
        }

    return PaperDraft(subject, title, name, "official", dated, write)


def named(proposal: Proposal) -> str:
    """Return how a table names a proposal: number and title, and below them the agency."""
    return f"{proposal.code} {proposal.title}\n{proposal.agency.name}"
