"""What a list shows of each proposal, as columns: whole records cost twice as much."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import Bundle

from app.editions.units import Agency
from app.proposals.models import Proposal, code_of
from app.workflow import Status


class Headline(NamedTuple):
    """What a list shows of a proposal; `agency` is a name."""

    number: int
    title: str
    status: Status
    agency: str

    @property
    def code(self) -> str:
        """The registration number as people read it."""
        return code_of(self.number)


class _Headlines(Bundle[Any]):
    """The columns of a headline."""

    inherit_cache = True

    def create_row_processor(
        self, _query: object, procs: Sequence[Callable[[Any], Any]], _labels: Sequence[str]
    ) -> Callable[[Any], Headline]:
        """Return what makes a headline of a row."""
        return lambda row: Headline(*(get(row) for get in procs))


HEADLINE = _Headlines("headline", Proposal.number, Proposal.title, Proposal.status, Agency.name)


def headlines(proposals: Select[Proposal]) -> Select[Headline]:
    """Select only what a list shows of each of these proposals."""
    return proposals.with_only_columns(HEADLINE).join(Proposal.agency)
