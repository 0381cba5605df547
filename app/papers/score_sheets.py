"""The score sheets of each judge as they were submitted, to be signed."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from app.accounts.models import Person
from app.editions.kinds import SheetKind
from app.evaluation.models import Sheet
from app.evaluation.queries import locked_sheets
from app.papers import queries
from app.papers.blocks import Block, Column, Heading, Items, Signatures, Signer, Table, Text
from app.papers.confirmed import ConfirmedResult
from app.papers.draft import Nips, PaperDraft, official
from app.papers.minutes import MOST_COLUMNS
from app.papers.writing import Writer
from app.workflow import N_

UNITS = 1_000_000  # of `Sheet.points` in a point


def score_sheets(confirmed: ConfirmedResult, writer: Writer, nips: Nips) -> list[PaperDraft]:
    """Return for each evaluator the sheets that count, by name."""
    heading = writer.text(N_("Score sheets"))
    day = writer.local(confirmed.confirmed_at)
    drafts = []
    for evaluator in queries.evaluators(confirmed.edition):
        nip = nips.get(evaluator.id, "")
        signer = Signer(
            writer.text(N_("Evaluator")), evaluator.name, nip=f"NIP {nip}" if nip else ""
        )
        drafts.append(
            official(
                f"person {evaluator.id}",
                f"{heading} – {evaluator.name}",
                evaluator.name,
                dated=day,
                heading=heading,
                blocks=_blocks(evaluator, confirmed, writer),
                after=[Signatures([signer], dated=writer.date(day))],
            )
        )
    return drafts


def _blocks(evaluator: Person, confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    yield Text(writer.text(N_("Evaluator: %(name)s"), name=evaluator.name))
    sheets = [own for own in locked_sheets(evaluator, confirmed.edition) if own.counts]
    for kind, own in groupby(sheets, key=lambda sheet: sheet.kind):
        yield Heading(writer.text(kind.label))
        yield from _tables(kind, list(own), confirmed, writer)


def _tables(
    kind: SheetKind, sheets: Sequence[Sheet], confirmed: ConfirmedResult, writer: Writer
) -> Iterator[Block]:
    criteria = confirmed.edition.criteria_of(kind)
    yield Items([f"{writer.name(own)} ({writer.points(Fraction(own.weight))})" for own in criteria])
    for begin in range(0, len(criteria), MOST_COLUMNS):
        part = criteria[begin : begin + MOST_COLUMNS]
        yield Table(
            [
                Column(writer.text(N_("Proposal"))),
                *(Column(str(place), 1, is_number=True) for place, _ in enumerate(part, begin + 1)),
                Column(writer.text(N_("Total")), is_number=True),
            ],
            [_row(sheet, [own.id for own in part], writer) for sheet in sheets],
            is_dense=True,
        )


def _row(sheet: Sheet, criteria: Sequence[int], writer: Writer) -> list[str]:
    given = {score.criterion_id: score.value for score in sheet.scores}
    values = [given.get(key) for key in criteria]
    return [
        sheet.proposal.code,
        *(writer.points(None if value is None else Fraction(value)) for value in values),
        writer.points(Fraction(sheet.points or 0, UNITS)),
    ]
